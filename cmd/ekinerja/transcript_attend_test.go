package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
)

// theMachine hangs in the hall of the simulated city's first office.
const theMachine = "BAPENDA01"

// attend is what attendance machines record:
//
//	! presensi sri 07.12                 on the story's day
//	! presensi sri 2026-11-20 07.12      on another one
//	! mesin bekerja 2026-11-23           others came and went that day: the machine worked
//	! presensi dihitung                  the policy counts a missing punch
func (s *story) attend(what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	args := strings.Fields(rest)
	switch {
	case what == "presensi dihitung":
		s.w.settings.policy.Attend.Missing = true
		s.w.app.Close()
		return s.w.startApp(s.ctx)
	case verb == "presensi" && len(args) >= 2:
		clock, err := roster.ParseClock(args[len(args)-1])
		if err != nil {
			return err
		}
		day := roster.DayOf(s.w.clock.Now().In(s.w.settings.loc))
		if len(args) > 2 {
			day = roster.MustDay(args[1])
		}
		return s.punch(map[string][]time.Time{args[0]: {day.At(clock, s.w.settings.loc)}})
	case verb == "mesin" && len(args) == 2:
		day, err := roster.ParseDay(args[1])
		if err != nil {
			return err
		}
		at := func(h, m int) time.Time { return day.At(roster.At24(h, m), s.w.settings.loc) }
		return s.punch(map[string][]time.Time{
			"gunawan": {at(7, 5), at(16, 10), at(16, 40)}, "hesti": {at(7, 9), at(16, 12), at(16, 41)},
		})
	}
	return fmt.Errorf("unknown attendance %q", what)
}

// punch lets the machine record people, whose PIN is the number of their phone.
func (s *story) punch(who map[string][]time.Time) error {
	device, err := s.w.db.Device(s.ctx, theMachine)
	if errors.Is(err, store.ErrNoDevice) {
		if _, err = s.w.db.AddDevice(s.ctx, s.w.clock.Now(), store.NewDevice{Serial: theMachine, Offset: 7 * time.Hour}); err == nil {
			device, err = s.w.db.Device(s.ctx, theMachine)
		}
	}
	if err != nil {
		return err
	}
	push := store.Push{Device: device.ID, Zone: device.Zone}
	var pins []roster.PIN
	for key, times := range who {
		a := s.w.actor(key)
		pin := fmt.Sprint(a.phone.ID)
		pins = append(pins, roster.PIN{Employee: a.employee.ID, PIN: pin, From: roster.MustDay("2026-01-01")})
		for _, at := range times {
			push.Punches = append(push.Punches, roster.Punch{PIN: pin, At: at})
		}
	}
	if _, err := s.w.db.PutPINs(s.ctx, s.w.clock.Now(), pins); err != nil {
		return err
	}
	keep := store.Punches{Store: s.w.db, Now: s.w.clock.Now}
	return keep.Keep(s.ctx, push)
}
