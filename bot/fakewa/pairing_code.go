package fakewa

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// A code's key wraps both sides' ephemeral keys: 32 bytes of salt, 16 of
// counter, 32 of key.
const (
	codeRounds = 2 << 16
	wrappedKey = 80
	saltEnd    = 32
	countEnd   = 48
)

// linkCode is the client's part of pairing by code, in two stages.
func (s *Server) linkCode(c *conn, n *node, asked node) error {
	if c.pair == nil {
		s.violated("pairing by code after pairing")
		return c.refuse(n, 403, "forbidden")
	}
	switch text(&asked, "stage") {
	case "companion_hello":
		s.mu.Lock()
		c.pair.number = whom(&asked, "jid").User
		c.pair.ephemeral = data(&asked, "link_code_pairing_wrapped_companion_ephemeral_pub")
		c.pair.ref = "3@" + base64.StdEncoding.EncodeToString(chance(refSize))
		ref := c.pair.ref
		s.mu.Unlock()
		return c.answer(n, node{Tag: "link_code_companion_reg", Content: []node{
			{Tag: "link_code_pairing_ref", Content: []byte(ref)},
		}})
	case "companion_finish":
		c.pair.bundle <- data(&asked, "link_code_pairing_wrapped_key_bundle")
		return c.answer(n)
	default:
		s.violated("unknown stage of pairing by code")
		return c.refuse(n, 400, "bad-request")
	}
}

// Enter types the code that a client shows into the phone and links the client.
func (p *Phone) Enter(code string) error {
	code = strings.ReplaceAll(code, "-", "")
	w := p.server.waiting(func(w *pairing) bool { return w.number == p.PN.User && len(w.ephemeral) == wrappedKey })
	if w == nil {
		return ErrNoClient
	}
	theirs, err := unwrap(code, w.ephemeral)
	if err != nil {
		return err
	}
	mine := keys.NewKeyPair()
	if err := p.answerCode(w, code, mine); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case bundle := <-w.bundle:
		secret, err := p.secret(bundle, mine, theirs)
		if err != nil {
			return err
		}
		return p.link(w, secret)
	case <-ctx.Done():
		return ErrNoClient
	}
}

// answerCode sends the phone's own wrapped key to the client.
func (p *Phone) answerCode(w *pairing, code string, mine *keys.KeyPair) error {
	wrapped, err := wrap(code, mine.Pub[:])
	if err != nil {
		return err
	}
	return w.conn.send(node{
		Tag:   "notification",
		Attrs: attrs{"id": "pair", "type": "link_code_companion_reg", "from": types.ServerJID, "t": p.server.cfg.Now().Unix()},
		Content: []node{{Tag: "link_code_companion_reg", Content: []node{
			{Tag: "link_code_pairing_ref", Content: []byte(w.ref)},
			{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: wrapped},
			{Tag: "primary_identity_pub", Content: p.state.IdentityKey.Pub[:]},
		}}},
	})
}

// secret opens the client's bundle and derives what proves the link.
func (p *Phone) secret(bundle []byte, mine *keys.KeyPair, theirs []byte) ([]byte, error) {
	const sealedAt = saltEnd + nonceSize
	if len(bundle) < sealedAt {
		return nil, ErrWrongCode
	}
	common, err := shared(mine.Priv[:], theirs)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, common, bundle[:saltEnd], "link_code_pairing_key_bundle_encryption_key", keySize)
	if err != nil {
		return nil, fmt.Errorf("derive bundle key: %w", err)
	}
	plain, err := gcm(key).Open(nil, bundle[saltEnd:sealedAt], bundle[sealedAt:], nil)
	if err != nil || len(plain) < 3*keySize {
		return nil, ErrWrongCode
	}
	identities, err := shared(p.state.IdentityKey.Priv[:], plain[:keySize])
	if err != nil {
		return nil, err
	}
	out, err := hkdf.Key(sha256.New, slices.Concat(common, identities, plain[2*keySize:3*keySize]), nil, "adv_secret", keySize)
	if err != nil {
		return nil, fmt.Errorf("derive secret: %w", err)
	}
	return out, nil
}

func wrap(code string, key []byte) ([]byte, error) {
	head := chance(countEnd)
	out, err := crypt(code, head, key)
	return append(head, out...), err
}

func unwrap(code string, wrapped []byte) ([]byte, error) {
	return crypt(code, wrapped[:countEnd], wrapped[countEnd:])
}

// crypt wraps and unwraps alike.
func crypt(code string, head, in []byte) ([]byte, error) {
	key, err := pbkdf2.Key(sha256.New, code, head[:saltEnd], codeRounds, keySize)
	if err != nil {
		return nil, fmt.Errorf("derive key of code: %w", err)
	}
	out := make([]byte, len(in))
	cipher.NewCTR(block(key), head[saltEnd:]).XORKeyStream(out, in)
	return out, nil
}
