package roster

import (
	"cmp"
	"slices"
)

// PassLeave is how many days a confirmed leave must have before its holder is
// passed over: a shorter one is waited for.
const PassLeave = 3

// CommandFacts are all that decides who leads whom.
type CommandFacts struct {
	// Links are explicit supervisors, for people without a post and for the top post.
	Links       []Line
	Posts       []Post
	Above       []PostLink
	Assignments []Assignment
	Absences    []Absence
	// Inactive people lead nobody.
	Inactive map[EmployeeID]bool
	// PassLeave, in days; 0 for [PassLeave].
	PassLeave int
}

// Command is the dated line of command: the one place that chooses a superior.
//
//	own place ─▶ the place above ─▶ its Plh, else Plt, else Pj, else the holder
//	                 ▲                     │ vacant, away, or the person itself
//	                 └──── one further up ─┘      … ─▶ 0, the HR inbox
//
// Places are posts, and people who have none. Above a post is its superior post;
// above one without, and above a person without a post, whoever the explicit
// supervisor is. Somebody with several places is led from above the highest, so
// each superior stands strictly higher than the one led: the line has no circle,
// never leads to the person itself, and always ends. Circles in the data are cut.
type Command struct {
	facts    CommandFacts
	links    Lines
	posts    map[PostID]Post
	above    map[PostID][]PostLink
	of       map[PostID][]Assignment
	by       map[EmployeeID][]Assignment
	absences map[EmployeeID][]Absence // that are long enough to be passed over
}

// NewCommand indexes facts in any order.
func NewCommand(f CommandFacts) *Command {
	if f.PassLeave <= 0 {
		f.PassLeave = PassLeave
	}
	c := &Command{
		facts: f, links: NewLines(f.Links), posts: map[PostID]Post{}, above: map[PostID][]PostLink{}, of: map[PostID][]Assignment{},
		by: map[EmployeeID][]Assignment{}, absences: map[EmployeeID][]Absence{},
	}
	for _, p := range f.Posts {
		c.posts[p.ID] = p
	}
	for _, l := range f.Above {
		if _, known := c.posts[l.Superior]; known {
			c.above[l.Post] = append(c.above[l.Post], l)
		}
	}
	for _, a := range f.Assignments {
		if _, known := c.posts[a.Post]; known && a.Kind.rank() >= 0 {
			c.of[a.Post] = append(c.of[a.Post], a)
			c.by[a.Employee] = append(c.by[a.Employee], a)
		}
	}
	for _, list := range c.of {
		slices.SortFunc(list, firstToDecide)
	}
	for _, list := range c.by {
		slices.SortFunc(list, func(a, b Assignment) int { return cmp.Or(firstToDecide(b, a), cmp.Compare(a.Post, b.Post)) })
	}
	for _, a := range f.Absences {
		if c.passes(a) {
			c.absences[a.Employee] = append(c.absences[a.Employee], a)
		}
	}
	return c
}

// firstToDecide orders the holders of one post: by right, then who began last.
func firstToDecide(a, b Assignment) int {
	return cmp.Or(cmp.Compare(a.Kind.rank(), b.Kind.rank()), b.From.Sub(a.From), cmp.Compare(a.Employee, b.Employee))
}

// passes tells whether somebody on this leave is passed over.
func (c *Command) passes(a Absence) bool {
	to := a.To
	if to.IsZero() {
		to = a.From
	}
	return a.Confirmed && !a.Kind.Works() && to.Sub(a.From)+1 >= c.facts.PassLeave
}

// Superior is who leads the person on that day; 0 is the HR inbox. For many
// people of one day see [Command.On].
func (c *Command) Superior(e EmployeeID, day Day) EmployeeID { return c.On(day).Superior(e) }

// place is a post (negative) or a person without one (positive); 0 is none.
type place int64

func postPlace(p PostID) place { return place(-p) }

// CommandDay is the line of command on one day.
type CommandDay struct {
	c     *Command
	day   Day
	home  map[EmployeeID]place
	up    map[place]place
	depth map[place]int
	above map[place]bool // that somebody's way up leads through
}

// On prepares the line of command of a day.
func (c *Command) On(day Day) *CommandDay {
	d := &CommandDay{c: c, day: day, home: map[EmployeeID]place{}, up: map[place]place{}, depth: map[place]int{}, above: map[place]bool{}}
	for e, list := range c.by {
		for _, a := range list { // the own post is the definitive one, else the Pj's
			if a.Kind.own() && a.holds(day) {
				d.home[e] = postPlace(a.Post)
				break
			}
		}
	}
	for id := range c.posts {
		d.rise(postPlace(id), d.abovePost(id))
	}
	for e := range c.links.of {
		if _, has := d.home[e]; !has {
			d.rise(place(e), d.aboveLink(e))
		}
	}
	for _, ring := range circles(d.up) {
		for _, at := range ring {
			delete(d.up, at)
		}
	}
	for _, at := range d.up {
		d.above[at] = true
	}
	return d
}

func (d *CommandDay) rise(from, to place) {
	if to != 0 {
		d.up[from] = to
	}
}

func (d *CommandDay) abovePost(p PostID) place {
	if up := superiorPost(d.c.above[p], d.day); up != 0 {
		return postPlace(up)
	}
	for _, a := range d.c.of[p] {
		if a.Kind.own() && a.holds(d.day) {
			if up := d.aboveLink(a.Employee); up != 0 {
				return up
			}
		}
	}
	return 0
}

func (d *CommandDay) aboveLink(e EmployeeID) place {
	s := d.c.links.SupervisorOn(e, d.day)
	if s == 0 {
		return 0
	}
	return d.placeOf(s)
}

// placeOf is the person's own post, else the person.
func (d *CommandDay) placeOf(e EmployeeID) place {
	if at, ok := d.home[e]; ok {
		return at
	}
	return place(e)
}

func (d *CommandDay) depthOf(at place) int {
	if n, ok := d.depth[at]; ok {
		return n
	}
	n := 0
	if up, ok := d.up[at]; ok {
		n = d.depthOf(up) + 1
	}
	d.depth[at] = n
	return n
}

// Superior is who leads the person on this day; 0 is the HR inbox.
func (d *CommandDay) Superior(e EmployeeID) EmployeeID {
	start := d.highest(e)
	for at, ok := d.up[start]; ok; at, ok = d.up[at] {
		if s := d.holder(at, e); s != 0 {
			return s
		}
	}
	return 0
}

// highest is the highest place of the person; the own one when they are equal.
func (d *CommandDay) highest(e EmployeeID) place {
	start := d.placeOf(e)
	if _, led := d.up[start]; start > 0 && !led && !d.above[start] {
		start = 0 // not in the line by itself
	}
	for _, a := range d.c.by[e] {
		if at := postPlace(a.Post); a.holds(d.day) && (start == 0 || d.depthOf(at) < d.depthOf(start)) {
			start = at
		}
	}
	return start
}

// holder is who decides on a place, present and not the person itself; 0 when vacant.
func (d *CommandDay) holder(at place, but EmployeeID) EmployeeID {
	if at > 0 {
		if e := EmployeeID(at); e != but && d.present(e) {
			return e
		}
		return 0
	}
	for _, a := range d.c.of[PostID(-at)] {
		if a.holds(d.day) && a.Employee != but && d.present(a.Employee) {
			return a.Employee
		}
	}
	return 0
}

func (d *CommandDay) present(e EmployeeID) bool {
	return !d.c.facts.Inactive[e] && !slices.ContainsFunc(d.c.absences[e], func(a Absence) bool { return a.Covers(d.day) })
}

// Lines are who leads these people from a day on, as runs of days: what the
// facts decide now, up to their last date. Nobody's line is told before from.
func (c *Command) Lines(people []EmployeeID, from Day) []Line {
	last := make(map[EmployeeID]*Line, len(people))
	lines := make([]*Line, 0, len(people))
	for _, day := range c.turns(from) {
		view := c.On(day)
		for _, e := range people {
			s, open := view.Superior(e), last[e]
			if open != nil && open.Supervisor == s {
				continue
			}
			if open != nil {
				open.To = day.Add(-1)
			}
			last[e] = nil
			if s != 0 {
				last[e] = &Line{Employee: e, Supervisor: s, From: day}
				lines = append(lines, last[e])
			}
		}
	}
	out := make([]Line, len(lines))
	for i, l := range lines {
		out[i] = *l
	}
	slices.SortFunc(out, func(a, b Line) int { return cmp.Or(cmp.Compare(a.Employee, b.Employee), a.From.Sub(b.From)) })
	return out
}

// turns are from and all later days on which anything begins or is over.
func (c *Command) turns(from Day) []Day {
	days := []Day{from}
	add := func(first, last Day) {
		if first.After(from) {
			days = append(days, first)
		}
		if !last.IsZero() && !last.Before(from) {
			days = append(days, last.Add(1))
		}
	}
	for _, l := range c.facts.Links {
		add(l.From, l.To)
	}
	for _, l := range c.facts.Above {
		add(l.From, l.To)
	}
	for _, a := range c.facts.Assignments {
		add(a.From, a.To)
	}
	for _, list := range c.absences {
		for _, a := range list {
			to := a.To
			if to.IsZero() {
				to = a.From
			}
			add(a.From, to)
		}
	}
	slices.SortFunc(days, func(a, b Day) int { return a.Sub(b) })
	return slices.Compact(days)
}
