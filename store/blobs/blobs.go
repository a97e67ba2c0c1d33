// Package blobs keeps the bytes of evidence: on this machine's disk or in an
// S3-compatible store, named by their SHA-256.
//
// It knows bytes, pictures and how to make them harmless ([Clean]). It never
// knows whose they are, which report they belong to, or a table.
//
//	file from the network ─▶ Clean: magic, limits, drawn anew ─▶ Put ─▶ row says "kept"
//
// A blob is written whole and made durable before Put returns, so a row that
// says "kept" never points at nothing. The same bytes are the same blob: writing
// it twice changes nothing.
package blobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Hash names a blob: the SHA-256 of its bytes.
type Hash [sha256.Size]byte

// String is 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// HashOf names bytes.
func HashOf(data []byte) Hash { return sha256.Sum256(data) }

// ErrMissing says that there is no blob of that name.
var ErrMissing = errors.New("no such blob")

// Store keeps blobs. Its methods are safe for concurrent use, also by many processes.
type Store interface {
	// Put returns after the blob is durable; putting it again is no error.
	Put(ctx context.Context, h Hash, data []byte) error
	// Open reads a blob, or answers [ErrMissing]. The caller closes it.
	Open(ctx context.Context, h Hash) (io.ReadCloser, error)
	// Delete forgets a blob; one that is not there is no error.
	Delete(ctx context.Context, h Hash) error
}

// maxBlob is more than [Clean] ever lets through, in bytes.
const maxBlob = 16 << 20

// Read reads a whole blob and checks that it is what its name says.
func Read(ctx context.Context, s Store, h Hash) ([]byte, error) {
	r, err := s.Open(ctx, h)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxBlob+1))
	err = errors.Join(err, r.Close())
	if err != nil {
		return nil, fmt.Errorf("read blob: %w", err)
	}
	if HashOf(data) != h {
		return nil, fmt.Errorf("blob %s has other bytes than its name says: %w", h, ErrMissing)
	}
	return data, nil
}

// Probe proves that a store keeps, gives back and forgets.
func Probe(ctx context.Context, s Store) error {
	data := []byte("ekinerja was here, and takes this away again\n")
	h := HashOf(data)
	if err := s.Put(ctx, h, data); err != nil {
		return err
	}
	got, err := Read(ctx, s, h)
	if err == nil && !bytes.Equal(got, data) {
		err = ErrMissing
	}
	return errors.Join(err, s.Delete(ctx, h))
}
