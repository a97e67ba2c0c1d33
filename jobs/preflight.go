package jobs

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// PreflightPolicy is when and about what the coming working day is looked at.
type PreflightPolicy struct {
	On bool
	At roster.Clock
	// Enrolled is the share of an office's people, in percent, that should have a chat.
	Enrolled int
}

// Ahead is a person on a coming day, as far as it is known today.
type Ahead struct {
	Facts
	Name, OPD      string
	Live           bool
	Superior       roster.EmployeeID // 0: nobody
	SuperiorActive bool
}

// Outlooks are the rows of a day that is still to come.
type Outlooks interface {
	// Outlook are active people as they are on a day, in the order of their ids,
	// above after.
	Outlook(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]Ahead, error)
}

// Preflight is what a coming day looks like, for the city and each office.
type Preflight struct {
	Day     roster.Day      `json:"day"`
	Offices []OfficeAhead   `json:"offices"`
	Circles [][]string      `json:"circles,omitempty"` // names of people who lead each other round
	Roles   []OfficeMissing `json:"roles,omitempty"`
}

// OfficeAhead is one office on a coming day. Names are of at most three people.
type OfficeAhead struct {
	OPD       string   `json:"opd"`
	People    int      `json:"people"`
	Enrolled  int      `json:"enrolled"`
	Asked     int      `json:"asked"`     // will be asked
	Unreached int      `json:"unreached"` // owe a report and cannot be asked
	Alone     int      `json:"alone"`     // lead nobody, and nobody leads them
	AloneWho  []string `json:"alone_who,omitempty"`
	Left      int      `json:"left"`  // are led by somebody who has left
	Heads     int      `json:"heads"` // lead somebody and have no chat
	HeadsWho  []string `json:"heads_who,omitempty"`
	Few       bool     `json:"few"` // fewer have a chat than the policy wants
}

// OfficeMissing is a role that nobody with a chat holds; an empty OPD is the city.
type OfficeMissing struct {
	Role roster.Role `json:"role"`
	OPD  string      `json:"opd,omitempty"`
}

// Wrong reports whether somebody should look at the office.
func (o OfficeAhead) Wrong() bool { return o.Unreached+o.Alone+o.Left+o.Heads > 0 || o.Few }

// Wrong reports whether somebody should look at the city.
func (p Preflight) Wrong() bool {
	return len(p.Circles) > 0 || len(p.Roles) > 0 || slices.ContainsFunc(p.Offices, OfficeAhead.Wrong)
}

// Asked is how many people will be asked.
func (p Preflight) Asked() (n int) {
	for _, o := range p.Offices {
		n += o.Asked
	}
	return n
}

// LookAhead looks at a day: who will be asked, and what would go wrong.
func LookAhead(ctx context.Context, s interface {
	Outlooks
	Roles
}, p Policy, c roster.Calendar, day roster.Day,
) (Preflight, error) {
	var people []Ahead
	for after := roster.EmployeeID(0); ; {
		some, err := s.Outlook(ctx, day, after, chunk*4)
		if err != nil {
			return Preflight{}, err
		}
		people = append(people, some...)
		if len(some) < chunk*4 {
			break
		}
		after = some[len(some)-1].Employee
	}
	holders, err := s.RoleHolders(ctx, day)
	if err != nil {
		return Preflight{}, err
	}
	out := p.lookAt(people, c, day)
	out.Roles = missing(out.Offices, holders)
	return out, nil
}

// lookAt counts what each office has; it reads nothing.
func (p Policy) lookAt(people []Ahead, c roster.Calendar, day roster.Day) Preflight {
	leads, offices := map[roster.EmployeeID]int{}, map[string]*OfficeAhead{}
	links := make([]roster.Line, 0, len(people))
	names := make(map[roster.EmployeeID]string, len(people))
	for _, a := range people {
		leads[a.Superior]++
		names[a.Employee] = a.Name
		if a.Superior != 0 {
			links = append(links, roster.Line{Employee: a.Employee, Supervisor: a.Superior, From: day})
		}
	}
	for _, a := range people {
		o := offices[a.OPD]
		if o == nil {
			o = &OfficeAhead{OPD: a.OPD}
			offices[a.OPD] = o
		}
		o.add(a, leads[a.Employee], p.plan(a.Facts, c, day, time.UTC).Duty.State == roster.Due)
	}
	out := Preflight{Day: day}
	for _, o := range offices {
		o.Few = o.Enrolled*100 < o.People*p.Preflight.Enrolled
		out.Offices = append(out.Offices, *o)
	}
	slices.SortFunc(out.Offices, func(a, b OfficeAhead) int { return cmp.Compare(a.OPD, b.OPD) })
	for _, ring := range roster.NewLines(links).Cycles(day) {
		var who []string
		for _, id := range ring {
			who = append(who, names[id])
		}
		out.Circles = append(out.Circles, who)
	}
	return out
}

// mostNamed are the people whom a line of a preflight names.
const mostNamed = 3

func (o *OfficeAhead) add(a Ahead, leads int, due bool) {
	o.People++
	switch {
	case a.Live && due:
		o.Asked++
	case due:
		o.Unreached++
	}
	if a.Live {
		o.Enrolled++
	}
	if leads > 0 && !a.Live {
		if o.Heads++; len(o.HeadsWho) < mostNamed {
			o.HeadsWho = append(o.HeadsWho, a.Name)
		}
	}
	switch {
	case a.Superior != 0 && !a.SuperiorActive:
		o.Left++
	case a.Superior == 0 && leads == 0:
		if o.Alone++; len(o.AloneWho) < mostNamed {
			o.AloneWho = append(o.AloneWho, a.Name)
		}
	}
}

// missing are roles without anybody whom a message reaches.
func missing(offices []OfficeAhead, holders []RoleHolder) (out []OfficeMissing) {
	reach := func(role roster.Role, opd string) bool {
		return slices.ContainsFunc(Of(holders, role, opd, ""), func(h RoleHolder) bool { return h.Live })
	}
	if !slices.ContainsFunc(holders, func(h RoleHolder) bool { return h.Role == roster.HR && h.Live }) {
		out = append(out, OfficeMissing{Role: roster.HR})
	}
	for _, o := range offices {
		if !reach(roster.OPDAdmin, o.OPD) {
			out = append(out, OfficeMissing{roster.OPDAdmin, o.OPD})
		}
	}
	return out
}

// preflight tells those who can mend it what would go wrong on the next working
// day, on the evening before. All being well is said once a week.
type preflight struct{ Deps }

func (j preflight) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Preflight, today(now)
	if c := clockOf(now); !p.On || c < p.At || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	done, err := j.Store.Progress(ctx, "preflight", day.String())
	if err != nil || done.Done {
		return res, err
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return res, err
	}
	c := j.Policy.Calendar(days)
	run := Run{Job: "preflight", Period: day.String(), Done: true}
	var says []conversations.Say
	if c.IsWorkday(roster.FiveDays, day) || c.IsWorkday(roster.SixDays, day) {
		if says, err = j.words(ctx, now, c); err != nil {
			return res, err
		}
	}
	run.Counts = map[string]int{"told": len(says)}
	ours, err := j.Store.Commit(ctx, now, run, Batch{Says: says})
	if err != nil || !ours {
		return res, err
	}
	res.did("told", len(says))
	res.Hour = day.At(p.At, j.Loc)
	return res, nil
}

func (j preflight) words(ctx context.Context, now time.Time, c roster.Calendar) ([]conversations.Say, error) {
	day := today(now)
	next := c.NextWorkday(roster.FiveDays, day)
	if saturday := c.NextWorkday(roster.SixDays, day); saturday.Before(next) {
		next = saturday
	}
	holders, err := j.Store.RoleHolders(ctx, day)
	if err != nil || len(holders) == 0 {
		return nil, err
	}
	ahead, err := LookAhead(ctx, j.Store, j.Policy, c, next)
	if err != nil {
		return nil, err
	}
	allClear := next.Monday() != day.Monday() // the last evening of the week
	var says []conversations.Say
	seen := map[string]bool{}
	for _, h := range holders {
		m, ok := j.message(h, ahead, now, allClear)
		if !ok || !h.Live {
			continue
		}
		// The same news is told once a week: a list that never changes is not read.
		key := fmt.Sprintf("preflight/%s/%d/%x", day.Monday(), h.Person.ID, digest(string(h.Role)+h.OPD+newsOf(ahead, h)))
		if seen[key] {
			continue
		}
		seen[key] = true
		says = append(says, conversations.Say{
			Key: key, Kind: conversations.KindNotice, Employee: h.Person.ID, Msg: m, ExpiresAt: next.At(roster.At24(9, 0), j.Loc),
		})
	}
	return says, nil
}

// newsOf is what somebody would be told, without the day.
func newsOf(p Preflight, h RoleHolder) string {
	p.Day = roster.Day{}
	if h.Role == roster.OPDAdmin {
		p.Circles, p.Roles = nil, nil
		p.Offices = slices.DeleteFunc(slices.Clone(p.Offices), func(o OfficeAhead) bool { return o.OPD != h.OPD })
	}
	for i := range p.Offices {
		p.Offices[i].Asked, p.Offices[i].Unreached = 0, min(p.Offices[i].Unreached, 1) // weekends and shifts change these
	}
	return fmt.Sprint(p)
}

func digest(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // a hash does not fail
	return h.Sum64()
}

// message is what a holder of a role is told; false for nothing.
func (j preflight) message(h RoleHolder, p Preflight, now time.Time, allClear bool) (conversations.Message, bool) {
	a := conversations.Ahead{To: h.Person, Day: p.Day, Now: now}
	switch h.Role {
	case roster.OPDAdmin:
		i := slices.IndexFunc(p.Offices, func(o OfficeAhead) bool { return o.OPD == h.OPD })
		if i < 0 || (!p.Offices[i].Wrong() && !allClear) {
			return conversations.Message{}, false
		}
		office := p.Offices[i].words()
		a.Office = &office
	case roster.HR, roster.Operator:
		if !p.Wrong() && !allClear {
			return conversations.Message{}, false
		}
		a.Asked, a.Circles = p.Asked(), len(p.Circles)
		for _, o := range p.Offices {
			a.People += o.People
			if o.Wrong() && h.Covers(o.OPD, "") {
				a.Offices = append(a.Offices, o.words())
			}
		}
		for _, m := range p.Roles {
			if m.Role == roster.HR {
				a.NoHR = true
			} else {
				a.NoAdmin++
			}
		}
	default:
		return conversations.Message{}, false
	}
	return j.Words.To(h.Person).Ahead(a), true
}

func (o OfficeAhead) words() conversations.OfficeAhead {
	return conversations.OfficeAhead{
		OPD: o.OPD, People: o.People, Enrolled: o.Enrolled, Asked: o.Asked, Unreached: o.Unreached,
		Alone: o.Alone, Left: o.Left, Heads: o.Heads, AloneWho: o.AloneWho, HeadsWho: o.HeadsWho, Few: o.Few,
	}
}
