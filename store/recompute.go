package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// recomputeChunk is how many people one transaction decides anew.
const recomputeChunk = 200

// Redo is what is decided anew, and why.
type Redo struct {
	First, Last roster.Day           // both included
	People      []roster.EmployeeID  // nil: everybody with a duty on these days
	Why         string               // "calendar", "shifts", "policy": kept in the record
	Words       *conversations.Words // tells those concerned; nil tells nobody
	// Hours moves the hours of duties too that are what they were; see [Turns.Follow].
	Hours bool
}

// Redone is how many people had a change, and how many of them were told.
type Redone struct{ People, Told int }

// Recompute is [Turns.Redecide] of everybody, silently.
func (t *Turns) Recompute(ctx context.Context, first, last roster.Day) (people int, err error) {
	done, err := t.Redecide(ctx, Redo{First: first, Last: last})
	return done.People, err
}

// Redecide decides duties that were decided before anew: after the calendar, the
// shifts or a policy has changed. Reports and what was sent stay; messages whose
// reason is gone are called off when they are about to go out. Each change is on
// the record, with what was before. A person is told only of a day on which we
// asked and no longer need an answer.
//
// Nobody loses by it: a day that was free does not become due when its question
// could no longer be answered in time, and a deadline that somebody was told is
// never earlier than that.
func (t *Turns) Redecide(ctx context.Context, r Redo) (done Redone, err error) {
	ids := make([]int64, len(r.People))
	for i, e := range r.People {
		ids[i] = int64(e)
	}
	if r.People == nil {
		if ids, err = t.Store.q().PeopleWithDuty(ctx, r.First, r.Last); err != nil {
			return done, fmt.Errorf("find duties: %w", err)
		}
	}
	for chunk := range slices.Chunk(ids, recomputeChunk) {
		var part Redone
		err := t.Store.inTx(ctx, func(tx pgx.Tx) error {
			part = Redone{}
			for _, id := range chunk {
				if err := t.redecideOne(ctx, db.New(tx), roster.EmployeeID(id), r, &part); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done.People, done.Told = done.People+part.People, done.Told+part.Told
	}
	if done.Told > 0 && t.Wake != nil {
		t.Wake()
	}
	return done, nil
}

func (t *Turns) redecideOne(ctx context.Context, q *db.Queries, id roster.EmployeeID, r Redo, done *Redone) error {
	now := t.Now()
	changes, err := t.decide(ctx, q, id, span{r.First, r.Last}, decision{now: now, gently: true, hours: r.Hours})
	if err != nil || len(changes) == 0 {
		return err
	}
	done.People++
	detail, err := json.Marshal(struct {
		Why  string       `json:"why,omitempty"`
		Days []dutyChange `json:"days"`
	}{r.Why, changes})
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	if err := noteDuty(ctx, q, now, note{"system", id, detail}); err != nil || r.Words == nil {
		return err
	}
	told, err := t.tellFree(ctx, q, id, changes, r.Words)
	done.Told += min(1, told)
	return err
}

// tellFree tells a person of days that we asked about for nothing. A day whose
// late window is over is of no interest any more, and who has reported needs no
// such word.
func (t *Turns) tellFree(ctx context.Context, q *db.Queries, id roster.EmployeeID, changes []dutyChange, words *conversations.Words) (int, error) {
	var says []conversations.Say
	now := t.Now()
	for _, c := range changes {
		if !c.asked || c.Before != string(roster.Due) || c.After != roster.NotDue || c.until.Before(now) {
			continue
		}
		report, err := q.ReportOf(ctx, int64(id), c.Day)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return 0, fmt.Errorf("read report: %w", err)
		}
		if report.State == "submitted" {
			continue
		}
		rows, err := q.People(ctx, c.Day, []int64{int64(id)})
		if err != nil || len(rows) == 0 {
			return 0, err
		}
		p := personOf(rows[0])
		says = append(says, conversations.Say{
			Key: fmt.Sprintf("free/%s/%d/%d", c.Day, id, now.Unix()), Kind: conversations.KindNotice, Employee: id,
			Msg: words.To(p).NoLongerDue(p, c.duty),
		})
	}
	return len(says), enqueue(ctx, q, now, says)
}

// note is a line of the record about a person's duties.
type note struct {
	actor   string
	subject roster.EmployeeID
	detail  json.RawMessage
}

func noteDuty(ctx context.Context, q *db.Queries, now time.Time, n note) error {
	if err := q.AddAudit(ctx, db.AddAuditParams{
		At: now, Actors: []string{n.actor}, Actions: []string{"duty.recompute"},
		Subjects: []string{keyOf(n.subject)}, Details: []json.RawMessage{n.detail},
	}); err != nil {
		return fmt.Errorf("keep record: %w", err)
	}
	return nil
}

// dutyChange is one day whose duty was decided anew.
type dutyChange struct {
	Day    roster.Day    `json:"day"`
	Before string        `json:"before,omitempty"`
	Was    string        `json:"was,omitempty"` // the reason before
	After  roster.State  `json:"after"`
	Reason roster.Reason `json:"reason"`
	Hours  *hoursChange  `json:"hours,omitempty"` // when the policy moved them

	duty  roster.Duty
	asked bool
	until time.Time // until when an answer would have counted
}

// hoursChange is when a person is asked, and until when an answer is on time.
type hoursChange struct {
	WasAskedAt time.Time `json:"was_asked_at"`
	WasUntil   time.Time `json:"was_until"`
	AskedAt    time.Time `json:"asked_at"`
	Until      time.Time `json:"until"`
}
