package roster

import (
	"errors"
	"fmt"
	"time"
)

// Hours is the policy of when to ask and how long an answer counts.
type Hours struct {
	// AskBeforeEnd is how long before the end of work the question comes.
	AskBeforeEnd time.Duration
	// Deadline is the last moment of the same day that counts as on time.
	Deadline Clock
	// AwayDeadline is the same for people who work elsewhere (DL, diklat, WFH,
	// WFA); they may be on the road.
	AwayDeadline Clock
	// AfterShift is the least time from the end of work to the deadline; it
	// moves the deadline of shifts that end late.
	AfterShift time.Duration
	// Morning is the earliest deadline of a shift that ends past midnight, on
	// the day it ends: nobody must wake up to report.
	Morning Clock
	// LateUntil is the last moment, on the next working day, that counts as late.
	LateUntil Clock
	// ChooseFrom and ChooseBefore are between which hours a person may choose to be
	// asked: from an hour on, and until so long before the deadline.
	ChooseFrom   Clock
	ChooseBefore time.Duration
}

// Choosable are the first and the last hour at which a person may choose to be asked.
func (h Hours) Choosable() (first, last Clock) {
	return h.ChooseFrom, h.Deadline - Clock(h.ChooseBefore/time.Minute)
}

// DefaultHours: asked 60 minutes before the end of work, on time until 21.00
// (elsewhere 24.00), late until 16.00 of the next working day.
func DefaultHours() Hours {
	return Hours{
		AskBeforeEnd: time.Hour,
		Deadline:     At24(21, 0),
		AwayDeadline: At24(24, 0),
		AfterShift:   3 * time.Hour,
		Morning:      At24(12, 0),
		LateUntil:    At24(16, 0),
		ChooseFrom:   At24(12, 0),
		ChooseBefore: 2 * time.Hour,
	}
}

// ErrHours: a policy that would ask after its own deadline.
var ErrHours = errors.New("impossible hours")

// Check tells the first thing that is wrong with a policy, or nil.
func (h Hours) Check() error {
	day := At24(24, 0)
	switch {
	case h.AskBeforeEnd < 0 || h.AskBeforeEnd > 8*time.Hour:
		return fmt.Errorf("%w: ask %v before the end of work: want 0 to 8 h", ErrHours, h.AskBeforeEnd)
	case h.AfterShift < 30*time.Minute || h.AfterShift > 12*time.Hour:
		return fmt.Errorf("%w: %v from the end of work to the deadline: want 30 min to 12 h", ErrHours, h.AfterShift)
	case h.Deadline <= 0 || h.Deadline > day || h.AwayDeadline < h.Deadline || h.AwayDeadline > day:
		return fmt.Errorf("%w: deadlines %v and %v: want the second not before the first, both until 24.00",
			ErrHours, h.Deadline, h.AwayDeadline)
	case h.Morning < 0 || h.Morning >= day:
		return fmt.Errorf("%w: morning %v: want a time of the day", ErrHours, h.Morning)
	case h.LateUntil < At24(12, 0) || h.LateUntil >= day:
		return fmt.Errorf("%w: late until %v: want 12.00 to 23.59", ErrHours, h.LateUntil)
	}
	return nil
}

// Times are the moments of one duty: AskAt < Deadline < LateUntil.
// A duty that is not due has zero Times.
type Times struct{ AskAt, Deadline, LateUntil time.Time }

// Times computes the moments of a duty in the city's time zone:
//
//	work ends        on time until                     late until (LateUntil of)
//	by 20.00         21.00 the same day                the next working day
//	20.01 – 23.59    end + 3 h                         the next working day
//	24.00 or later   12.00 of the day it ends, or      the next working day after
//	                 end + 3 h if that is later        the day it ends
//
// So a shift 21.00–07.00 of Monday is asked at 06.00 on Tuesday, is on time
// until 12.00 and late until 16.00 on Wednesday. 20.00 is one hour before
// Deadline; that hour is the least there is to answer in.
func (h Hours) Times(d Duty, loc *time.Location) Times {
	if d.State == NotDue || d.State == "" {
		return Times{}
	}
	deadline := h.deadline(d)
	t := Times{
		AskAt:     d.Day.At(d.End-minutes(h.AskBeforeEnd), loc),
		Deadline:  d.Day.At(deadline, loc),
		LateUntil: d.Next.At(h.LateUntil, loc),
	}
	if !t.LateUntil.After(t.Deadline) { // only with a policy that Check refuses
		t.LateUntil = d.Day.At(deadline+minutes(h.AfterShift), loc)
	}
	return t
}

func (h Hours) deadline(d Duty) Clock {
	day := At24(24, 0)
	least := d.End + minutes(h.AfterShift)
	if d.End >= day {
		return max(least, d.End/day*day+h.Morning)
	}
	deadline := h.Deadline
	if d.Reason.Elsewhere() {
		deadline = h.AwayDeadline
	}
	if d.End > deadline-At24(1, 0) {
		return max(least, deadline)
	}
	return deadline
}

func minutes(d time.Duration) Clock { return Clock(d / time.Minute) }
