package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Push is what one machine sent at once.
type Push struct {
	Device  int64
	Zone    *time.Location
	Stamp   string      // what the machine calls this state; may be empty
	Skew    roster.Skew // of its clock, after this push
	Punches []roster.Punch
}

// Punches keeps what machines push. Pushes that wait at the same moment share a
// transaction, as messages do: a thousand machines at half past seven are a few
// statements. Safe for concurrent use.
type Punches struct {
	Store *Store
	Now   func() time.Time
	// Note, when set, makes the word in the chat of whoever was just recorded;
	// Wake is called after such messages were queued.
	Note func(p conversations.Person, at time.Time, first bool) conversations.Say
	Wake func()

	mu      sync.Mutex
	waiting []waitingPush
	writers int
}

type waitingPush struct {
	push Push
	done chan error
}

const (
	// pushWriters write at a time; more would only wait for each other's rows.
	pushWriters = 2
	// pushTogether are at most written in one transaction.
	pushTogether = 200
	// pushPatience bounds one transaction; the machines send again.
	pushPatience = 30 * time.Second
	// noteFresh is how old a punch may be that is worth a word.
	noteFresh = 30 * time.Minute
)

// Keep returns when the push is committed, or why it is not; doing it again does no
// harm. When ctx ends before, the push may be kept all the same.
func (p *Punches) Keep(ctx context.Context, push Push) error {
	w := waitingPush{push, make(chan error, 1)}
	p.mu.Lock()
	p.waiting = append(p.waiting, w)
	begin := p.writers < pushWriters
	if begin {
		p.writers++
	}
	p.mu.Unlock()
	if begin {
		go p.write(context.WithoutCancel(ctx)) // it writes for others too
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write takes what waits until nothing does.
func (p *Punches) write(ctx context.Context) {
	for {
		p.mu.Lock()
		n := min(len(p.waiting), pushTogether)
		if n == 0 {
			p.writers--
			p.mu.Unlock()
			return
		}
		batch := p.waiting[:n:n]
		p.waiting = p.waiting[n:]
		p.mu.Unlock()
		p.settle(ctx, batch)
	}
}

// settle writes a batch; when that fails each push is tried alone, so that one
// takes no other with it.
func (p *Punches) settle(ctx context.Context, batch []waitingPush) {
	pushes := make([]Push, len(batch))
	for i, w := range batch {
		pushes[i] = w.push
	}
	err := p.keep(ctx, pushes)
	for i, w := range batch {
		if err != nil && len(batch) > 1 {
			w.done <- p.keep(ctx, pushes[i:i+1])
			continue
		}
		w.done <- err
	}
}

func (p *Punches) keep(ctx context.Context, pushes []Push) error {
	ctx, cancel := context.WithTimeout(ctx, pushPatience)
	defer cancel()
	now, said := p.Now(), 0
	err := p.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		rows, err := keepPunches(ctx, q, now, 0, pushes)
		if err != nil {
			return err
		}
		arg := db.DevicesPushedParams{At: now}
		for _, x := range newestPush(pushes) {
			arg.Ids = append(arg.Ids, x.Device)
			arg.Skews = append(arg.Skews, int32(x.Skew.Off/time.Second))
			arg.Lates = append(arg.Lates, int32(x.Skew.Late))
			arg.Stamps = append(arg.Stamps, x.Stamp)
		}
		if err := q.DevicesPushed(ctx, arg); err != nil {
			return fmt.Errorf("note machines: %w", err)
		}
		says, err := p.notes(ctx, q, now, rows)
		if err != nil {
			return err
		}
		said = len(says)
		return enqueue(ctx, q, now, says)
	})
	if err == nil && said > 0 && p.Wake != nil {
		p.Wake()
	}
	return err
}

// newestPush is the last push of each machine, in the order of their ids: two
// batches must not wait for each other in turn.
func newestPush(pushes []Push) []Push {
	last := map[int64]Push{}
	for _, x := range pushes {
		last[x.Device] = x
	}
	return sortedValues(last)
}

// keepPunches writes punches and returns those that are new.
func keepPunches(ctx context.Context, q *db.Queries, now time.Time, batch int64, pushes []Push) ([]db.KeepPunchesRow, error) {
	arg := db.KeepPunchesParams{Received: now, Import: batch}
	for _, x := range pushes {
		for _, punch := range x.Punches {
			arg.Devices = append(arg.Devices, x.Device)
			arg.Ats = append(arg.Ats, punch.At)
			arg.Pins = append(arg.Pins, punch.PIN)
			arg.Days = append(arg.Days, roster.DayOf(punch.At.In(x.Zone)).String())
			arg.Doubts = append(arg.Doubts, punch.Doubt)
		}
	}
	if len(arg.Ats) == 0 {
		return nil, nil
	}
	rows, err := q.KeepPunches(ctx, arg)
	if err != nil {
		return nil, fmt.Errorf("keep punches: %w", err)
	}
	return rows, nil
}

// notes are the words to whoever was just recorded.
func (p *Punches) notes(ctx context.Context, q *db.Queries, now time.Time, rows []db.KeepPunchesRow) ([]conversations.Say, error) {
	if p.Note == nil {
		return nil, nil
	}
	arg := db.PinHoldersParams{}
	for i, r := range rows {
		if r.Doubt || now.Sub(r.At) > noteFresh {
			continue
		}
		arg.Ords = append(arg.Ords, int64(i))
		arg.Devices, arg.Pins, arg.Days = append(arg.Devices, r.DeviceID), append(arg.Pins, r.Pin), append(arg.Days, r.Day.String())
	}
	if len(arg.Ords) == 0 {
		return nil, nil
	}
	holders, err := q.PinHolders(ctx, arg)
	if err != nil {
		return nil, fmt.Errorf("find whose punches: %w", err)
	}
	var says []conversations.Say
	for _, h := range holders {
		r := rows[h.Ord]
		today, err := q.PunchesOf(ctx, db.PunchesOfParams{FirstDay: r.Day, LastDay: r.Day, Ids: []int64{h.ID}})
		if err != nil {
			return nil, fmt.Errorf("read punches of a day: %w", err)
		}
		first := len(today) == 0 || !today[0].At.Before(r.At)
		say := p.Note(named(h.ID, h.Name, h.Sex, h.Lang), r.At, first)
		say.Key, say.Kind, say.Employee = fmt.Sprintf("punch/%d/%d", h.ID, r.At.Unix()), conversations.KindNotice, roster.EmployeeID(h.ID)
		say.ExpiresAt = now.Add(noteFresh)
		says = append(says, say)
	}
	return says, nil
}

// PunchBatch is a file of one machine's punches.
type PunchBatch struct {
	Push
	Source  string // name of the file
	Skipped int    // lines of it that were none
}

// ImportPunches keeps a file's punches in one transaction and returns how many were
// new. The same file again changes nothing.
func (s *Store) ImportPunches(ctx context.Context, now time.Time, b PunchBatch) (fresh int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		id, err := q.AddPunchImport(ctx, db.AddPunchImportParams{
			DeviceID: b.Device, Source: b.Source, At: now, Rows: int32(len(b.Punches)), Skipped: int32(b.Skipped),
		})
		if err != nil {
			return fmt.Errorf("note import: %w", err)
		}
		const part = 5000
		for from := 0; from < len(b.Punches); from += part {
			piece := b.Push
			piece.Punches = b.Punches[from:min(from+part, len(b.Punches))]
			rows, err := keepPunches(ctx, q, now, id, []Push{piece})
			if err != nil {
				return err
			}
			fresh += len(rows)
		}
		if err := q.CountPunchImport(ctx, int32(fresh), id); err != nil {
			return fmt.Errorf("note import: %w", err)
		}
		return noteRoster(ctx, q, now, "punch.import", map[string]any{"import": id, "rows": len(b.Punches), "fresh": fresh})
	})
	return fresh, err
}

// KnownPunches counts which of a machine's punches are kept already.
func (s *Store) KnownPunches(ctx context.Context, device int64, punches []roster.Punch) (int, error) {
	arg := db.KnownPunchesParams{Device: device}
	for _, p := range punches {
		arg.Ats, arg.Pins = append(arg.Ats, p.At), append(arg.Pins, p.PIN)
	}
	n, err := s.q().KnownPunches(ctx, arg)
	if err != nil {
		return 0, fmt.Errorf("compare punches: %w", err)
	}
	return int(n), nil
}

// CountPunches counts all that are kept.
func (s *Store) CountPunches(ctx context.Context) (int64, error) {
	n, err := s.q().CountPunches(ctx)
	if err != nil {
		return 0, fmt.Errorf("count punches: %w", err)
	}
	return n, nil
}
