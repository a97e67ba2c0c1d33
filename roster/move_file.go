package roster

import (
	"io"
	"slices"
	"strings"
)

// Move is what changes of one person; nil is unchanged, an empty Supervisor is
// nobody.
type Move struct {
	Line                              int
	Employee                          EmployeeID
	Post, OPD, Unit, Code, Supervisor *string
}

// leaves reports that the person gives the own post up by moving.
func (m Move) leaves() bool {
	return m.OPD != nil || m.Unit != nil || m.Code != nil || m.Supervisor != nil
}

// ReadMoves reads who moves where. Only nip is required; an empty cell is left
// as it is, and a dash in nip_atasan is nobody.
//
//	nip, nama, jabatan, opd, unit, kode_jabatan, nip_atasan
func ReadMoves(r io.Reader, known Known) ([]Move, []Problem) {
	s, err := readSheetOf(r, moveColumns())
	if err != nil {
		return nil, []Problem{unreadable(err)}
	}
	check := moveCheck{sheet: &s, ids: known.IDs(), offices: map[string]bool{}, codes: map[string]PostID{}, line: map[EmployeeID]int{}}
	for _, e := range known.People {
		check.offices[e.OPD] = true
	}
	for _, p := range known.Facts.Posts {
		check.codes[p.Code] = p.ID
	}
	var moves []Move
	rows := map[EmployeeID]Row{}
	for _, row := range s.rows {
		if m, ok := check.row(row); ok {
			moves, rows[m.Employee] = append(moves, m), row
		}
	}
	check.seats(moves, rows, known.Facts)
	check.circles(moves, rows, known)
	sortProblems(s.problems)
	return moves, s.problems
}

type moveCheck struct {
	*sheet
	ids     map[string]EmployeeID
	offices map[string]bool
	codes   map[string]PostID
	line    map[EmployeeID]int
}

func (c *moveCheck) row(row Row) (Move, bool) {
	m := Move{Line: row.Line, Employee: c.person(row, colNumber, c.ids)}
	if m.Employee == 0 {
		return m, false
	}
	if first, twice := c.line[m.Employee]; twice {
		c.bad(row, colNumber, "the same person is on line "+itoa(first), "keep one row for each person")
		return m, false
	}
	c.line[m.Employee] = row.Line
	m.Post, m.OPD, m.Unit = c.some(row, colPost), c.some(row, colOPD), c.some(row, colUnit)
	if m.OPD != nil && m.Unit == nil {
		m.Unit = new(string) // the unit of the old office is none of the new one
	}
	if m.OPD != nil && !c.offices[*m.OPD] {
		c.warn(row, colOPD, "no office has had this name so far", "correct it unless the office is new")
	}
	if code := c.code(row, colCode); code != "" {
		m.Code = &code
		if c.codes[code] == 0 {
			c.bad(row, colCode, "no post has the code "+code, "correct the code, or import the post first: roster posts")
		}
	}
	switch v := c.text(row, colSupervisor); {
	case v == "-" || v == "–":
		m.Supervisor = new(string)
	case v != "":
		if c.person(row, colSupervisor, c.ids) == m.Employee {
			c.bad(row, colSupervisor, "the person would be their own supervisor", "write the supervisor's number, or - at the top")
		}
		if n, err := number(v); err == nil {
			m.Supervisor = &n
		}
	}
	if m.Post == nil && !m.leaves() {
		c.warn(row, colNumber, "nothing changes for this person", "fill in what is new, or delete the row")
	}
	return m, true
}

func (c *moveCheck) some(r Row, col column) *string {
	if v := c.cell(r, col); v != "" {
		return &v
	}
	return nil
}

// seats finds posts that somebody would sit on who is not moved away.
func (c *moveCheck) seats(moves []Move, rows map[EmployeeID]Row, f CommandFacts) {
	taken := map[string]EmployeeID{}
	for _, m := range moves {
		if m.Code == nil {
			continue
		}
		if _, twice := taken[*m.Code]; twice {
			c.bad(rows[m.Employee], colCode, "two people move to the post "+*m.Code, "a post has one definitive holder")
		}
		taken[*m.Code] = m.Employee
		for _, a := range f.Assignments {
			if a.Kind != Definitive || a.Post != c.codes[*m.Code] || a.Employee == m.Employee || !a.To.IsZero() {
				continue
			}
			if i := slices.IndexFunc(moves, func(o Move) bool { return o.Employee == a.Employee && o.leaves() }); i < 0 {
				c.bad(rows[m.Employee], colCode, "the post "+*m.Code+" has a holder who does not move",
					"add a row for the present holder, or end that assignment first")
			}
		}
	}
}

// circles finds supervisors who would lead back to themselves.
func (c *moveCheck) circles(moves []Move, rows map[EmployeeID]Row, known Known) {
	up := map[EmployeeID]EmployeeID{}
	for _, e := range known.People {
		if s := c.ids[e.Supervisor]; s != 0 {
			up[e.ID] = s
		}
	}
	for _, m := range moves {
		if m.Supervisor != nil {
			delete(up, m.Employee)
			if s := c.ids[*m.Supervisor]; s != 0 && s != m.Employee {
				up[m.Employee] = s
			}
		}
	}
	for _, ring := range circles(up) {
		var lines []string
		var first *Row
		for _, e := range ring {
			if r, moved := rows[e]; moved {
				lines = append(lines, itoa(r.Line))
				if first == nil {
					first = &r
				}
			}
		}
		if first != nil {
			c.bad(*first, colSupervisor, "the supervisors go in a circle (lines "+strings.Join(lines, ", ")+")",
				"correct the supervisor of one of them; the head of the office has none")
		}
	}
}

// WithMoves is what the facts become when these people move on a day.
func (f CommandFacts) WithMoves(moves []Move, ids map[string]EmployeeID, day Day) CommandFacts {
	f.Links, f.Assignments = slices.Clone(f.Links), slices.Clone(f.Assignments)
	posts := map[string]PostID{}
	for _, p := range f.Posts {
		posts[p.Code] = p.ID
	}
	moved := make(map[EmployeeID]Move, len(moves))
	for _, m := range moves {
		moved[m.Employee] = m
	}
	f.Assignments = endOn(f.Assignments, day, func(a Assignment) bool {
		return moved[a.Employee].leaves() && a.Kind.own()
	})
	var links []Line
	for _, l := range f.Links {
		if moved[l.Employee].Supervisor != nil && (l.To.IsZero() || !l.To.Before(day)) {
			if !l.From.Before(day) {
				continue
			}
			l.To = day.Add(-1)
		}
		links = append(links, l)
	}
	for _, m := range moves {
		if m.Supervisor != nil && *m.Supervisor != "" {
			links = append(links, Line{Employee: m.Employee, Supervisor: ids[*m.Supervisor], From: day})
		}
		if m.Code != nil {
			f.Assignments = append(f.Assignments, Assignment{Post: posts[*m.Code], Employee: m.Employee, Kind: Definitive, From: day})
		}
	}
	f.Links = links
	return f
}

// Reroute is somebody whose superior changes on a day; 0 is the HR inbox.
type Reroute struct {
	Employee EmployeeID
	Old, New EmployeeID
}

// Reroutes compares two lines of command on a day, in the order of people.
func Reroutes(before, after CommandFacts, people []EmployeeID, day Day) []Reroute {
	old, now := NewCommand(before).On(day), NewCommand(after).On(day)
	var out []Reroute
	for _, e := range people {
		if a, b := old.Superior(e), now.Superior(e); a != b {
			out = append(out, Reroute{e, a, b})
		}
	}
	return out
}
