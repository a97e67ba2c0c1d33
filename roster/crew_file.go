package roster

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// CrewPlace is somebody's place on the roll of a foreman's crew.
type CrewPlace struct {
	Line            int
	Foreman, Member EmployeeID
	Place           int // by which the foreman calls them, from 1
}

// MaxCrew is how many people one foreman can report for.
const MaxCrew = 60

const (
	colForeman column = "foreman"
	colPlace   column = "place"
)

// crewColumns are the columns of a file of crews.
func crewColumns() []columnDef {
	return []columnDef{
		{colForeman, true, []string{"nip mandor", "mandor", "foreman", "nomor mandor"}},
		{colPlace, false, []string{"no", "urut", "nomor urut", "place"}},
		{colNumber, true, []string{"nip", "nomor", "number", "nomor pegawai", "nip anggota", "anggota"}},
	}
}

// ReadCrews reads who reports for whom:
//
//	nip_mandor   required; the foreman, who has a chat
//	nip          required; a member, known on the roster
//	no           the number on the roll; empty: the next one
//
// For a foreman in the file, the file is the whole crew. All problems are told, in
// line order; with any but warnings nothing may be used.
func ReadCrews(r io.Reader, people []Employee) ([]CrewPlace, []Problem) {
	s, err := readSheetOf(r, crewColumns())
	if err != nil {
		return nil, []Problem{unreadable(err)}
	}
	ids := Known{People: people}.IDs()
	var all []CrewPlace
	for _, row := range s.rows {
		c := CrewPlace{Line: row.Line, Foreman: s.person(row, colForeman, ids), Member: s.person(row, colNumber, ids)}
		if v := s.cell(row, colPlace); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 || n > MaxCrew {
				s.bad(row, colPlace, fmt.Sprintf("%q is no number of a roll", v), fmt.Sprintf("write a number from 1 to %d", MaxCrew))
			}
			c.Place = n
		}
		s.checkCrew(row, c, all)
		all = append(all, c)
	}
	sortProblems(s.problems)
	return placed(all), s.problems
}

// checkCrew looks for what cannot be: two places, a place twice, a foreman of oneself.
func (s *sheet) checkCrew(row Row, c CrewPlace, before []CrewPlace) {
	if c.Foreman == 0 || c.Member == 0 {
		return // told already
	}
	if c.Foreman == c.Member {
		s.bad(row, colNumber, "the foreman is in the own crew", "leave the foreman out; the own report is written as always")
	}
	for _, o := range before {
		switch {
		case o.Member == c.Member:
			s.bad(row, colNumber, fmt.Sprintf("the person is in line %d already", o.Line), "put everybody in one crew only")
		case o.Foreman == c.Foreman && o.Place == c.Place && c.Place != 0:
			s.bad(row, colPlace, fmt.Sprintf("number %d is in line %d already", c.Place, o.Line), "give everybody of a crew a number of their own")
		case o.Member == c.Foreman || o.Foreman == c.Member:
			s.bad(row, colForeman, "a foreman is in another crew", "a foreman writes the own report and is in no crew")
		}
	}
}

// placed gives those without a number the next free one of their crew.
func placed(all []CrewPlace) []CrewPlace {
	taken := map[EmployeeID]map[int]bool{}
	for _, c := range all {
		if taken[c.Foreman] == nil {
			taken[c.Foreman] = map[int]bool{}
		}
		taken[c.Foreman][c.Place] = true
	}
	for i := range all {
		for n := 1; all[i].Place == 0; n++ {
			if !taken[all[i].Foreman][n] {
				all[i].Place, taken[all[i].Foreman][n] = n, true
			}
		}
	}
	slices.SortStableFunc(all, func(a, b CrewPlace) int {
		return cmp.Or(cmp.Compare(a.Foreman, b.Foreman), cmp.Compare(a.Place, b.Place))
	})
	return all
}
