package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// evidence notes what a turn does to the evidence of a day. The file itself is
// fetched later, by a [Keeper]: a turn never waits for the network.
func (wr *writer) evidence(ctx context.Context, w *work, c *conversations.EvidenceChange) error {
	if c == nil {
		return nil
	}
	if w.turn.Person == nil {
		return fmt.Errorf("change evidence: %w", errStranger)
	}
	q, id := db.New(wr), int64(w.turn.Person.ID)
	if c.Add != nil {
		arg, err := newEvidence(c)
		if err != nil {
			return err
		}
		arg.EmployeeID, arg.At = id, w.now
		wr.any("await evidence", q.AddEvidence(ctx, arg))
	}
	if len(c.Placed) > 0 {
		arg := db.PlaceEvidenceParams{EmployeeID: id, Day: c.Day}
		for _, p := range c.Placed {
			items, err := itemsOf(p)
			if err != nil {
				return err
			}
			arg.Ids, arg.Items = append(arg.Ids, p.Inbox), append(arg.Items, items)
		}
		wr.any("place evidence", q.PlaceEvidence(ctx, arg))
	}
	if r := c.Removed; r != nil {
		wr.any("remove evidence", q.RemoveEvidence(ctx, db.RemoveEvidenceParams{
			At: w.now, EmployeeID: id, Day: c.Day, InboxID: r.Inbox, Album: r.Album,
		}))
	}
	wr.letters(ctx, w, c)
	return wr.amend(ctx, w, c.Amend)
}

// amend changes an answer that has not gone out yet, or calls it off. When it is
// gone already, nothing happens: a summary tells the number again.
func (wr *writer) amend(ctx context.Context, w *work, a *conversations.Amended) error {
	if a == nil {
		return nil
	}
	q := db.New(wr)
	if a.Msg.Text == "" {
		wr.any("call off answer", q.WithdrawPending(ctx, w.now, a.Key))
		return nil
	}
	bold := a.Msg.Bold
	if bold == nil {
		bold = []bot.Span{}
	}
	spans, err := marshal(bold)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	wr.any("amend answer", q.AmendPending(ctx, db.AmendPendingParams{Words: a.Msg.Text, Bold: spans, Key: a.Key}))
	return nil
}

func newEvidence(c *conversations.EvidenceChange) (db.AddEvidenceParams, error) {
	p := c.Add
	items, err := itemsOf(p.Evidence)
	arg := db.AddEvidenceParams{
		InboxID: p.Inbox, Day: c.Day, Items: items, Kind: string(p.Kind), Album: p.Album, State: "awaited",
		FileID: p.File.FileID, SentAt: p.SentAt,
	}
	if p.Letter {
		arg.Claim = &p.Claim
	}
	if p.Kind == bot.Location { // nothing to fetch
		arg.State = "kept"
		arg.Lat, arg.Lon = degrees(p.File.Lat), degrees(p.File.Lon)
	}
	return arg, err
}

// degrees has the four decimals that are kept.
func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 4, 64) }

func itemsOf(p conversations.Evidence) (json.RawMessage, error) {
	items := p.Items
	if items == nil {
		items = []int{}
	}
	out, err := marshal(items)
	if err != nil {
		return nil, fmt.Errorf("encode evidence: %w", err)
	}
	return out, nil
}

// Evidence is a person's evidence of a day, oldest first: what is kept and what
// is still to be fetched.
func (r *Records) Evidence(ctx context.Context, id roster.EmployeeID, day roster.Day) ([]conversations.Evidence, error) {
	rows, err := seenOf(ctx, r, id, func(q *db.Queries) ([]db.EvidenceOfRow, error) {
		return q.EvidenceOf(ctx, int64(id), day)
	})
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	var out []conversations.Evidence
	for _, row := range rows {
		p := conversations.Evidence{Inbox: row.InboxID, Album: row.Album, Kind: bot.AttachmentKind(row.Kind)}
		if err := json.Unmarshal(row.Items, &p.Items); err != nil {
			return nil, fmt.Errorf("read evidence %d: %w", row.InboxID, err)
		}
		if len(p.Items) == 0 {
			p.Items = nil
		}
		out = append(out, p)
	}
	return out, nil
}

// SeenEvidence is a piece as somebody who may look at it is told of it.
type SeenEvidence struct {
	conversations.Evidence
	Day    roster.Day
	SentAt time.Time
	Kept   bool // false: its file is on its way
	Hash   []byte
	MIME   string
	Size   int64
	// Lat and Lon of a location, four decimals; empty for files.
	Lat, Lon string
	// Reused: the same file came before, for another day or from another person.
	// That is a question to ask, never an accusation.
	Reused bool
}

// EvidenceFor is the evidence of a person's day as viewer may see it: by the same
// rule as the report, see [Records.MayRead]. For all others there is none.
func (s *Store) EvidenceFor(ctx context.Context, viewer, id roster.EmployeeID, day, today roster.Day) ([]SeenEvidence, error) {
	var rows []db.EvidenceSeenRow
	err := s.For(ctx, viewer, today, func(r *Records) error {
		may, err := r.MayRead(ctx, viewer, id, day)
		if err == nil && may {
			rows, err = seenOf(ctx, r, id, func(q *db.Queries) ([]db.EvidenceSeenRow, error) { return q.EvidenceSeen(ctx, int64(id), day) })
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read evidence for a viewer: %w", err)
	}
	var out []SeenEvidence
	for _, row := range rows {
		p := SeenEvidence{
			Evidence: conversations.Evidence{Inbox: row.InboxID, Album: row.Album, Kind: bot.AttachmentKind(row.Kind)},
			Day:      row.Day, SentAt: row.SentAt, Kept: row.State == "kept", Hash: row.Hash, MIME: row.Mime, Size: row.Size,
			Lat: row.Lat, Lon: row.Lon,
			// Who sent it cannot change where it came from before; only others ask.
			Reused: row.ReuseOf != nil && viewer != id,
		}
		if err := json.Unmarshal(row.Items, &p.Items); err != nil {
			return nil, fmt.Errorf("read evidence %d: %w", row.InboxID, err)
		}
		out = append(out, p)
	}
	return out, nil
}
