package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/blobs"
	"ekinerja/store/db"
)

// Keeper brings the files of awaited evidence here:
//
//	awaited ─▶ claim (lease) ─▶ fetch ─▶ clean ─▶ name ─▶ Put ─▶ kept
//	   ▲                          │        │               │
//	   └── postponed, with reason ┴────────│───────────────┘
//	                                       └─▶ failed: its sender is told, once
//
// Every step can be lost: the row says "kept" only after the blob is durable, and
// a claim that nobody finished is over by itself. Several processes share the
// work. Fill the fields before the first use and leave them alone after.
type Keeper struct {
	Store *Store
	Blobs blobs.Store
	// Fetch opens a file of the network; bot.ErrNoFile: there is no use in trying again.
	Fetch func(ctx context.Context, fileID string) (io.ReadCloser, error)
	// Lost has the words for who must send a file again; see [conversations.Handler.LostEvidence].
	Lost func(p conversations.Person, e conversations.Evidence, day roster.Day, why conversations.LostReason) conversations.Say
	Log  *slog.Logger
	Now  func() time.Time
	Loc  *time.Location // of the city
}

const (
	// keepLease is longer than a fetch may take.
	keepLease = 2 * time.Minute
	// keepFor is how long a file is asked for that the network does not give.
	keepFor   = 24 * time.Hour
	restLeast = 10 * time.Second
	restMost  = 15 * time.Minute
)

// Reasons for which a piece waits or failed.
const (
	reasonNetwork = "network" // not given, or not in time
	reasonBlobs   = "blobs"   // our own store of bytes; never held against the sender
	reasonFetch   = "fetch"
	reasonKind    = "kind"
	reasonSize    = "size"
)

// Keep deals with one awaited piece whose time has come; more says that there was one.
func (k *Keeper) Keep(ctx context.Context) (more bool, err error) {
	now := k.Now()
	rows, err := k.Store.q().ClaimEvidence(ctx, db.ClaimEvidenceParams{LeaseUntil: now.Add(keepLease), At: now, Most: 1})
	if err != nil {
		return false, fmt.Errorf("claim evidence: %w", err)
	}
	if len(rows) == 0 {
		return false, nil
	}
	if err := k.keep(ctx, rows[0]); err != nil {
		return true, fmt.Errorf("keep evidence %d: %w", rows[0].InboxID, err)
	}
	return true, nil
}

// keep fetches, cleans and stores one piece; what went wrong with the file ends
// in its row, and only what the database refuses is an error.
func (k *Keeper) keep(ctx context.Context, row db.ClaimEvidenceRow) error {
	data, err := k.fetch(ctx, row.FileID)
	if err != nil {
		if errors.Is(err, bot.ErrNoFile) || (k.Now().Sub(row.CreatedAt) > keepFor && ctx.Err() == nil) {
			return k.fail(ctx, row, reasonFetch, conversations.LostFetch)
		}
		return k.postpone(ctx, row, reasonNetwork, err)
	}
	c, err := blobs.Clean(data)
	switch {
	case errors.Is(err, blobs.ErrSize):
		return k.fail(ctx, row, reasonSize, conversations.LostSize)
	case err != nil:
		return k.fail(ctx, row, reasonKind, conversations.LostKind)
	}
	named, err := k.name(ctx, row, c)
	if err != nil {
		return err
	}
	if !named {
		return k.postpone(ctx, row, reasonBlobs, errGoing)
	}
	if err := k.Blobs.Put(ctx, c.Hash, c.Data); err != nil {
		return k.postpone(ctx, row, reasonBlobs, err)
	}
	return k.kept(ctx, row)
}

// kept says that a piece is here, and lets the messages go that waited for it.
func (k *Keeper) kept(ctx context.Context, row db.ClaimEvidenceRow) error {
	now := k.Now()
	return k.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		n, err := q.KeepEvidence(ctx, db.KeepEvidenceParams{At: now, InboxID: row.InboxID, Tries: row.Tries})
		if err != nil {
			return err
		}
		if n == 0 {
			k.Log.InfoContext(ctx, "evidence was taken back while it was fetched", "inbox_id", row.InboxID)
		}
		return q.ReleaseAwaited(ctx, now, []int64{row.InboxID})
	})
}

// fetch reads a file; one byte more than is ever kept shows that it is too large.
func (k *Keeper) fetch(ctx context.Context, id string) (data []byte, err error) {
	f, err := k.Fetch(ctx, id)
	if err != nil {
		return nil, err
	}
	data, err = io.ReadAll(io.LimitReader(f, blobs.MaxDocument+1))
	return data, errors.Join(err, f.Close())
}

// errGoing: the blob of that name is just being deleted; a minute later it is gone.
var errGoing = errors.New("a blob of that name is being deleted")

// name says, before any bytes are stored, which blob the piece will be: from then
// on nobody deletes it. False when it is being deleted, or the claim is over.
func (k *Keeper) name(ctx context.Context, row db.ClaimEvidenceRow, c blobs.Cleaned) (named bool, err error) {
	err = k.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		_, err := q.HaveBlob(ctx, db.HaveBlobParams{Hash: c.Hash[:], Size: int64(len(c.Data)), Mime: c.MIME, At: k.Now()})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = q.NameEvidence(ctx, db.NameEvidenceParams{Hash: c.Hash[:], InboxID: row.InboxID, Tries: row.Tries})
		named = err == nil
		return err
	})
	return named, err
}

// postpone lets a piece rest for longer each time.
func (k *Keeper) postpone(ctx context.Context, row db.ClaimEvidenceRow, reason string, why error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // we are stopping; the lease ends by itself
	}
	rest := min(restLeast<<min(row.Tries, 10), restMost)
	k.Log.WarnContext(ctx, "evidence not kept yet", "inbox_id", row.InboxID, "tries", row.Tries, "reason", reason, "error", why)
	return k.Store.q().PostponeEvidence(ctx, db.PostponeEvidenceParams{
		NotBefore: k.Now().Add(rest), Reason: reason, InboxID: row.InboxID, Tries: row.Tries,
	})
}

// fail gives a piece up and tells its sender, in one transaction.
func (k *Keeper) fail(ctx context.Context, row db.ClaimEvidenceRow, reason string, why conversations.LostReason) error {
	now := k.Now()
	return k.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		n, err := q.FailEvidence(ctx, db.FailEvidenceParams{At: now, Reason: reason, InboxID: row.InboxID, Tries: row.Tries})
		if err != nil || n == 0 {
			return err
		}
		if err := q.ReleaseAwaited(ctx, now, []int64{row.InboxID}); err != nil {
			return err
		}
		people, err := q.People(ctx, roster.DayOf(now.In(k.Loc)), []int64{row.EmployeeID})
		if err != nil || len(people) == 0 {
			return err
		}
		e := conversations.Evidence{Inbox: row.InboxID, Kind: bot.AttachmentKind(row.Kind), Letter: row.Claim != nil}
		return enqueue(ctx, q, now, []conversations.Say{k.Lost(personOf(people[0]), e, row.Day, why)})
	})
}

// unusedFor is how long a blob that nothing refers to is left alone.
const unusedFor = time.Hour

// draftLetters is how long the letter of a leave that is being written is kept:
// longer than the button that would send it lives.
const draftLetters = buttonLife + 24*time.Hour

// Sweep deletes blobs that no evidence refers to any more, because it was taken
// back or never kept. It returns how many.
func (k *Keeper) Sweep(ctx context.Context) (int, error) {
	if err := k.Store.q().DropOldLetters(ctx, k.Now(), k.Now().Add(-draftLetters)); err != nil {
		return 0, fmt.Errorf("drop letters of leaves that were never sent: %w", err)
	}
	hashes, err := k.Store.q().UnusedBlobs(ctx, k.Now().Add(-unusedFor), 100)
	if err != nil {
		return 0, fmt.Errorf("find unused blobs: %w", err)
	}
	n := 0
	for _, h := range hashes {
		gone, err := k.drop(ctx, h)
		if err != nil {
			return n, fmt.Errorf("drop blob: %w", err)
		}
		if gone {
			n++
		}
	}
	return n, nil
}

// drop announces that a blob goes, deletes its bytes, then forgets it. Whoever
// meanwhile is sent the same file waits until that is done.
func (k *Keeper) drop(ctx context.Context, hash []byte) (gone bool, err error) {
	err = k.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if _, err := q.LockBlob(ctx, hash); err != nil {
			return err
		}
		n, err := q.LeaveBlob(ctx, hash) // asks again, now that nobody can refer to it
		gone = n == 1
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil // another process was first
	}
	if err != nil || !gone {
		return false, err
	}
	if err := k.Blobs.Delete(ctx, blobs.Hash(hash)); err != nil {
		return false, err
	}
	return true, k.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		return errors.Join(q.UnlinkEvidence(ctx, hash), q.DropBlob(ctx, hash))
	})
}

// AwaitedEvidence is how many pieces are still to be fetched.
func (s *Store) AwaitedEvidence(ctx context.Context) (int64, error) {
	row, err := s.q().EvidenceWaiting(ctx)
	if err != nil {
		return 0, fmt.Errorf("count awaited evidence: %w", err)
	}
	return row.N, nil
}

// VerifyBlobs reads every blob that kept evidence refers to, and finds those that
// are gone or hold other bytes than their name says.
func (s *Store) VerifyBlobs(ctx context.Context, from blobs.Store) (f Finding, err error) {
	f = Finding{ID: "I20", Name: "kept evidence cannot be read back"}
	after := []byte{}
	for {
		rows, err := s.q().BlobsToVerify(ctx, after, verifyChunk)
		if err != nil {
			return f, fmt.Errorf("list evidence: %w", err)
		}
		for _, r := range rows {
			data, err := blobs.Read(ctx, from, blobs.Hash(r.Hash))
			if err != nil && !errors.Is(err, blobs.ErrMissing) {
				return f, fmt.Errorf("read evidence %d: %w", r.InboxID, err)
			}
			if err != nil || int64(len(data)) != r.Size {
				if f.Count++; f.Count == 1 {
					f.Example = fmt.Sprintf("evidence %d", r.InboxID)
				}
			}
			after = r.Hash
		}
		if len(rows) < verifyChunk {
			return f, nil
		}
	}
}
