package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// errLead: what a turn decided about somebody else is not as it was read any more;
// the turn is tried again and then sees how.
var errLead = errors.New("was decided by somebody else meanwhile")

// lead makes true what a turn changes about reading, standing in, helping and
// crews. Most turns change nothing of it.
func (t *Turns) lead(ctx context.Context, tx pgx.Tx, wr *writer, w *work) error {
	l := w.out.Lead
	if l == nil {
		return nil
	}
	if w.turn.Person == nil {
		return fmt.Errorf("lead others: %w", errStranger)
	}
	q := db.New(tx)
	wr.sampled(ctx, w, l.Sampled)
	if err := delegated(ctx, q, w, l); err != nil {
		return err
	}
	if err := blocked(ctx, q, w, l); err != nil {
		return err
	}
	if err := t.crewSent(ctx, tx, wr, w, l.Crew); err != nil {
		return err
	}
	return t.contested(ctx, q, w, l)
}

// sampled notes which reports were shown whole beside a list.
func (wr *writer) sampled(ctx context.Context, w *work, all []conversations.Sampled) {
	if len(all) == 0 {
		return
	}
	arg := db.AddSampleParams{Reviewer: int64(w.turn.Person.ID), InboxID: w.inbox, At: w.now}
	for _, s := range all {
		arg.Reports, arg.Versions = append(arg.Reports, s.Report), append(arg.Versions, int32(s.Version))
	}
	wr.any("keep sample", db.New(wr).AddSample(ctx, arg))
}

// oneRow is an error unless exactly one row was changed.
func oneRow(what string, n int64, err error) error {
	if err == nil && n != 1 {
		err = errLead
	}
	return wrapped(what, err)
}

// byID is an active person, zero for nobody.
func (r *Records) byID(ctx context.Context, id int64) (conversations.Person, bool, error) {
	if id == 0 {
		return conversations.Person{}, false, nil
	}
	people, err := r.people(ctx, []int64{id})
	p, ok := people[roster.EmployeeID(id)]
	return p, ok, err
}
