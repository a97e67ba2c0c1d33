package roster

import (
	"io"
	"slices"
	"strings"
)

// PostEntry is a post as a file has it, with everybody who holds it.
type PostEntry struct {
	Line                         int
	Code, Name, OPD, Unit, Above string // Above is the code of the superior post
	Holders                      []Holder
}

// Holder is somebody on a post. A zero From is the day of the import, or since
// whenever the person has held it already.
type Holder struct {
	Employee EmployeeID
	Kind     Holding
	From, To Day
	Letter   string
}

// Known is what a file is compared with.
type Known struct {
	Facts  CommandFacts
	People []Employee
}

// IDs are the people by number.
func (k Known) IDs() map[string]EmployeeID {
	ids := make(map[string]EmployeeID, len(k.People))
	for _, e := range k.People {
		ids[e.Number] = e.ID
	}
	return ids
}

// ReadPosts reads posts and who holds them: one row a post, or one a holder when
// it has several. The first row of a post says what it is.
//
//	kode_jabatan   required; the office's own short name of the post
//	jabatan, opd, unit   of a new post; empty: as it is
//	kode_atasan    the superior post; empty at the top
//	nip            who holds it; empty: vacant
//	status         definitif (when empty), plt, plh, pj
//	mulai, selesai first and last day; a Plh needs a last day
//	surat          number of the letter
//
// All problems are told, in line order; with any but warnings nothing may be used.
func ReadPosts(r io.Reader, known Known) ([]PostEntry, []Problem) {
	s, err := readSheetOf(r, postColumns())
	if err != nil {
		return nil, []Problem{unreadable(err)}
	}
	ids := known.IDs()
	var order []*PostEntry
	byCode := map[string]*PostEntry{}
	for _, row := range s.rows {
		code := s.code(row, colCode)
		if code == "" {
			s.bad(row, colCode, "the code of the post is missing", "give every post a short name of its own, such as KABID-PAJAK")
			continue
		}
		e := byCode[code]
		if e == nil {
			e = s.post(row, code, known.Facts.Posts)
			byCode[code], order = e, append(order, e)
		}
		if s.cell(row, colNumber) != "" {
			s.holder(row, e, ids)
		}
	}
	entries := make([]PostEntry, len(order))
	for i, e := range order {
		entries[i] = *e
	}
	s.checkPosts(entries, known.Facts.Posts)
	sortProblems(s.problems)
	return entries, s.problems
}

func (s *sheet) code(r Row, c column) string { return strings.ToUpper(s.cell(r, c)) }

func (s *sheet) post(row Row, code string, known []Post) *PostEntry {
	e := &PostEntry{
		Line: row.Line, Code: code, Name: s.cell(row, colPost), OPD: s.cell(row, colOPD),
		Unit: s.cell(row, colUnit), Above: s.code(row, colSuperior),
	}
	i := slices.IndexFunc(known, func(p Post) bool { return p.Code == code })
	switch {
	case i >= 0:
		if e.Name == "" {
			e.Name = known[i].Name
		}
		if e.OPD == "" {
			e.OPD = known[i].OPD
			if e.Unit == "" {
				e.Unit = known[i].Unit
			}
		}
	case e.OPD == "":
		s.bad(row, colOPD, "the OPD of the new post is missing", "write the OPD that the post belongs to")
	case e.Name == "":
		s.bad(row, colPost, "the name of the new post is missing", "write what the post is called")
	}
	return e
}

func (s *sheet) holder(row Row, e *PostEntry, ids map[string]EmployeeID) {
	h := Holder{
		Employee: s.person(row, colNumber, ids), Kind: Definitive, Letter: s.cell(row, colLetter),
		From: s.date(row, colFrom), To: s.date(row, colTo),
	}
	if v := strings.ToLower(strings.Trim(s.cell(row, colHolding), ".")); v != "" {
		h.Kind = Holding(v)
	}
	switch {
	case h.Kind.rank() < 0:
		s.bad(row, colHolding, "this kind of assignment is not known", "write definitif, plt, plh or pj")
	case h.Kind == Plh && h.To.IsZero():
		s.bad(row, colTo, "a Plh without a last day", "write the last day of the letter; a post that is vacant has a Plt")
	case !h.To.IsZero() && h.To.Before(h.From):
		s.bad(row, colTo, "the last day is before the first", "correct one of the two dates")
	case h.Employee != 0:
		e.Holders = append(e.Holders, h)
	}
}

// checkPosts finds what only shows when all posts are looked at.
func (s *sheet) checkPosts(entries []PostEntry, known []Post) {
	up := map[string]string{}
	codes := map[PostID]string{}
	for _, p := range known {
		codes[p.ID] = p.Code
	}
	for _, p := range known {
		up[p.Code] = codes[p.Superior]
	}
	line := map[string]int{}
	for _, e := range entries {
		up[e.Code], line[e.Code] = e.Above, e.Line
	}
	for _, e := range entries {
		row := Row{Line: e.Line}
		if _, there := up[e.Above]; e.Above != "" && !there {
			s.bad(row, colSuperior, "no post has the code "+e.Above, "correct the code, or add a row for that post")
		}
		if n := definitiveAtOnce(e.Holders); n > 1 {
			s.bad(row, colNumber, "the post "+e.Code+" would have two definitive holders at once", "keep one, or write plt or plh in the column status")
		}
	}
	for code, above := range up {
		if above == "" || up[above] == "" && line[above] == 0 {
			delete(up, code)
		}
	}
	for _, ring := range circles(up) {
		for _, code := range ring {
			if line[code] != 0 {
				s.bad(Row{Line: line[code]}, colSuperior,
					"the posts lead back to themselves: "+strings.Join(ring, " → ")+" → "+ring[0],
					"correct kode_atasan of one of them; the highest post has none")
				break
			}
		}
	}
}

// definitiveAtOnce is how many definitive holders overlap at most, two for any.
func definitiveAtOnce(holders []Holder) int {
	for i, a := range holders {
		for _, b := range holders[:i] {
			apart := !a.To.IsZero() && a.To.Before(b.From) || !b.To.IsZero() && b.To.Before(a.From)
			if a.Kind == Definitive && b.Kind == Definitive && !apart {
				return 2
			}
		}
	}
	return min(1, len(holders))
}

// WithPosts is what the facts become on a day: the posts of the file are what it
// says, and from that day on exactly those hold them whom it names. It also
// settles, in entries, since when each holder has been there.
func (f CommandFacts) WithPosts(entries []PostEntry, day Day) CommandFacts {
	f.Posts, f.Assignments = slices.Clone(f.Posts), slices.Clone(f.Assignments)
	id := map[string]PostID{}
	next := PostID(1)
	for _, p := range f.Posts {
		id[p.Code], next = p.ID, max(next, p.ID+1)
	}
	for _, e := range entries {
		if _, ok := id[e.Code]; !ok {
			id[e.Code] = next
			f.Posts = append(f.Posts, Post{ID: next, Code: e.Code})
			next++
		}
	}
	for _, e := range entries {
		i := slices.IndexFunc(f.Posts, func(p Post) bool { return p.ID == id[e.Code] })
		f.Posts[i] = Post{ID: id[e.Code], Code: e.Code, Name: e.Name, OPD: e.OPD, Unit: e.Unit, Superior: id[e.Above]}
		since(e.Holders, f.Assignments, id[e.Code], day)
		f.Assignments = endOn(f.Assignments, day, func(a Assignment) bool { return a.Post == id[e.Code] })
		for _, h := range e.Holders {
			f.Assignments = slices.DeleteFunc(f.Assignments, func(a Assignment) bool {
				return a.Post == id[e.Code] && a.Employee == h.Employee && a.Kind == h.Kind && a.From == h.From
			})
			f.Assignments = append(f.Assignments, Assignment{id[e.Code], h.Employee, h.Kind, h.From, h.To, h.Letter})
		}
	}
	return f
}

// since fills in the first days that a file leaves open.
func since(holders []Holder, before []Assignment, post PostID, day Day) {
	for i, h := range holders {
		if !h.From.IsZero() {
			continue
		}
		holders[i].From = day
		for _, a := range before {
			if a.Post == post && a.Employee == h.Employee && a.Kind == h.Kind && a.holds(day) {
				holders[i].From = a.From
			}
		}
	}
}

// endOn ends assignments the day before; those that would begin later are taken back.
func endOn(all []Assignment, day Day, which func(Assignment) bool) []Assignment {
	var out []Assignment
	for _, a := range all {
		if !which(a) || !a.To.IsZero() && a.To.Before(day) {
			out = append(out, a)
			continue
		}
		if a.From.Before(day) {
			a.To = day.Add(-1)
			out = append(out, a)
		}
	}
	return out
}
