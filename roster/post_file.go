package roster

import (
	"io"
	"slices"
	"strings"
)

// PostEntry is a post as a file has it, with everybody who holds it.
type PostEntry struct {
	Line                  int
	Code, Name, OPD, Unit string
	Above                 *Above // nil: as it is
	Holders               []Holder
}

// Above is the superior post from a day on, by its code; none when that is empty.
// A zero From is the day of the import, or since whenever it has been so already.
type Above struct {
	Code string
	From Day
}

// Holder is somebody on a post. A zero From is the day of the import, or since
// whenever the person has held it already.
type Holder struct {
	Employee EmployeeID
	Kind     Holding
	From, To Day
	Letter   string
}

// Known is what a file is compared with, on a day.
type Known struct {
	Day    Day
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
//	atasan_mulai   since when or from when on it is that one
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
	s.checkPosts(entries, known)
	sortProblems(s.problems)
	return entries, s.problems
}

func (s *sheet) code(r Row, c column) string { return strings.ToUpper(s.cell(r, c)) }

func (s *sheet) post(row Row, code string, known []Post) *PostEntry {
	e := &PostEntry{
		Line: row.Line, Code: code, Name: s.cell(row, colPost), OPD: s.cell(row, colOPD),
		Unit: s.cell(row, colUnit), Above: &Above{s.code(row, colSuperior), s.date(row, colBelow)},
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
func (s *sheet) checkPosts(entries []PostEntry, known Known) {
	there, line := map[string]bool{}, map[string]int{}
	for _, p := range known.Facts.Posts {
		there[p.Code] = true
	}
	for _, e := range entries {
		there[e.Code], line[e.Code] = true, e.Line
	}
	for _, e := range entries {
		row := Row{Line: e.Line}
		if e.Above.Code != "" && !there[e.Above.Code] {
			s.bad(row, colSuperior, "no post has the code "+e.Above.Code, "correct the code, or add a row for that post")
		}
		if n := definitiveAtOnce(e.Holders); n > 1 {
			s.bad(row, colNumber, "the post "+e.Code+" would have two definitive holders at once", "keep one, or write plt or plh in the column status")
		}
	}
	s.checkCircles(entries, known, line)
}

// checkCircles looks at the posts on each day from which they stand otherwise.
func (s *sheet) checkCircles(entries []PostEntry, known Known, line map[string]int) {
	facts := known.Facts.WithPosts(clonePosts(entries), known.Day)
	code := make(map[PostID]string, len(facts.Posts))
	for _, p := range facts.Posts {
		code[p.ID] = p.Code
	}
	days := []Day{known.Day}
	for _, l := range facts.Above {
		if l.From.After(known.Day) {
			days = append(days, l.From)
		}
	}
	slices.SortFunc(days, func(a, b Day) int { return a.Sub(b) })
	told := map[string]bool{}
	for _, day := range slices.Compact(days) {
		for _, ring := range circles(facts.superiors(code, day)) {
			i := slices.IndexFunc(ring, func(c string) bool { return line[c] != 0 })
			if way := strings.Join(ring, " → "); i >= 0 && !told[way] {
				told[way] = true
				s.bad(Row{Line: line[ring[i]]}, colSuperior, "the posts lead back to themselves: "+way+" → "+ring[0],
					"correct kode_atasan of one of them; the highest post has none")
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
