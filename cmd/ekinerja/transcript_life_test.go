package main

import (
	"strings"

	"ekinerja/roster"
)

// life is what happens to people in the personnel file: "nomor sri
// +6281299887766" (HR writes another number), "nomor telegram sri +62812…" (the
// account moves to it), "pensiun sri".
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
	if key, ok := strings.CutPrefix(what, "pensiun "); ok {
		return true, s.w.db.Retire(s.ctx, s.w.clock.Now(), s.w.actor(key).employee.Number)
	}
	return false, nil
}
