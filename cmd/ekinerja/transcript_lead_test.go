package main

import (
	"io"
	"strings"

	"ekinerja/roster"
)

// leads is what an administrator does about crews:
//
//	! pegawai FILE                       people, a file of testdata/office
//	! kru FILE                           who reports for whom
//	! sanggah KRU-01 2026-11-23 words    somebody without a telephone says that a record is wrong
func (s *story) leads(what string) (bool, error) {
	verb, rest, _ := strings.Cut(what, " ")
	switch verb {
	case "pegawai":
		return true, withFile(rest, s.people)
	case "kru":
		return true, s.desk(func(d desk) error {
			return withFile(rest, func(r io.Reader) error { return d.importCrews(s.ctx, r, gate{yes: true}) })
		})
	case "sanggah":
		number, rest, _ := strings.Cut(rest, " ")
		date, said, _ := strings.Cut(rest, " ")
		return true, s.desk(func(d desk) error {
			return d.contest(s.ctx, crewContestCmd{Number: number, Day: roster.MustDay(date), Said: said})
		})
	}
	return false, nil
}

// people imports a file as the command does.
func (s *story) people(r io.Reader) error {
	table, err := roster.ReadCSV(r)
	if err != nil {
		return err
	}
	now := s.w.clock.Now()
	today := roster.DayOf(now.In(s.w.settings.loc))
	known, err := s.w.db.Employees(s.ctx, today)
	if err != nil {
		return err
	}
	file, problems := roster.Parse(table, known)
	for _, p := range problems {
		if p.Fix != "" && !p.Warning {
			s.t.Errorf("the file has a fault: %s", p)
		}
	}
	return s.w.db.ApplyImport(s.ctx, now, today, file.Employees(), nil)
}
