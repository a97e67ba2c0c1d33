package fakewa

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"sync"

	"go.mau.fi/libsignal/ecc"
	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/util/keys"
)

// authority vouches for every server of this process.
type authority struct {
	static *keys.KeyPair
	chain  []byte
}

// trusted makes the authority once and has the library trust it.
var trusted = sync.OnceValues(func() (*authority, error) {
	root, middle := keys.NewKeyPair(), keys.NewKeyPair()
	a := &authority{static: keys.NewKeyPair()}
	intermediate, err := certificate(root, middle.Pub, 1, 0)
	if err != nil {
		return nil, err
	}
	leaf, err := certificate(middle, a.static.Pub, 2, 1)
	if err != nil {
		return nil, err
	}
	if a.chain, err = proto.Marshal(&waCert.CertChain{Intermediate: intermediate, Leaf: leaf}); err != nil {
		return nil, fmt.Errorf("encode certificates: %w", err)
	}
	whatsmeow.WACertPubKey = *root.Pub //nolint:reassign // the library has no other way to be told whom to trust
	return a, nil
})

// certificate is good for ever: the simulation's clock may stand anywhere.
func certificate(by *keys.KeyPair, key *[32]byte, serial, issuer uint32) (*waCert.CertChain_NoiseCertificate, error) {
	details, err := proto.Marshal(&waCert.CertChain_NoiseCertificate_Details{
		Serial: &serial, IssuerSerial: &issuer, Key: key[:],
		NotBefore: proto.Uint64(0), NotAfter: proto.Uint64(math.MaxInt32),
	})
	if err != nil {
		return nil, fmt.Errorf("encode certificate: %w", err)
	}
	return &waCert.CertChain_NoiseCertificate{Details: details, Signature: sign(by, details)}, nil
}

func sign(by *keys.KeyPair, said []byte) []byte {
	s := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*by.Priv), said)
	return s[:]
}

var errHello = errors.New("no client hello")

// handshake runs the server's side. Afterwards the connection is encrypted; the
// payload says who connects.
func (c *conn) handshake(a *authority) (*waWa6.ClientPayload, error) {
	header := make([]byte, len(socket.WAConnHeader))
	if err := c.full(header); err != nil {
		return nil, err
	}
	if !bytes.Equal(header, socket.WAConnHeader) {
		return nil, fmt.Errorf("%w: header %x", errHello, header)
	}
	var hello waWa6.HandshakeMessage
	if err := c.readProto(&hello); err != nil {
		return nil, err
	}
	theirs, mine := hello.GetClientHello().GetEphemeral(), keys.NewKeyPair()
	if len(theirs) != keySize {
		return nil, errHello
	}
	n := newNoise(header)
	if err := c.greet(n, a, mine, theirs); err != nil {
		return nil, err
	}
	return c.finish(n, mine)
}

// greet answers the client's first key with ours and the proof of who we are.
func (c *conn) greet(n *noise, a *authority, mine *keys.KeyPair, theirs []byte) error {
	n.absorb(theirs)
	n.absorb(mine.Pub[:])
	if err := n.agree(mine.Priv[:], theirs); err != nil {
		return err
	}
	static := n.seal(a.static.Pub[:])
	if err := n.agree(a.static.Priv[:], theirs); err != nil {
		return err
	}
	return c.writeProto(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: mine.Pub[:], Static: static, Payload: n.seal(a.chain),
	}})
}

// finish learns the client's lasting key and what it says of itself.
func (c *conn) finish(n *noise, mine *keys.KeyPair) (*waWa6.ClientPayload, error) {
	var last waWa6.HandshakeMessage
	err := c.readProto(&last)
	if err != nil {
		return nil, err
	}
	if c.static, err = n.open(last.GetClientFinish().GetStatic()); err != nil {
		return nil, err
	}
	if err := n.agree(mine.Priv[:], c.static); err != nil {
		return nil, err
	}
	raw, err := n.open(last.GetClientFinish().GetPayload())
	if err != nil {
		return nil, err
	}
	var payload waWa6.ClientPayload
	if err := proto.Unmarshal(raw, &payload); err != nil {
		return nil, fmt.Errorf("read client payload: %w", err)
	}
	in, out, err := n.expand(nil)
	if err != nil {
		return nil, err
	}
	c.in, c.out = gcm(in), gcm(out)
	return &payload, nil
}
