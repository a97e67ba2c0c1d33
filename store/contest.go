package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Noted is what somebody else noted about a person's day.
func (r *Records) Noted(ctx context.Context, id roster.EmployeeID, day roster.Day, about string) (conversations.Noted, bool, error) {
	if err := r.own(id); err != nil {
		return conversations.Noted{}, false, err
	}
	return notedOf(ctx, r.q, id, day, about)
}

func notedOf(ctx context.Context, q *db.Queries, id roster.EmployeeID, day roster.Day, about string) (n conversations.Noted, found bool, err error) {
	if about == "crew" {
		row, err := q.CrewReportOf(ctx, int64(id), day)
		if errors.Is(err, pgx.ErrNoRows) {
			return n, false, nil
		}
		by := row.SupervisorID
		if by == 0 {
			by = row.ForemanID
		}
		return conversations.Noted{Report: row.ID, By: roster.EmployeeID(by), Contested: row.Contested}, err == nil, wrapped("read report of a crew", err)
	}
	row, err := q.MarkedAbsence(ctx, day, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return n, false, nil
	}
	return conversations.Noted{
		Absence: row.ID, Kind: roster.AbsenceKind(row.Kind), By: roster.EmployeeID(row.Decides), Contested: row.Contested,
	}, err == nil, wrapped("read noted absence", err)
}

// Contest is the word of a person about a day that waits for viewer.
func (r *Records) Contest(ctx context.Context, viewer, id roster.EmployeeID, day roster.Day) (conversations.Contest, bool, error) {
	if err := r.own(viewer); err != nil {
		return conversations.Contest{}, false, err
	}
	row, err := r.q.OpenContest(ctx, db.OpenContestParams{EmployeeID: int64(id), Day: day, Viewer: int64(viewer)})
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Contest{}, false, nil
	}
	if err != nil {
		return conversations.Contest{}, false, fmt.Errorf("read a word against a note: %w", err)
	}
	p, found, err := r.byID(ctx, row.EmployeeID)
	return conversations.Contest{
		ID: row.ID, Absence: row.AbsenceID, Report: row.ReportID, Person: p, Kind: roster.AbsenceKind(row.Kind), Day: row.Day,
		From: row.FirstDay, To: row.LastDay, Said: row.Said,
	}, found, err
}

// contested keeps a word against a note, or decides about one. A note that is taken
// back gives the days that become due at least the granted time.
func (t *Turns) contested(ctx context.Context, q *db.Queries, w *work, l *conversations.Lead) error {
	if c := l.Contested; c != nil {
		n, err := q.AddContest(ctx, db.AddContestParams{
			EmployeeID: int64(w.turn.Person.ID), Day: c.Day, AbsenceID: c.Absence, ReportID: c.Report, Asks: int64(c.Asks),
			Said: c.Said, InboxID: w.inbox, At: w.now,
		})
		if err := oneRow("keep a word against a note", n, err); err != nil {
			return err
		}
	}
	s := l.Settled
	if s == nil {
		return nil
	}
	me, state := int64(w.turn.Person.ID), "kept"
	if s.Granted {
		state = "granted"
	}
	n, err := q.SettleContest(ctx, db.SettleContestParams{State: state, By: me, At: w.now, ID: s.Contest.ID})
	if err := oneRow("settle a word against a note", n, err); err != nil || !s.Granted {
		return err
	}
	if s.Contest.Report != 0 {
		n, err := q.WithdrawReport(ctx, db.WithdrawReportParams{
			EmployeeID: int64(s.Contest.Person.ID), Day: s.Contest.Day, Reason: s.Contest.Said, At: w.now, InboxID: w.inbox,
		})
		return oneRow("take a crew's report back", n, err)
	}
	n, err = q.TakeBackMarked(ctx, db.TakeBackMarkedParams{By: me, At: w.now, Why: s.Contest.Said, ID: s.Contest.Absence})
	if err := oneRow("take a noted absence back", n, err); err != nil {
		return err
	}
	return t.afterAbsence(ctx, q, w, became{s.Contest.Person.ID, span{s.Contest.From, s.Contest.To}, s.Grace, "contested"})
}

// ErrNothingNoted: nobody else noted anything about the day.
var ErrNothingNoted = errors.New("no report of a crew and no noted absence on that day")

// ContestFor keeps the word of somebody who said it at the personnel office, about a
// report of the foreman's or an absence that was noted, and puts it to whoever
// decides.
func (s *Store) ContestFor(ctx context.Context, now time.Time, c HeardContest) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		n, found, err := notedOf(ctx, q, c.Employee, c.Day, "crew")
		if err == nil && !found {
			n, found, err = notedOf(ctx, q, c.Employee, c.Day, "absence")
		}
		if err == nil && !found {
			err = ErrNothingNoted
		}
		if err != nil {
			return fmt.Errorf("keep a word against a note: %w", err)
		}
		added, err := q.AddContest(ctx, db.AddContestParams{
			EmployeeID: int64(c.Employee), Day: c.Day, AbsenceID: n.Absence, ReportID: n.Report, Asks: int64(n.By), Said: c.Said, At: now,
		})
		if err := oneRow("keep a word against a note", added, err); err != nil {
			return err
		}
		if err := noteCounts(ctx, q, now, "contest.made", map[string]int{"employee": int(c.Employee)}); err != nil {
			return err
		}
		r := &Records{q: q, today: c.Today}
		to, some, err := r.byID(ctx, int64(n.By))
		if err != nil || !some {
			return err
		}
		who, _, err := r.byID(ctx, int64(c.Employee))
		if err != nil {
			return err
		}
		return enqueue(ctx, q, now, []conversations.Say{{
			Key: fmt.Sprintf("contest/hr/%d/%s", c.Employee, c.Day), Kind: conversations.KindNotice, Employee: to.ID,
			Msg: c.Say(to, conversations.Contest{Person: who, Day: c.Day, Said: c.Said}, n.Kind),
		}})
	})
}

// HeardContest is a word that was said at the personnel office.
type HeardContest struct {
	Employee   roster.EmployeeID
	Day, Today roster.Day
	Said       string
	// Say words it for whoever decides.
	Say func(to conversations.Person, c conversations.Contest, kind roster.AbsenceKind) conversations.Message
}
