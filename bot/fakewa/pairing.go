package fakewa

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/libsignal/ecc"
	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
)

// pairing is a client that waits to be linked to some phone.
type pairing struct {
	conn   *conn
	client *waWa6.ClientPayload_DevicePairingRegistrationData
	refs   []string // one in each code that the client may show

	// Pairing by code, under the server's lock:
	number    string
	ref       string
	ephemeral []byte // the client's key, wrapped with the code
	bundle    chan []byte
}

// Why a phone and a client were not linked.
var (
	ErrCode      = errors.New("not a code of WhatsApp's, or one that is over")
	ErrNoClient  = errors.New("no client waits for a code of this number")
	ErrWrongCode = errors.New("wrong code")
	errUnsigned  = errors.New("the client did not sign its identity")
	errRefusal   = errors.New("the client refused to be linked")
)

// patience bounds each answer of a client that is being linked.
const patience = 20 * time.Second

const (
	codesShown = 6
	refSize    = 24
)

// offer gives a new client the codes that it may show.
func (s *Server) offer(c *conn, payload *waWa6.ClientPayload) error {
	w := &pairing{conn: c, client: payload.GetDevicePairingData(), bundle: make(chan []byte, 1)}
	var refs []node
	for range codesShown {
		ref := "2@" + base64.StdEncoding.EncodeToString(chance(refSize))
		w.refs = append(w.refs, ref)
		refs = append(refs, node{Tag: "ref", Content: []byte(ref)})
	}
	s.mu.Lock()
	c.pair = w
	s.mu.Unlock()
	return c.ask(func(*node) {}, node{Tag: "pair-device", Content: refs})
}

// waiting finds a client that is being paired.
func (s *Server) waiting(match func(*pairing) bool) *pairing {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.pair != nil && match(c.pair) {
			return c.pair
		}
	}
	return nil
}

// Scan links the client that shows a QR code with this content.
func (p *Phone) Scan(code string) error {
	const fields = 4
	if _, after, found := strings.Cut(code, "#"); found {
		code = after
	}
	parts := strings.Split(code, ",")
	if len(parts) < fields {
		return ErrCode
	}
	secret, err := base64.StdEncoding.DecodeString(parts[3])
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCode, err)
	}
	w := p.server.waiting(func(w *pairing) bool { return slices.Contains(w.refs, parts[0]) })
	if w == nil {
		return ErrCode
	}
	return p.link(w, secret)
}

// link makes the client a device of the phone's account, when both have proven
// to the other who they are.
func (p *Phone) link(w *pairing, secret []byte) error {
	id := p.freeID()
	signed, err := p.vouch(w.client.GetEIdent(), uint32(id))
	if err != nil {
		return err
	}
	inner, err := proto.Marshal(signed)
	if err != nil {
		return fmt.Errorf("encode identity: %w", err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(inner)
	outer, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: inner, HMAC: mac.Sum(nil)})
	if err != nil {
		return fmt.Errorf("encode identity: %w", err)
	}
	d := w.device(p, id)
	if err := p.exchange(w, d, outer); err != nil {
		return err
	}
	p.server.mu.Lock()
	p.devices[id] = d
	p.server.mu.Unlock()
	// The network asks the client to come back as a linked device.
	return w.conn.send(streamError("515", ""))
}

// device is the client as it will be known.
func (w *pairing) device(p *Phone, id uint16) *device {
	return &device{
		phone: p, id: id, static: w.conn.static, identity: [keySize]byte(w.client.GetEIdent()),
		registration: binary.BigEndian.Uint32(w.client.GetERegid()),
		signed: node{Tag: "skey", Content: []node{
			{Tag: "id", Content: w.client.GetESkeyID()},
			{Tag: "value", Content: w.client.GetESkeyVal()},
			{Tag: "signature", Content: w.client.GetESkeySig()},
		}},
	}
}

// exchange sends the phone's word for the client and waits for the client's own.
func (p *Phone) exchange(w *pairing, d *device, identity []byte) error {
	result := make(chan error, 1)
	err := w.conn.ask(func(n *node) { result <- p.verify(n, w.client.GetEIdent()) }, node{Tag: "pair-success", Content: []node{
		{Tag: "device-identity", Content: identity},
		{Tag: "biz", Attrs: attrs{"name": p.Name}},
		{Tag: "device", Attrs: attrs{"jid": d.pn(), "lid": d.lid()}},
		{Tag: "platform", Attrs: attrs{"name": "android"}},
	}})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return errRefusal
	}
}

func (p *Phone) freeID() uint16 {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	id := uint16(1)
	for p.devices[id] != nil {
		id++
	}
	return id
}

// vouch signs a linked device's identity with the phone's key.
func (p *Phone) vouch(key []byte, index uint32) (*waAdv.ADVSignedDeviceIdentity, error) {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID: &p.state.RegistrationID, Timestamp: new(uint64(p.server.cfg.Now().Unix())), KeyIndex: &index,
	})
	if err != nil {
		return nil, fmt.Errorf("encode identity: %w", err)
	}
	return &waAdv.ADVSignedDeviceIdentity{
		Details: details, AccountSignatureKey: p.state.IdentityKey.Pub[:],
		AccountSignature: sign(p.state.IdentityKey, slices.Concat(whatsmeow.AdvAccountSignaturePrefix, details, key)),
	}, nil
}

// verify checks that the client signed what the phone vouched for.
func (p *Phone) verify(n *node, key []byte) error {
	if text(n, "type") != "result" {
		return errRefusal
	}
	var got waAdv.ADVSignedDeviceIdentity
	if err := proto.Unmarshal(data(n, "pair-device-sign", "device-identity"), &got); err != nil {
		return fmt.Errorf("read identity: %w", err)
	}
	if len(got.GetDeviceSignature()) != 2*keySize {
		return errUnsigned
	}
	said := slices.Concat(whatsmeow.AdvDeviceSignaturePrefix, got.GetDetails(), key, p.state.IdentityKey.Pub[:])
	if !ecc.VerifySignature(ecc.NewDjbECPublicKey([keySize]byte(key)), said, [2 * keySize]byte(got.GetDeviceSignature())) {
		return errUnsigned
	}
	return nil
}

// Link keeps a new linked device in a database, as if pairing had done so.
func (p *Phone) Link(ctx context.Context, db *sql.DB) error {
	c := sqlstore.NewWithDB(db, "pgx", nil)
	if err := c.Upgrade(ctx); err != nil {
		return fmt.Errorf("prepare session tables: %w", err)
	}
	return p.Adopt(ctx, c.NewDevice())
}

// Adopt makes a device one of the phone's as if it had been paired before;
// nothing goes over the wire.
func (p *Phone) Adopt(ctx context.Context, dev *store.Device) error {
	id := p.freeID()
	signed, err := p.vouch(dev.IdentityKey.Pub[:], uint32(id))
	if err != nil {
		return err
	}
	said := slices.Concat(whatsmeow.AdvDeviceSignaturePrefix, signed.GetDetails(), dev.IdentityKey.Pub[:], signed.GetAccountSignatureKey())
	signed.DeviceSignature = sign(dev.IdentityKey, said)
	d := &device{
		phone: p, id: id, static: dev.NoiseKey.Pub[:], identity: *dev.IdentityKey.Pub,
		registration: dev.RegistrationID, signed: keyNode(dev.SignedPreKey),
	}
	dev.ID, dev.LID, dev.Account, dev.Platform, dev.PushName = new(types.JID), d.lid(), signed, "android", p.Name
	*dev.ID = d.pn()
	p.server.mu.Lock()
	p.devices[id] = d
	p.server.mu.Unlock()
	if err := dev.Save(ctx); err != nil {
		return fmt.Errorf("keep device: %w", err)
	}
	return nil
}
