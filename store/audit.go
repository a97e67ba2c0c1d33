package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/db"
)

// The record of changes (table audit) is a chain: a line's hash is over the line
// and over the hash of the line before it, so that nobody, whatever their rights,
// changes, adds or takes out a line among older ones without all later hashes
// being other ones. The end of the chain has a row of its own; who keeps a copy
// of it elsewhere also notices a chain that was made anew as a whole.
//
// Lines are written loose, by anybody, and linked by [Store.Seal] afterwards in
// the order of their numbers: a turn never waits for another turn's line. Which
// line follows which is the column link, without gaps; seq may have some.

// sealChunk is how many lines one transaction links.
const sealChunk = 1000

// Seal links the lines of the record that are loose and tells how many. One
// process at a time does it; others find nothing to do.
func (s *Store) Seal(ctx context.Context) (linked int, err error) {
	for {
		n := 0
		err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
			n, err = sealSome(ctx, db.New(tx))
			return err
		})
		linked += n
		if err != nil || n < sealChunk {
			return linked, err
		}
	}
}

func sealSome(ctx context.Context, q *db.Queries) (int, error) {
	head, err := q.LockChain(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil // another process is at it
	}
	if err != nil {
		return 0, fmt.Errorf("lock record: %w", err)
	}
	lines, err := q.LooseLines(ctx, sealChunk)
	if err != nil {
		return 0, fmt.Errorf("read record: %w", err)
	}
	if len(lines) == 0 {
		return 0, nil
	}
	var arg db.LinkLinesParams
	for _, l := range lines {
		head.Link++
		arg.Seqs, arg.Links = append(arg.Seqs, l.Seq), append(arg.Links, head.Link)
		arg.Befores = append(arg.Befores, head.Hash)
		head.Hash = linkHash(db.LinkedLinesRow{
			Link: head.Link, PrevHash: head.Hash, Seq: l.Seq, At: l.At, Actor: l.Actor, Action: l.Action, Subject: l.Subject, Detail: l.Detail,
		})
		arg.Hashes = append(arg.Hashes, head.Hash)
	}
	n, err := q.LinkLines(ctx, arg)
	if err == nil && n != int64(len(lines)) {
		err = errFenced
	}
	if err != nil {
		return 0, fmt.Errorf("link record: %w", err)
	}
	if err := q.MoveChainHead(ctx, head.Link, head.Hash); err != nil {
		return 0, fmt.Errorf("move the record's end: %w", err)
	}
	return len(lines), nil
}

// linkHash is over every field of a line, each with its length before it, so
// that no two lines are the same bytes. Numbers and moments (microseconds since
// 1970, UTC) are eight bytes, big end first.
func linkHash(l db.LinkedLinesRow) []byte {
	h := sha256.New()
	put(h, l.PrevHash)
	for _, n := range []int64{l.Link, l.Seq, l.At.UnixMicro()} {
		put(h, binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	for _, s := range []string{l.Actor, l.Action, l.Subject, string(l.Detail)} {
		put(h, []byte(s))
	}
	return h.Sum(nil)
}

func put(h hash.Hash, b []byte) {
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b)))) // never fails
	_, _ = h.Write(b)
}

// Chain is the end of the record: how many lines are linked, and the hash of the
// last in hex. Kept elsewhere, it proves later that all of them are still there.
type Chain struct {
	Lines int64  `json:"lines"`
	Hash  string `json:"hash"`
}

// Chain reads the end of the record.
func (s *Store) Chain(ctx context.Context) (Chain, error) {
	head, err := s.q().ChainHead(ctx)
	if err != nil {
		return Chain{}, fmt.Errorf("read the record's end: %w", err)
	}
	return Chain{Lines: head.Link, Hash: hex.EncodeToString(head.Hash)}, nil
}

// sealPatience is how much older than the newest linked line a loose one may be;
// the transaction of a large import takes a while.
const sealPatience = 10 * time.Minute

// genesis is the hash before the first line.
func genesis() []byte {
	h := sha256.Sum256(nil)
	return h[:]
}
