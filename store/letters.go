package store

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// letters notes which letters of days away were sent and which are not wanted any more.
func (wr *writer) letters(ctx context.Context, w *work, c *conversations.EvidenceChange) {
	q, id := db.New(wr), int64(w.turn.Person.ID)
	if e := c.Enclosed; e != nil {
		wr.any("enclose letters", q.EncloseLetters(ctx, db.EncloseLettersParams{
			Claim: e.Claim, Day: e.Day, EmployeeID: id, Ids: e.Pieces,
		}))
	}
	if len(c.Loose) > 0 {
		wr.any("drop letters", q.DropLetters(ctx, db.DropLettersParams{At: w.now, EmployeeID: id, Ids: c.Loose}))
	}
}

// awaitMost is how long a message waits for its file: longer than the file is asked
// for, after which it is let go at once ([Keeper]).
const awaitMost = keepFor + time.Hour

// awaitPieces notes which of the messages wait for a file. Whoever keeps the file or
// gives it up lets them go; one that was kept a moment ago goes at once.
func awaitPieces(ctx context.Context, q *db.Queries, now time.Time, says []conversations.Say) error {
	var keys []string
	var pieces []int64
	for _, s := range says {
		if k := s.Msg.Kept; k != nil && k.Awaits != 0 {
			keys, pieces = append(keys, s.Key), append(pieces, k.Awaits)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	if err := q.AwaitPieces(ctx, pieces, keys); err != nil {
		return fmt.Errorf("await files: %w", err)
	}
	if err := q.ReleaseAwaited(ctx, now, pieces); err != nil {
		return fmt.Errorf("send awaited files: %w", err)
	}
	return nil
}

// Letters are those of a claim if viewer may decide about it; else none.
func (r *Records) Letters(ctx context.Context, viewer roster.EmployeeID, claim int64) ([]conversations.Letter, error) {
	rows, err := r.q.LettersFor(ctx, db.LettersForParams{Claim: claim, Viewer: int64(viewer), Today: r.today})
	if err != nil {
		return nil, wrapped("read letters", err)
	}
	out := make([]conversations.Letter, len(rows))
	for i, row := range rows {
		out[i] = conversations.Letter{Inbox: row.InboxID, Kept: row.State == "kept", Hash: row.Hash, PDF: row.Mime == "application/pdf"}
	}
	return out, nil
}

// Standing are those of a person's pieces that are kept or on their way.
func (r *Records) Standing(ctx context.Context, id roster.EmployeeID, pieces []int64) ([]int64, error) {
	if err := r.own(id); err != nil {
		return nil, err
	}
	ids, err := r.q.StandingLetters(ctx, int64(id), pieces)
	return ids, wrapped("read letters", err)
}
