package roster

import (
	"testing"
	"time"
)

// testCalendar is the seed, one special working Saturday, one special working
// day of a joint leave's week, and Ramadan 1448 H as computed.
func testCalendar() Calendar {
	special := []CalendarDay{
		{MustDay("2026-12-19"), HariKerjaKhusus, "Pengganti 24 Desember", "SE 1/2026"},
		{MustDay("2026-11-29"), HariKerjaKhusus, "Simulasi bencana", ""},
	}
	return NewCalendar(append(Seed(), special...)).WithRamadan(MustDay("2027-02-08"), MustDay("2027-03-09"))
}

// handWorked is one person's day worked out by hand. absence is a kind with "?"
// when it is only claimed; shift is start–end; times are of the day given, with
// "+1" for the next one.
type handWorked struct {
	pattern              Pattern
	day                  string
	absence, shift       string
	state                State
	reason               Reason
	hours                string
	ask, deadline, until string
}

func handWorkedDays() []handWorked {
	return []handWorked{
		// An ordinary week in November 2026, five and six days;
		// Sunday the 29th is worked (below), so Friday's late answer waits for it.
		{"5HK", "2026-11-23", "", "", Due, "workday", "07.30-16.00", "23 15.00", "23 21.00", "24 16.00"},
		{"5HK", "2026-11-24", "", "", Due, "workday", "07.30-16.00", "24 15.00", "24 21.00", "25 16.00"},
		{"5HK", "2026-11-25", "", "", Due, "workday", "07.30-16.00", "25 15.00", "25 21.00", "26 16.00"},
		{"5HK", "2026-11-26", "", "", Due, "workday", "07.30-16.00", "26 15.00", "26 21.00", "27 16.00"},
		{"5HK", "2026-11-27", "", "", Due, "workday", "07.30-16.30", "27 15.30", "27 21.00", "29 16.00"},
		{"5HK", "2026-11-28", "", "", NotDue, "weekend", "", "", "", ""},
		{"5HK", "2026-11-22", "", "", NotDue, "weekend", "", "", "", ""},
		{"6HK", "2026-11-23", "", "", Due, "workday", "07.30-15.00", "23 14.00", "23 21.00", "24 16.00"},
		{"6HK", "2026-11-26", "", "", Due, "workday", "07.30-15.00", "26 14.00", "26 21.00", "27 16.00"},
		{"6HK", "2026-11-27", "", "", Due, "workday", "07.30-14.30", "27 13.30", "27 21.00", "28 16.00"},
		{"6HK", "2026-11-28", "", "", Due, "workday", "07.30-14.30", "28 13.30", "28 21.00", "29 16.00"},
		{"6HK", "2026-11-22", "", "", NotDue, "weekend", "", "", "", ""},
		// A working Sunday: hours of a Monday.
		{"5HK", "2026-11-29", "", "", Due, "special_workday", "07.30-16.00", "29 15.00", "29 21.00", "30 16.00"},
		{"6HK", "2026-11-29", "", "", Due, "special_workday", "07.30-15.00", "29 14.00", "29 21.00", "30 16.00"},
		{"SIF", "2026-11-29", "", "", NotDue, "off_shift", "", "", "", ""},
		// Christmas 2026 with joint leave and a special working Saturday before.
		{"5HK", "2026-12-18", "", "", Due, "workday", "07.30-16.30", "18 15.30", "18 21.00", "19 16.00"},
		{"5HK", "2026-12-19", "", "", Due, "special_workday", "07.30-16.00", "19 15.00", "19 21.00", "21 16.00"},
		{"6HK", "2026-12-19", "", "", Due, "special_workday", "07.30-14.30", "19 13.30", "19 21.00", "21 16.00"},
		{"5HK", "2026-12-23", "", "", Due, "workday", "07.30-16.00", "23 15.00", "23 21.00", "28 16.00"},
		{"6HK", "2026-12-23", "", "", Due, "workday", "07.30-15.00", "23 14.00", "23 21.00", "26 16.00"},
		{"5HK", "2026-12-24", "", "", NotDue, "joint_leave", "", "", "", ""},
		{"5HK", "2026-12-25", "", "", NotDue, "holiday", "", "", "", ""},
		{"6HK", "2026-12-24", "", "", NotDue, "joint_leave", "", "", "", ""},
		{"6HK", "2026-12-25", "", "", NotDue, "holiday", "", "", "", ""},
		{"6HK", "2026-12-26", "", "", Due, "workday", "07.30-14.30", "26 13.30", "26 21.00", "28 16.00"},
		{"5HK", "2026-12-31", "", "", Due, "workday", "07.30-16.00", "31 15.00", "31 21.00", "04 16.00"},
		{"5HK", "2027-01-01", "", "", NotDue, "holiday", "", "", "", ""},
		{"5HK", "2027-01-04", "", "", Due, "workday", "07.30-16.00", "04 15.00", "04 21.00", "06 16.00"},
		{"5HK", "2027-01-05", "", "", NotDue, "holiday", "", "", "", ""},
		// A holiday on a weekend is a holiday; it has a name to show.
		{"5HK", "2027-03-28", "", "", NotDue, "holiday", "", "", "", ""},
		{"5HK", "2027-05-01", "", "", NotDue, "holiday", "", "", "", ""},
		// Ramadan: from 08.00, shorter; before Idulfitri the late answer waits long.
		{"5HK", "2027-02-09", "", "", Due, "workday", "08.00-15.00", "09 14.00", "09 21.00", "10 16.00"},
		{"5HK", "2027-02-12", "", "", Due, "workday", "08.00-15.30", "12 14.30", "12 21.00", "15 16.00"},
		{"6HK", "2027-02-12", "", "", Due, "workday", "08.00-14.00", "12 13.00", "12 21.00", "13 16.00"},
		{"6HK", "2027-02-13", "", "", Due, "workday", "08.00-14.00", "13 13.00", "13 21.00", "15 16.00"},
		{"5HK", "2027-02-07", "", "", NotDue, "weekend", "", "", "", ""},
		{"5HK", "2027-03-05", "", "", Due, "workday", "08.00-15.30", "05 14.30", "05 21.00", "16 16.00"},
		{"5HK", "2027-03-08", "", "", NotDue, "holiday", "", "", "", ""},
		{"5HK", "2027-03-09", "", "", NotDue, "joint_leave", "", "", "", ""},
		{"5HK", "2027-03-16", "", "", Due, "workday", "07.30-16.00", "16 15.00", "16 21.00", "17 16.00"},
		// Shifts: listed days only, holidays too.
		{"SIF", "2026-11-23", "", "", NotDue, "off_shift", "", "", "", ""},
		{"SIF", "2026-11-23", "", "07.00-14.00", Due, "shift", "07.00-14.00", "23 13.00", "23 21.00", "24 16.00"},
		{"SIF", "2026-11-23", "", "13.00-20.00", Due, "shift", "13.00-20.00", "23 19.00", "23 21.00", "24 16.00"},
		{"SIF", "2026-11-23", "", "14.00-21.00", Due, "shift", "14.00-21.00", "23 20.00", "24 00.00", "24 16.00"},
		{"SIF", "2026-11-23", "", "15.00-23.00", Due, "shift", "15.00-23.00", "23 22.00", "24 02.00", "24 16.00"},
		{"SIF", "2026-11-23", "", "16.00-24.00", Due, "shift", "16.00-00.00", "23 23.00", "24 12.00", "25 16.00"},
		{"SIF", "2026-11-23", "", "21.00-07.00", Due, "shift", "21.00-07.00", "24 06.00", "24 12.00", "25 16.00"},
		{"SIF", "2026-11-23", "", "21.00-31.00", Due, "shift", "21.00-07.00", "24 06.00", "24 12.00", "25 16.00"},
		{"SIF", "2026-11-23", "", "08.00-08.00", Due, "shift", "08.00-08.00", "24 07.00", "24 12.00", "25 16.00"},
		{"SIF", "2026-11-23", "", "23.00-11.00", Due, "shift", "23.00-11.00", "24 10.00", "24 14.00", "25 16.00"},
		{"SIF", "2026-11-27", "", "21.00-07.00", Due, "shift", "21.00-07.00", "28 06.00", "28 12.00", "29 16.00"},
		{"SIF", "2026-11-28", "", "07.00-14.00", Due, "shift", "07.00-14.00", "28 13.00", "28 21.00", "29 16.00"},
		{"SIF", "2026-12-24", "", "07.00-14.00", Due, "shift", "07.00-14.00", "24 13.00", "24 21.00", "28 16.00"},
		{"SIF", "2026-12-25", "", "07.00-14.00", Due, "shift", "07.00-14.00", "25 13.00", "25 21.00", "28 16.00"},
		{"SIF", "2026-12-31", "", "21.00-07.00", Due, "shift", "21.00-07.00", "01 06.00", "01 12.00", "04 16.00"},
		{"SIF", "2026-12-25", "LIBUR_SIF", "07.00-14.00", NotDue, "off_shift", "", "", "", ""},
		{"SIF", "2026-12-25", "LIBUR_SIF?", "07.00-14.00", Deferred, "off_shift", "07.00-14.00", "25 13.00", "25 21.00", "28 16.00"},
		{"SIF", "2026-11-23", "CT", "21.00-07.00", NotDue, "leave", "", "", "", ""},
		{"SIF", "2026-11-23", "CT", "", NotDue, "off_shift", "", "", "", ""},
		// Leave, confirmed and claimed.
		{"5HK", "2026-11-23", "CT", "", NotDue, "leave", "", "", "", ""},
		{"5HK", "2026-11-23", "CT?", "", Deferred, "leave", "07.30-16.00", "23 15.00", "23 21.00", "24 16.00"},
		{"5HK", "2026-11-23", "CB", "", NotDue, "leave", "", "", "", ""},
		{"5HK", "2026-11-23", "CAP", "", NotDue, "leave", "", "", "", ""},
		{"5HK", "2026-11-23", "CAP?", "", Deferred, "leave", "07.30-16.00", "23 15.00", "23 21.00", "24 16.00"},
		{"5HK", "2026-11-23", "CBer", "", NotDue, "leave", "", "", "", ""},
		{"5HK", "2026-11-23", "CLTN", "", NotDue, "leave", "", "", "", ""},
		{"5HK", "2026-11-23", "CS", "", NotDue, "sick", "", "", "", ""},
		{"5HK", "2026-11-23", "CS?", "", Deferred, "sick", "07.30-16.00", "23 15.00", "23 21.00", "24 16.00"},
		{"6HK", "2026-11-28", "SAKIT?", "", Deferred, "sick", "07.30-14.30", "28 13.30", "28 21.00", "29 16.00"},
		{"5HK", "2026-11-23", "SAKIT", "", NotDue, "sick", "", "", "", ""},
		{"5HK", "2026-11-23", "CM", "", NotDue, "maternity", "", "", "", ""},
		{"5HK", "2026-11-23", "TB", "", NotDue, "study", "", "", "", ""},
		{"5HK", "2026-11-28", "CM", "", NotDue, "weekend", "", "", "", ""},
		{"5HK", "2026-12-25", "CS?", "", NotDue, "holiday", "", "", "", ""},
		// Work elsewhere stays due, claimed or confirmed, until midnight.
		{"5HK", "2026-11-23", "DL", "", Due, "field_duty", "07.30-16.00", "23 15.00", "24 00.00", "24 16.00"},
		{"5HK", "2026-11-23", "DL?", "", Due, "field_duty", "07.30-16.00", "23 15.00", "24 00.00", "24 16.00"},
		{"5HK", "2026-11-27", "DIKLAT", "", Due, "training", "07.30-16.30", "27 15.30", "28 00.00", "29 16.00"},
		{"5HK", "2026-11-23", "WFH", "", Due, "wfh", "07.30-16.00", "23 15.00", "24 00.00", "24 16.00"},
		{"5HK", "2026-11-23", "WFA?", "", Due, "wfa", "07.30-16.00", "23 15.00", "24 00.00", "24 16.00"},
		{"5HK", "2026-11-28", "DL", "", NotDue, "weekend", "", "", "", ""},
		{"5HK", "2026-12-24", "WFA", "", NotDue, "joint_leave", "", "", "", ""},
		{"SIF", "2026-11-23", "DL", "21.00-07.00", Due, "field_duty", "21.00-07.00", "24 06.00", "24 12.00", "25 16.00"},
		// Words nobody knows change nothing.
		{"", "2026-11-23", "", "", Due, "workday", "07.30-16.00", "23 15.00", "23 21.00", "24 16.00"},
		{"5HK", "2026-11-23", "MUDIK", "", Due, "workday", "07.30-16.00", "23 15.00", "23 21.00", "24 16.00"},
	}
}

func (w handWorked) facts(t *testing.T) Facts {
	t.Helper()
	day := MustDay(w.day)
	f := Facts{Pattern: w.pattern, Calendar: testCalendar()}
	if w.absence != "" {
		kind, claimed := w.absence, false
		if kind[len(kind)-1] == '?' {
			kind, claimed = kind[:len(kind)-1], true
		}
		f.Absence = &Absence{Kind: AbsenceKind(kind), From: day, Confirmed: !claimed}
	}
	if w.shift != "" {
		start, err := ParseClock(w.shift[:5])
		if err != nil {
			t.Fatal(err)
		}
		end, err := ParseClock(w.shift[6:])
		if err != nil {
			t.Fatal(err)
		}
		f.Shift = &Shift{Day: day, Start: start, End: end}
	}
	return f
}

func TestDutyByHand(t *testing.T) {
	t.Parallel()
	wib := time.FixedZone("WIB", 7*60*60)
	moment := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.Format("02 15.04")
	}
	for _, w := range handWorkedDays() {
		t.Run(string(w.pattern)+" "+w.day+" "+w.absence+" "+w.shift, func(t *testing.T) {
			t.Parallel()
			d := DutyOf(w.facts(t), MustDay(w.day))
			times := DefaultHours().Times(d, wib)
			got := w
			got.state, got.reason, got.hours = d.State, d.Reason, ""
			if d.End != 0 {
				got.hours = d.Start.String() + "-" + d.End.String()
			}
			got.ask, got.deadline, got.until = moment(times.AskAt), moment(times.Deadline), moment(times.LateUntil)
			if got != w {
				t.Errorf("\n got %+v\nwant %+v", got, w)
			}
			if short := d.Reason == ReasonFieldDuty || d.Reason == ReasonTraining; d.ShortForm != short {
				t.Errorf("short form %v, want %v", d.ShortForm, short)
			}
		})
	}
}

func TestDutyNamesTheHoliday(t *testing.T) {
	t.Parallel()
	f := Facts{Pattern: FiveDays, Calendar: testCalendar()}
	for day, want := range map[string]string{
		"2026-12-25": "Kelahiran Yesus Kristus", "2026-12-19": "Pengganti 24 Desember", "2026-11-23": "",
	} {
		if got := DutyOf(f, MustDay(day)).Name; got != want {
			t.Errorf("%s: got %q, want %q", day, got, want)
		}
	}
}

func TestDutyOnlyWhileEmployed(t *testing.T) {
	t.Parallel()
	f := Facts{Pattern: FiveDays, EmployedFrom: MustDay("2026-11-24"), EmployedTo: MustDay("2026-11-25")}
	for day, want := range map[string]State{
		"2026-11-23": NotDue, "2026-11-24": Due, "2026-11-25": Due, "2026-11-26": NotDue,
	} {
		if got := DutyOf(f, MustDay(day)); got.State != want || (want == NotDue) != (got.Reason == ReasonNotEmployed) {
			t.Errorf("%s: got %v %v, want %v", day, got.State, got.Reason, want)
		}
	}
}

func TestOurOutageDefers(t *testing.T) {
	t.Parallel()
	day := MustDay("2026-11-23")
	f := Facts{Pattern: FiveDays, Outage: true}
	if d := DutyOf(f, day); d.State != Deferred || d.Reason != ReasonOutage {
		t.Errorf("got %v %v", d.State, d.Reason)
	}
	f.Absence = &Absence{Kind: SickDay, From: day, Confirmed: true}
	if d := DutyOf(f, day); d.State != NotDue || d.Reason != ReasonSick {
		t.Errorf("sick: got %v %v", d.State, d.Reason)
	}
}

func TestAbsenceOn(t *testing.T) {
	t.Parallel()
	day := MustDay("2026-11-25")
	duty := Absence{Kind: FieldDuty, From: MustDay("2026-11-23"), To: MustDay("2026-11-27"), Confirmed: true}
	sick := Absence{Kind: SickDay, From: day}
	leave := Absence{Kind: AnnualLeave, From: MustDay("2026-11-25"), To: MustDay("2026-11-26"), Confirmed: true}
	other := Absence{Kind: AnnualLeave, From: MustDay("2026-11-26"), Confirmed: true}
	for _, tt := range []struct {
		name string
		in   []Absence
		want AbsenceKind
	}{
		{"none", []Absence{other}, ""},
		{"one", []Absence{other, duty}, FieldDuty},
		{"ill on field duty", []Absence{duty, sick}, SickDay},
		{"confirmed before claimed", []Absence{sick, duty, leave}, AnnualLeave},
		{"confirmed before claimed later", []Absence{sick, {Kind: SickLeave, From: day.Add(-3), To: day, Confirmed: true}}, SickLeave},
	} {
		got := AbsenceOn(tt.in, day)
		if tt.want == "" {
			if got != nil {
				t.Errorf("%s: got %v, want none", tt.name, got)
			}
			continue
		}
		if got == nil || got.Kind != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestParseAbsenceKind(t *testing.T) {
	t.Parallel()
	for _, k := range AbsenceKinds() {
		if got, err := ParseAbsenceKind(" " + string(k) + " "); err != nil || got != k {
			t.Errorf("%q: got %q, %v", k, got, err)
		}
		if k.rule().reason == ReasonWorkday {
			t.Errorf("%q has no reason of its own", k)
		}
	}
	if got, err := ParseAbsenceKind("sakit"); err != nil || got != SickDay {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := ParseAbsenceKind("MUDIK"); err == nil {
		t.Error("MUDIK is no kind")
	}
}

func TestHoursCheck(t *testing.T) {
	t.Parallel()
	if err := DefaultHours().Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Hours){
		"asks after work":    func(h *Hours) { h.AskBeforeEnd = -time.Minute },
		"asks a day before":  func(h *Hours) { h.AskBeforeEnd = 24 * time.Hour },
		"no time to answer":  func(h *Hours) { h.AfterShift = 0 },
		"away before others": func(h *Hours) { h.AwayDeadline = At24(20, 0) },
		"after midnight":     func(h *Hours) { h.Deadline, h.AwayDeadline = At24(25, 0), At24(26, 0) },
		"late before noon":   func(h *Hours) { h.LateUntil = At24(11, 59) },
		"morning tomorrow":   func(h *Hours) { h.Morning = At24(24, 0) },
	} {
		h := DefaultHours()
		spoil(&h)
		if h.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
