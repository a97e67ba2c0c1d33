package fakewa

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"go.mau.fi/whatsmeow/socket"
)

const (
	keySize   = 32
	nonceSize = 12
)

// noise is the responder's side of Noise_XX_25519_AESGCM_SHA256 in the form that
// WhatsApp speaks. The library has only the initiator's side.
type noise struct {
	hash, salt []byte
	key        cipher.AEAD
	sealed     uint32 // messages under the present key
}

func newNoise(header []byte) *noise {
	start := []byte(socket.NoiseStartPattern) // 32 bytes, so it is its own hash
	n := &noise{hash: start, salt: start, key: gcm(start)}
	n.absorb(header)
	return n
}

// absorb makes both sides agree on what was said so far.
func (n *noise) absorb(said []byte) {
	h := sha256.New()
	h.Write(n.hash)
	h.Write(said)
	n.hash = h.Sum(nil)
}

func (n *noise) seal(plain []byte) []byte {
	out := n.key.Seal(nil, nonce(n.sealed), plain, n.hash)
	n.sealed++
	n.absorb(out)
	return out
}

func (n *noise) open(sealed []byte) ([]byte, error) {
	out, err := n.key.Open(nil, nonce(n.sealed), sealed, n.hash)
	if err != nil {
		return nil, fmt.Errorf("open handshake: %w", err)
	}
	n.sealed++
	n.absorb(sealed)
	return out, nil
}

// agree mixes the secret of two keys in.
func (n *noise) agree(private, public []byte) error {
	secret, err := shared(private, public)
	if err != nil {
		return err
	}
	salt, key, err := n.expand(secret)
	if err != nil {
		return err
	}
	n.salt, n.key, n.sealed = salt, gcm(key), 0
	return nil
}

// expand derives two keys; without a secret they are those of the transport, the
// client's direction first.
func (n *noise) expand(secret []byte) (first, second []byte, err error) {
	out, err := hkdf.Key(sha256.New, secret, n.salt, "", 2*keySize)
	if err != nil {
		return nil, nil, fmt.Errorf("derive keys: %w", err)
	}
	return out[:keySize], out[keySize:], nil
}

// shared is what two X25519 keys have in common.
func shared(private, public []byte) ([]byte, error) {
	mine, err := ecdh.X25519().NewPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("read private key: %w", err)
	}
	theirs, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	secret, err := mine.ECDH(theirs)
	if err != nil {
		return nil, fmt.Errorf("agree on a secret: %w", err)
	}
	return secret, nil
}

// gcm panics on a key that has not 32 bytes: all keys here are made by this package.
func gcm(key []byte) cipher.AEAD {
	sealer, err := cipher.NewGCM(block(key))
	if err != nil {
		panic(err)
	}
	return sealer
}

// block panics like gcm.
func block(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	return b
}

// nonce counts messages of one key.
func nonce(n uint32) []byte {
	out := make([]byte, nonceSize)
	binary.BigEndian.PutUint32(out[nonceSize-4:], n)
	return out
}

func chance(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.Read(out) // never fails; the program ends instead
	return out
}
