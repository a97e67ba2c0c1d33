package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/db"
)

// What is watched. A channel of an outage is one of these, or "declared:" and a name.
const (
	ReachTelegram = "telegram"
	ReachPostgres = "postgres"
	ReachSelf     = "self" // our own heartbeat
)

// flapping is how long something must have worked for a new failure to be a new
// outage; it is also how long it must fail to be one.
const flapping = time.Minute

// Reached notes that a channel works now, which ends a running outage of it;
// true when one has ended.
func (s *Store) Reached(ctx context.Context, channel string, now time.Time) (ended bool, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if _, err := q.SwapReach(ctx, channel, now); err != nil {
			return fmt.Errorf("note that %s works: %w", channel, err)
		}
		n, err := q.CloseOutage(ctx, now, channel)
		if err != nil {
			return fmt.Errorf("end outage of %s: %w", channel, err)
		}
		ended = n > 0
		return nil
	})
	return ended, err
}

// Beat notes that we are alive and that the database takes writes. When the last
// heartbeat of any process is longer ago than asleep, we were away, and that is
// written down with it; 0 never looks back. away is how long, 0 for not.
func (s *Store) Beat(ctx context.Context, now time.Time, asleep time.Duration) (away time.Duration, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		before, err := q.SwapReach(ctx, ReachSelf, now)
		if err != nil {
			return fmt.Errorf("note that we are alive: %w", err)
		}
		if asleep <= 0 || before.Year() <= 1 || now.Sub(before) <= asleep {
			return nil
		}
		away = now.Sub(before)
		_, err = q.AddOutage(ctx, db.AddOutageParams{Channel: ReachSelf, StartedAt: before, EndedAt: now, Moment: flapping})
		if err != nil {
			return fmt.Errorf("keep outage: %w", err)
		}
		return nil
	})
	return away, err
}

// Lost notes that a channel does not work now. It is an outage, since the
// channel was last known to work, when no process has reached it for a minute;
// one that comes and goes within a minute is one outage. True when one began.
func (s *Store) Lost(ctx context.Context, channel string, now time.Time) (bool, error) {
	n, err := s.q().OpenOutage(ctx, db.OpenOutageParams{
		Channel: channel, At: now, Since: now.Add(-flapping), Moment: flapping,
	})
	if err != nil {
		return false, fmt.Errorf("begin outage of %s: %w", channel, err)
	}
	return n > 0, nil
}

// Outage is one line of the ledger.
type Outage struct {
	ID         int64
	Channel    string
	OPD        string    // only this office; empty is everybody
	From, To   time.Time // To is zero while it runs
	DeclaredBy string
	Note       string
	CreditedAt time.Time // zero until every deadline has moved and everybody was told
	Told       int       // people
}

// ErrOPD: there is no office of that name.
var ErrOPD = errors.New("no such OPD")

// AddOutage writes down an outage that is over, or will be at a known time, and
// tells its number. A measured one that touches or nearly touches an uncredited
// one of its channel makes that one longer.
func (s *Store) AddOutage(ctx context.Context, o Outage) (id int64, err error) {
	arg := db.AddOutageParams{
		Channel: o.Channel, StartedAt: o.From, EndedAt: o.To, Moment: flapping, DeclaredBy: o.DeclaredBy, Note: clean(o.Note),
	}
	if o.OPD != "" {
		arg.OpdID, err = s.q().OpdByName(ctx, o.OPD)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, fmt.Errorf("%w: %q", ErrOPD, o.OPD)
		}
		if err != nil {
			return 0, fmt.Errorf("find OPD: %w", err)
		}
	}
	if id, err = s.q().AddOutage(ctx, arg); err != nil {
		return 0, fmt.Errorf("keep outage: %w", err)
	}
	return id, nil
}

// Outages are the newest lines of the ledger, newest first.
func (s *Store) Outages(ctx context.Context, most int) ([]Outage, error) {
	rows, err := s.q().Outages(ctx, int32(most))
	if err != nil {
		return nil, fmt.Errorf("read outages: %w", err)
	}
	out := make([]Outage, len(rows))
	for i, r := range rows {
		out[i] = Outage{
			ID: r.ID, Channel: r.Channel, OPD: r.Opd, From: r.StartedAt, DeclaredBy: r.DeclaredBy, Note: r.Note, Told: int(r.Told),
		}
		if r.EndedAt != nil {
			out[i].To = *r.EndedAt
		}
		if r.CreditedAt != nil {
			out[i].CreditedAt = *r.CreditedAt
		}
	}
	return out, nil
}
