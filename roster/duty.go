package roster

// State says whether a person owes a report on a day.
type State string

// The three states. Deferred is between: the person may report but nobody is
// reminded, escalated or scored until it is settled.
const (
	Due      State = "due"
	NotDue   State = "not_due"
	Deferred State = "deferred"
)

// Reason says why; a closed set.
type Reason string

// The reasons. The first group goes with Due, the second with NotDue, the third
// with NotDue when confirmed and with Deferred when only claimed; an outage of
// the service itself defers.
const (
	ReasonWorkday        Reason = "workday"
	ReasonSpecialWorkday Reason = "special_workday"
	ReasonShift          Reason = "shift"
	ReasonFieldDuty      Reason = "field_duty"
	ReasonTraining       Reason = "training"
	ReasonWFH            Reason = "wfh"
	ReasonWFA            Reason = "wfa"

	ReasonNotEmployed Reason = "not_employed"
	ReasonHoliday     Reason = "holiday"
	ReasonJointLeave  Reason = "joint_leave"
	ReasonWeekend     Reason = "weekend"
	ReasonOffShift    Reason = "off_shift" // also in the third group, by a swap

	ReasonLeave     Reason = "leave"
	ReasonSick      Reason = "sick"
	ReasonMaternity Reason = "maternity"
	ReasonStudy     Reason = "study"

	ReasonOutage Reason = "outage"
)

// Shift is one listed shift. It belongs to the day it begins on; an End not
// after Start is on the next day (21.00–07.00 is 21.00–31.00).
type Shift struct {
	Employee   EmployeeID
	Day        Day
	Start, End Clock
	Name       string
}

// Facts are all that decides one person's duty.
type Facts struct {
	Pattern  Pattern
	Calendar Calendar
	// EmployedFrom and EmployedTo are the first and last day; zero is open.
	EmployedFrom, EmployedTo Day
	// Shift is the person's listed shift of the day, if any.
	Shift *Shift
	// Absence is the one that counts, see [AbsenceOn]; nil for none.
	Absence *Absence
	// Outage: the service was down so long that the person could not report.
	Outage bool
}

// Elsewhere reports that the person works away from the usual desk.
func (r Reason) Elsewhere() bool {
	return r == ReasonFieldDuty || r == ReasonTraining || r == ReasonWFH || r == ReasonWFA
}

// Duty is what one person owes on one day, with exactly one state and reason.
type Duty struct {
	Day    Day
	State  State
	Reason Reason
	// Name is the holiday's, joint leave's, special working day's or shift's.
	Name string
	// Start and End are the working hours; zero when the day is not worked. End
	// passes 24 hours when a shift ends on the next day.
	Start, End Clock
	// ShortForm: a short report is enough.
	ShortForm bool
	// Next is the working day until which a late report counts.
	Next Day
}

// DutyOf decides the duty of one person on one day, in this order:
//
//	not employed ─▶ not due
//	free by the pattern (holiday, joint leave, weekend, no shift) ─▶ not due
//	leave: confirmed ─▶ not due, claimed ─▶ deferred
//	our outage ─▶ deferred
//	else ─▶ due: at the desk, or elsewhere (DL, diklat, WFH, WFA)
//
// Holidays and joint leave free the five- and six-day patterns. People on
// shifts work when they are listed, on holidays too. An absence never makes a
// free day due.
func DutyOf(f Facts, day Day) Duty {
	if !f.employedOn(day) {
		return Duty{Day: day, State: NotDue, Reason: ReasonNotEmployed}
	}
	d := worked(f, day)
	d.Day = day
	if d.State == NotDue {
		return d
	}
	d.Next = f.Calendar.NextWorkday(f.Pattern, day.Add(int(d.End/At24(24, 0))))
	if a := f.Absence; a != nil && a.Covers(day) {
		d = absent(d, *a)
	}
	if f.Outage && d.State == Due {
		d.State, d.Reason = Deferred, ReasonOutage
	}
	return d
}

func (f Facts) employedOn(d Day) bool {
	return (f.EmployedFrom.IsZero() || !d.Before(f.EmployedFrom)) &&
		(f.EmployedTo.IsZero() || !d.After(f.EmployedTo))
}

// worked is the duty by pattern, calendar and shift alone.
func worked(f Facts, day Day) Duty {
	if f.Pattern == Shifts {
		return onShift(f.Shift, day)
	}
	special, _ := f.Calendar.On(day)
	hours, ok := f.hours(day)
	switch {
	case special.Kind == Libur:
		return Duty{State: NotDue, Reason: ReasonHoliday, Name: special.Name}
	case special.Kind == CutiBersama:
		return Duty{State: NotDue, Reason: ReasonJointLeave, Name: special.Name}
	case special.Kind == HariKerjaKhusus:
		if !ok { // a free weekday has no hours of its own; it is worked like a Monday
			hours, _ = f.hours(day.Monday())
		}
		return Duty{State: Due, Reason: ReasonSpecialWorkday, Name: special.Name, Start: hours.Start, End: hours.End}
	case !ok:
		return Duty{State: NotDue, Reason: ReasonWeekend}
	}
	return Duty{State: Due, Reason: ReasonWorkday, Start: hours.Start, End: hours.End}
}

// hours are those announced for the date, else Ramadan's, else the pattern's; a
// free weekday has none.
func (f Facts) hours(day Day) (WorkHours, bool) {
	p := PatternOf(f.Pattern)
	hours, worked := p.Hours(day.Weekday())
	if f.Calendar.InRamadan(day) {
		hours, worked = p.RamadanHours(day.Weekday())
	}
	if special, ok := f.Calendar.hoursOn(f.Pattern, day); ok && worked {
		return special, true
	}
	return hours, worked
}

func onShift(s *Shift, day Day) Duty {
	if s == nil || s.Day != day {
		return Duty{State: NotDue, Reason: ReasonOffShift}
	}
	end := s.End
	if end <= s.Start {
		end += At24(24, 0)
	}
	return Duty{State: Due, Reason: ReasonShift, Name: s.Name, Start: s.Start, End: end}
}

// absent applies an absence to a worked day.
func absent(d Duty, a Absence) Duty {
	rule := a.Kind.rule()
	switch {
	case rule.reason == ReasonWorkday: // a kind not known changes nothing
		return d
	case rule.works:
		d.Reason, d.ShortForm = rule.reason, a.Kind.ShortForm()
	case a.Confirmed:
		return Duty{Day: d.Day, State: NotDue, Reason: rule.reason}
	default:
		d.State, d.Reason = Deferred, rule.reason
	}
	return d
}
