package fakewa

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/libsignal/keys/identity"
	"go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/libsignal/session"
	"go.mau.fi/libsignal/util/optional"
	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

var (
	errPadding = errors.New("bad padding")
	errCipher  = errors.New("unknown encryption")
	errNoKeys  = errors.New("the device has no keys")
)

// cipher opens the session with a device. Sessions are kept under the LID.
func (p *Phone) cipher(with types.JID) (*session.Cipher, *session.Builder, *protocol.SignalAddress) {
	if other := p.server.phoneOf(with); other != nil {
		with = withDevice(other.LID, with.Device)
	}
	addr := with.SignalAddress()
	b := session.NewBuilderFromSignal(p.state, addr, store.SignalProtobufSerializer)
	return session.NewCipher(b, addr), b, addr
}

// decrypt opens one encrypted copy.
func (p *Phone) decrypt(enc *node, from types.JID) (*waE2E.Message, error) {
	c, _, _ := p.cipher(from)
	raw, _ := enc.Content.([]byte)
	p.signal.Lock()
	plain, err := open(c, text(enc, "type"), raw)
	p.signal.Unlock()
	if err != nil {
		return nil, err
	}
	if plain, err = unpad(plain); err != nil {
		return nil, err
	}
	var m waE2E.Message
	if err := proto.Unmarshal(plain, &m); err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	return &m, nil
}

func open(c *session.Cipher, kind string, raw []byte) (plain []byte, err error) {
	forms, ctx := store.SignalProtobufSerializer, context.Background()
	switch kind {
	case "pkmsg":
		m, err := protocol.NewPreKeySignalMessageFromBytes(raw, forms.PreKeySignalMessage, forms.SignalMessage)
		if err != nil {
			return nil, fmt.Errorf("read first message: %w", err)
		}
		plain, err = c.DecryptMessage(ctx, m)
		return plain, err //nolint:wrapcheck // the caller only asks whether it could be read
	case "msg":
		m, err := protocol.NewSignalMessageFromBytes(raw, forms.SignalMessage)
		if err != nil {
			return nil, fmt.Errorf("read message: %w", err)
		}
		plain, err = c.Decrypt(ctx, m)
		return plain, err //nolint:wrapcheck // the caller only asks whether it could be read
	default:
		return nil, errCipher
	}
}

// encrypt makes the copy for one device, with a new session when there is none.
func (p *Phone) encrypt(to types.JID, plain []byte) (*node, error) {
	c, builder, addr := p.cipher(to)
	ctx := context.Background()
	p.signal.Lock()
	defer p.signal.Unlock()
	there, err := p.state.ContainsSession(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("look for session: %w", err)
	}
	if !there {
		keys, err := bundleOf(p.server.bundle(to), to.Device)
		if err != nil {
			return nil, err
		}
		if err := builder.ProcessBundle(ctx, keys); err != nil {
			return nil, fmt.Errorf("begin session: %w", err)
		}
	}
	sealed, err := c.Encrypt(ctx, pad(plain))
	if err != nil {
		return nil, fmt.Errorf("encrypt message: %w", err)
	}
	kind := "msg"
	if sealed.Type() == protocol.PREKEY_TYPE {
		kind = "pkmsg"
	}
	return &node{Tag: "enc", Attrs: attrs{"v": 2, "type": kind}, Content: sealed.Serialize()}, nil
}

// Forget loses the phone's sessions with an account, as a reinstalled app has:
// the next message cannot be read and is asked for again.
func (p *Phone) Forget(other *Phone) {
	p.server.mu.Lock()
	var all []types.JID
	for id := range other.devices {
		all = append(all, withDevice(other.LID, id))
	}
	p.server.mu.Unlock()
	for _, j := range all {
		p.forget(j)
	}
}

func (p *Phone) forget(with types.JID) {
	_, _, addr := p.cipher(with)
	p.signal.Lock()
	defer p.signal.Unlock()
	_ = p.state.Sessions.DeleteSession(context.Background(), addr.String()) // memory never fails
}

// bundleOf reads a device's keys as the server hands them out.
func bundleOf(n node, id uint16) (*prekey.Bundle, error) {
	ident, signed, signature := data(&n, "identity"), data(&n, "skey", "value"), data(&n, "skey", "signature")
	registration := data(&n, "registration")
	if len(ident) != keySize || len(signed) != keySize || len(signature) != 2*keySize || len(registration) != 4 {
		return nil, errNoKeys
	}
	var single ecc.ECPublicKeyable
	singleID := optional.NewEmptyUint32()
	if v := data(&n, "key", "value"); len(v) == keySize {
		single, singleID = ecc.NewDjbECPublicKey([keySize]byte(v)), optional.NewOptionalUint32(short(data(&n, "key", "id")))
	}
	return prekey.NewBundle(
		binary.BigEndian.Uint32(registration), uint32(id), singleID, short(data(&n, "skey", "id")), single,
		ecc.NewDjbECPublicKey([keySize]byte(signed)), [2 * keySize]byte(signature),
		identity.NewKey(ecc.NewDjbECPublicKey([keySize]byte(ident))),
	), nil
}

// short reads a number of three bytes.
func short(b []byte) uint32 {
	const size = 3
	if len(b) != size {
		return 0
	}
	return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
}

// pad hides a message's length: 1 to 15 bytes that each tell how many they are.
func pad(plain []byte) []byte {
	n := chance(1)[0]&0xf | 1
	return append(slices.Clone(plain), slices.Repeat([]byte{n}, int(n))...)
}

func unpad(plain []byte) ([]byte, error) {
	if len(plain) == 0 || int(plain[len(plain)-1]) > len(plain) {
		return nil, errPadding
	}
	return plain[:len(plain)-int(plain[len(plain)-1])], nil
}
