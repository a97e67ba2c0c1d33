package main

import (
	"errors"
	"os"
	"strings"

	"ekinerja/roster"
)

// life is what happens to people in the personnel file: "nomor sri
// +6281299887766" (HR writes another number), "nomor telegram sri +62812…" (the
// account moves to it), "pensiun sri"; "pertanyaan damkar" (the office's own
// questions, a file of docs/flow or testdata/office, put in force).
func (s *story) life(what string) (bool, error) {
	if rest, ok := strings.CutPrefix(what, "nomor telegram "); ok {
		key, number, _ := strings.Cut(rest, " ")
		s.phone(key).Phone = number
		return true, nil
	}
	if rest, ok := strings.CutPrefix(what, "nomor "); ok {
		key, number, _ := strings.Cut(rest, " ")
		e := s.w.actor(key).employee
		e.Phone = number
		now := s.w.clock.Now()
		return true, s.w.db.ApplyImport(s.ctx, now, roster.DayOf(now.In(s.w.settings.loc)), []roster.Employee{e}, nil)
	}
	if name, ok := strings.CutPrefix(what, "pertanyaan "); ok {
		return true, s.ask(name)
	}
	if key, ok := strings.CutPrefix(what, "pensiun "); ok {
		return true, s.w.db.Retire(s.ctx, s.w.clock.Now(), s.w.actor(key).employee.Number)
	}
	return false, nil
}

// ask puts a file of questions in force, as a start with that file does.
func (s *story) ask(name string) error {
	text, err := os.ReadFile("testdata/office/" + name + ".toml")
	if errors.Is(err, os.ErrNotExist) {
		text, err = os.ReadFile("../../docs/flow/" + name + ".toml")
	}
	if err != nil {
		return err
	}
	s.w.app.Close()
	s.w.settings = newQuestions(s.t, s.w.settings, string(text))
	if err := s.w.startApp(s.ctx); err != nil {
		return err
	}
	return s.w.app.keepFlow(s.ctx)
}
