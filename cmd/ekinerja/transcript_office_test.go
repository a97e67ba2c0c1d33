package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// office is what the administrator of an office does at the desk, with the same
// code as the commands. What the command prints is a line of "pengelola":
//
//	! jabatan FILE                                 posts, a file of testdata/office
//	! tugas dian plh bambang 2026-11-26 2026-11-30
//	! mutasi FILE 2026-12-01, ! mutasi batal 1
//	! sif FILE 2026-12 Bangsal Anggrek
//	! cuti bambang 2026-11-24 2026-11-27           a confirmed leave, as the leave file has it
//	! berkas FILE                                  the leave system's file
//	! libur 2026-11-25 Nama                        announced now
//	! peran lilis hr                               a role from today on: of the own office for an
//	                                               administrator, of the whole city for others
//	! peran lilis hr selesai                       the role ends today
//	! ramadan 2027-02-08 2027-03-09                as the policy has it
func (s *story) office(what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	args := strings.Fields(rest)
	switch {
	case verb == "jabatan":
		return s.desk(func(d desk) error {
			return withFile(rest, func(r io.Reader) error {
				entries, problems := roster.ReadPosts(r, d.known)
				if !d.accept(problems) {
					return errNotImported
				}
				return d.putPosts(s.ctx, entries, gate{yes: true})
			})
		})
	case verb == "tugas" && len(args) == 5:
		return s.assign(args)
	case verb == "mutasi" && len(args) == 2:
		return s.mutation(args)
	case verb == "sif" && len(args) > 2:
		return s.desk(func(d desk) error {
			return withFile(args[0], func(r io.Reader) error {
				return d.importShifts(s.ctx, r, shiftList{strings.Join(args[2:], " "), args[1], gate{yes: true}})
			})
		})
	case verb == "berkas" && len(args) == 1:
		return s.desk(func(d desk) error {
			return withFile(args[0], func(r io.Reader) error {
				return d.importLeave(s.ctx, r, leaveFile{gate: gate{yes: true}})
			})
		})
	case verb == "cuti" && len(args) == 3:
		storetest.Rows(s.t, s.url, fmt.Sprintf(`INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_at)
			VALUES (%d, '%s', '%s', 'CT', 'import', 'confirmed', '%s')`,
			s.w.actor(args[0]).employee.ID, args[1], args[2], s.w.clock.Now().Format("2006-01-02T15:04:05Z07:00")))
		return s.redecide(args[1], args[2])
	case verb == "presensi" || verb == "mesin":
		return s.attend(what)
	case verb == "libur" && len(args) > 1:
		return s.holiday(args[0], strings.Join(args[1:], " "))
	case verb == "peran" && len(args) >= 2:
		return s.role(args)
	case verb == "ramadan" && len(args) == 2:
		s.w.settings.policy.Ramadan = []jobs.Span{{From: roster.MustDay(args[0]), To: roster.MustDay(args[1])}}
		s.w.app.Close()
		return s.w.startApp(s.ctx)
	}
	return fmt.Errorf("unknown disturbance %q", what)
}

// role gives somebody a role, or ends it.
func (s *story) role(args []string) error {
	now, who := s.w.clock.Now(), s.w.actor(args[0]).employee
	o := store.RoleOrder{Number: who.Number, Grant: roster.Grant{Role: roster.Role(args[1]), From: roster.DayOf(now)}, By: "pengelola"}
	if o.Role == roster.OPDAdmin {
		o.OPD = who.OPD
	}
	if len(args) > 2 {
		return s.w.app.store.RevokeRole(s.ctx, now, o)
	}
	return s.w.app.store.GrantRole(s.ctx, now, o)
}

// desk lets the administrator do something and prints what they saw. A refusal is
// part of a story, not its failure.
func (s *story) desk(do func(desk) error) error {
	var out bytes.Buffer
	d, err := openDesk(s.ctx, streams{in: strings.NewReader(""), out: &out, err: &out}, s.w.db, s.w.settings, s.w.clock.Now())
	if err != nil {
		return err
	}
	if err := do(d); err != nil {
		_, _ = fmt.Fprintln(&out, "ekinerja:", err)
	}
	_, _ = fmt.Fprintf(&s.out, "pengelola< %s\n", strings.ReplaceAll(strings.TrimSpace(out.String()), "\n", "\n  "))
	return s.tick()
}

func withFile(name string, do func(io.Reader) error) error {
	f, err := os.Open(filepath.Join("testdata", "office", name))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	return do(f)
}

func (s *story) assign(args []string) error {
	return s.desk(func(d desk) error {
		entry, err := d.assignment(rosterAssignCmd{
			Number: s.w.actor(args[0]).employee.Number, As: args[1], Of: s.w.actor(args[2]).employee.Number,
			From: roster.MustDay(args[3]), Until: roster.MustDay(args[4]),
		})
		if err != nil {
			return err
		}
		return d.putPosts(s.ctx, []roster.PostEntry{entry}, gate{yes: true})
	})
}

func (s *story) mutation(args []string) error {
	return s.desk(func(d desk) error {
		if args[0] == "batal" {
			id, err := strconv.ParseInt(args[1], 10, 64)
			if err != nil {
				return err
			}
			return d.cancelMutation(s.ctx, id)
		}
		return withFile(args[0], func(r io.Reader) error {
			return d.planMutation(s.ctx, r, mutationPlan{roster.MustDay(args[1]), args[0], gate{yes: true}})
		})
	})
}

func (s *story) holiday(date, name string) error {
	c, err := s.w.db.Calendar(s.ctx)
	if err != nil {
		return err
	}
	days := append(c.Days(), roster.CalendarDay{Day: roster.MustDay(date), Kind: roster.Libur, Name: name})
	if err := s.w.db.ImportCalendar(s.ctx, days); err != nil {
		return err
	}
	return s.redecide(date, date)
}

func (s *story) redecide(first, last string) error {
	return s.desk(func(d desk) error {
		done, err := d.turns().Redecide(s.ctx, store.Redo{
			First: roster.MustDay(first), Last: roster.MustDay(last), Why: "calendar", Words: s.w.settings.words,
		})
		d.printf("the duties of %d people were decided anew, %d were told\n", done.People, done.Told)
		return err
	})
}

// replan changes the text of one item of a person's plan, as an import would.
func (w *world) replan(ctx context.Context, number, code, text string) error {
	current, err := w.db.Plans(ctx)
	if err != nil {
		return err
	}
	var file roster.Plans
	for _, it := range current {
		if it.Number == number && it.Code == code {
			it.Text = text
		}
		file.Items = append(file.Items, it)
	}
	now := w.clock.Now()
	return w.db.ApplyPlans(ctx, now, roster.DayOf(now.In(w.settings.loc)), roster.ComparePlans(current, file))
}
