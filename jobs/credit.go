package jobs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// What outages cost whom.
const (
	// settleAfter is how long a measured outage must be over before people are
	// told of it: one that comes and goes is one outage and one message.
	settleAfter = 2 * time.Minute
	// soon is how long before its end a window is moved while an outage runs:
	// before the last reminder looks at it.
	soon = 35 * time.Minute
	// worthTelling is the shortest outage people are told of. A shorter one moves
	// deadlines as well, but a message would disturb more than it helps.
	worthTelling = 5 * time.Minute
)

// Outage is a stored outage; see [roster.Outage]. A running one ends at now.
type Outage struct {
	ID int64
	roster.Outage
	Running bool
	Note    string // of a declared one: what it was
}

// declared outages are known by somebody; the others we have measured.
func (o Outage) declared() bool { return strings.HasPrefix(o.Channel, "declared:") }

// TouchedQuery chooses due days that outages touch.
type TouchedQuery struct {
	Now     time.Time
	Outages []int64
	// Soon leaves out what is reported and windows that end later; zero leaves
	// out nothing.
	Soon     time.Time
	After    roster.EmployeeID // and
	AfterDay roster.Day        // in the order of person and day
	Limit    int
}

// Touched is a due day with all outages that concern its person.
type Touched struct {
	Person  conversations.Person
	Live    bool // has a live address
	Day     roster.Day
	Reason  roster.Reason
	Planned roster.Times // before any outage
	Times   roster.Times // as stored now
	Outages []Outage     // that are not over before the question, in order

	Draft, Reported, Late bool
	SaidAt                time.Time // the provider's time of the last words before a report was sent
}

// Moved is a due day with its new times.
type Moved struct {
	Touched
	New roster.Times
	// OnTime: the report was late and, by the new deadline, is not.
	OnTime bool
}

// Credits is what one step of the credit changes, true together.
type Credits struct {
	Moved   []Moved
	Outages []int64 // the reason, for the record
	Says    []conversations.Say
	// Told are the days that the messages ask for: nothing else asks for them now.
	Told []Moved
}

// Credited counts what a step changed.
type Credited struct{ Moved, Corrected int }

// Outages are the rows of what was away and what people got back for it.
type Outages interface {
	// Uncredited are outages whose effect is not all done, oldest first.
	Uncredited(ctx context.Context, now time.Time) ([]Outage, error)
	Touched(ctx context.Context, q TouchedQuery) ([]Touched, error)
	// Credit moves times, never to earlier ones, corrects reports with a line in
	// the record and queues messages, in one transaction. Doing it twice changes
	// nothing.
	Credit(ctx context.Context, now time.Time, c Credits) (Credited, error)
	// FinishOutages notes that all is done for them.
	FinishOutages(ctx context.Context, now time.Time, ids []int64) error
}

// credit gives people back what outages took:
//
//	running ──▶ windows about to end are moved on ──▶ over ──▶ settled and not
//	quiet ──▶ every window it touched is moved, late reports that are not late
//	are corrected, everybody who still owes is told once ──▶ credited
//
// Until it is credited, nobody whom a measured outage touched is asked, reminded
// or passed on; the message about it asks. It must run before those jobs.
type credit struct{ Deps }

func (j credit) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	open, err := j.Store.Uncredited(ctx, now)
	if err != nil || len(open) == 0 {
		return res, err
	}
	q := TouchedQuery{Now: now, Limit: chunk}
	for _, o := range open {
		q.Outages = append(q.Outages, o.ID)
	}
	final := !j.Policy.Quiet.Holds(now) && !slices.ContainsFunc(open, func(o Outage) bool { return o.unsettled(now) })
	if !final {
		q.Soon = now.Add(soon)
	}
	if err := j.all(ctx, q, &res); err != nil || !final {
		return res, err
	}
	res.did("outages", len(open))
	return res, j.Store.FinishOutages(ctx, now, q.Outages)
}

// unsettled: it runs, or may yet go on.
func (o Outage) unsettled(now time.Time) bool {
	return !o.declared() && (o.Running || now.Before(o.To.Add(settleAfter)))
}

func (j credit) all(ctx context.Context, q TouchedQuery, res *Result) error {
	for {
		touched, err := j.Store.Touched(ctx, q)
		if err != nil || len(touched) == 0 {
			return err
		}
		n, err := j.Store.Credit(ctx, q.Now, j.credits(touched, q))
		res.did("moved", n.Moved)
		res.did("corrected", n.Corrected)
		if err != nil || len(touched) < q.Limit {
			return err
		}
		last := touched[len(touched)-1]
		q.After, q.AfterDay = last.Person.ID, last.Day
	}
}

// credits decides about some days; messages only when it is the last time.
func (j credit) credits(touched []Touched, q TouchedQuery) Credits {
	c := Credits{Outages: q.Outages}
	relief := j.Policy.Relief(j.Loc)
	for _, t := range touched {
		m := Moved{Touched: t, New: roster.Credit(t.Planned, spansOf(t.Outages), relief)}
		m.OnTime = t.Reported && t.Late && !t.SaidAt.After(m.New.Deadline)
		if m.New != t.Planned {
			c.Moved = append(c.Moved, m)
		}
	}
	if !q.Soon.IsZero() {
		return c
	}
	for _, days := range byPerson(c.Moved) {
		say, told, ok := j.notice(days, q)
		if ok {
			c.Says, c.Told = append(c.Says, say), append(c.Told, told...)
		}
	}
	return c
}

func spansOf(outages []Outage) []roster.Outage {
	out := make([]roster.Outage, len(outages))
	for i, o := range outages {
		out[i] = o.Outage
	}
	return out
}

func byPerson(days []Moved) (groups [][]Moved) {
	for i, m := range days {
		if i == 0 || days[i-1].Person.ID != m.Person.ID {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], m)
	}
	return groups
}

// notice is the one message to a person about the outages that are credited
// now; false when there is nothing the person could do with it.
func (j credit) notice(days []Moved, q TouchedQuery) (say conversations.Say, told []Moved, ok bool) {
	n := conversations.OutageNotice{Person: days[0].Person, Now: q.Now}
	id, last := int64(0), time.Time{}
	for _, m := range days {
		fresh := m.because(q.Outages)
		if !m.Live || len(fresh) == 0 {
			continue
		}
		switch {
		case m.OnTime:
			n.OnTime = append(n.OnTime, m.Day)
		case !m.Reported && m.New.Deadline.After(q.Now) && !m.New.Deadline.Equal(m.Planned.Deadline):
			n.Owed = append(n.Owed, conversations.OwedDay{Day: m.Day, Until: m.New.Deadline, Draft: m.Draft})
			told = append(told, m)
			if m.New.Deadline.After(last) {
				last = m.New.Deadline
			}
		default:
			continue
		}
		if id == 0 || fresh[0].ID < id {
			id = fresh[0].ID
		}
		n.Spans = append(n.Spans, fresh...)
	}
	if id == 0 {
		return say, nil, false
	}
	say = conversations.Say{
		Key: fmt.Sprintf("outage/%d/%d", id, n.Person.ID), Kind: conversations.KindNotice, Employee: n.Person.ID,
		Msg: j.Words.To(n.Person).Outage(n), ExpiresAt: last,
	}
	if len(n.Owed) > 0 && len(n.OnTime) == 0 {
		say.About = conversations.About{Day: n.Owed[0].Day, Question: activities}
		say.Guard = conversations.GuardUnreported
	}
	return say, told, true
}

// because are the outages among these that touched the day's window, as people
// are told of them; none when they were too short to tell.
func (m Moved) because(ids []int64) []conversations.OutageSpan {
	var out []conversations.OutageSpan
	long := false
	for _, o := range m.Outages {
		if !slices.Contains(ids, o.ID) || !o.From.Before(m.New.Deadline) || !o.To.After(m.Planned.AskAt) {
			continue
		}
		long = long || o.To.Sub(o.From) >= worthTelling
		s := conversations.OutageSpan{ID: o.ID, From: o.From, To: o.To}
		if o.declared() {
			s.Cause = o.Note
		}
		out = append(out, s)
	}
	if !long {
		return nil
	}
	return out
}

// Relief is what people get back after an outage: an hour to answer, outside the
// quiet hours.
func (p Policy) Relief(loc *time.Location) roster.Relief {
	r := roster.DefaultRelief(loc)
	r.QuietFrom, r.QuietTo = p.Quiet.From, p.Quiet.To
	return r
}

// Credit gives people back what outages took, as each tick does first. It is
// called before messages are handled that came in while we were away.
func (r *Runner) Credit(ctx context.Context, now time.Time) error {
	for _, j := range r.jobs {
		if j.name != "credit" {
			continue
		}
		if _, err := safely(ctx, now.In(r.loc), j); err != nil {
			return fmt.Errorf("run job credit: %w", err)
		}
	}
	return nil
}
