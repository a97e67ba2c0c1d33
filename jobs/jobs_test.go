package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

func wib() *time.Location { return time.FixedZone("WIB", 7*60*60) }

func on(day string, hour, minute int) time.Time {
	return roster.MustDay(day).At(roster.At24(hour, minute), wib())
}

func TestOneBrokenJobStopsNoOther(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	broken := errors.New("broken")
	r := &Runner{loc: wib(), log: slog.New(slog.NewTextHandler(&log, nil)), jobs: []job{
		{"panics", func(context.Context, time.Time) (Result, error) { panic("oh") }},
		{"fails", func(context.Context, time.Time) (Result, error) { return Result{}, broken }},
		{"idle", func(context.Context, time.Time) (Result, error) { return Result{}, nil }},
		{"works", func(_ context.Context, now time.Time) (Result, error) {
			var res Result
			res.did("asked", now.Hour()) // in the city's zone
			res.saw("unreachable", 1)
			return res, nil
		}},
	}}
	var heard []string
	r.observe = func(job string, res Result, err error) {
		heard = append(heard, fmt.Sprint(job, " ", res.Did, " ", err != nil))
	}
	got, err := r.Tick(t.Context(), on("2026-11-23", 15, 0).UTC())
	if diff := cmp.Diff([]string{"panics false true", "fails false true", "idle false false", "works true false"}, heard); diff != "" {
		t.Errorf("runs that were told of: %s", diff)
	}
	if !errors.Is(err, broken) || !errors.Is(err, ErrPanic) {
		t.Errorf("errors: %v", err)
	}
	want := map[string]Result{"works": {Did: true, Counts: map[string]int{"asked": 15, "unreachable": 1}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "job=works asked=15 unreachable=1") {
		t.Errorf("log: %s", log.String())
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	night := Quiet{roster.At24(22, 0), roster.At24(5, 30)}
	for clock, want := range map[[2]int]bool{{21, 59}: false, {22, 0}: true, {0, 0}: true, {5, 29}: true, {5, 30}: false, {12, 0}: false} {
		if got := night.Holds(on("2026-11-23", clock[0], clock[1])); got != want {
			t.Errorf("%v: %v", clock, got)
		}
	}
	if (Quiet{}).Holds(on("2026-11-23", 0, 0)) {
		t.Error("no quiet hours hold at midnight")
	}
}

func TestEntry(t *testing.T) {
	t.Parallel()
	day := roster.MustDay("2026-11-23")
	row := func(state roster.State, reason roster.Reason) DayRow {
		return DayRow{Duty: roster.Duty{Day: day, State: state, Reason: reason}, LateUntil: on("2026-11-24", 16, 0), Asked: true}
	}
	with := func(d DayRow, r *Sent, asked bool) DayRow { d.Report, d.Asked = r, asked; return d }
	due := row(roster.Due, roster.ReasonWorkday)
	before, after := on("2026-11-24", 15, 59), on("2026-11-24", 16, 0)
	for name, c := range map[string]struct {
		row  DayRow
		now  time.Time
		want scoring.Entry
	}{
		"on time": {with(due, &Sent{ID: 4, Minutes: 300}, true), after, scoring.Entry{Due: true, Mark: scoring.OnTime, Minutes: 300, Report: 4}},
		"late":    {with(due, &Sent{ID: 4, Late: true, Minutes: 90}, true), after, scoring.Entry{Due: true, Mark: scoring.Late, Minutes: 90, Report: 4}},
		"late, but we never asked": {
			with(due, &Sent{ID: 4, Late: true}, false), after, scoring.Entry{Due: true, Mark: scoring.OnTime, Report: 4},
		},
		"may still be sent": {due, before, scoring.Entry{Due: true, Mark: scoring.Pending}},
		"missing":           {due, after, scoring.Entry{Due: true, Mark: scoring.Missing}},
		"missing, but we never asked": {
			with(due, nil, false), after, scoring.Entry{Due: true, Mark: scoring.Waived, Reason: "not_asked"},
		},
		"holiday": {row(roster.NotDue, roster.ReasonHoliday), after, scoring.Entry{Mark: scoring.Pending, Reason: "holiday"}},
		"leave": {
			row(roster.NotDue, roster.ReasonLeave), after, scoring.Entry{Due: true, Excused: true, Mark: scoring.Pending, Reason: "leave"},
		},
		"claimed illness": {
			row(roster.Deferred, roster.ReasonSick), after, scoring.Entry{Due: true, Excused: true, Mark: scoring.Pending, Reason: "sick"},
		},
		"our outage": {
			row(roster.Deferred, roster.ReasonOutage), after, scoring.Entry{Due: true, Excused: true, Mark: scoring.Pending, Reason: "outage"},
		},
	} {
		c.want.Day = day
		got := entry(c.row, c.now)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if err := got.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSummaryDay(t *testing.T) {
	t.Parallel()
	saturday := roster.CalendarDay{Day: roster.MustDay("2027-01-02"), Kind: roster.HariKerjaKhusus, Name: "Pengganti"}
	c := roster.NewCalendar(append(roster.Seed(), saturday))
	for day, want := range map[string]string{
		"2026-11-23": "2026-11-27",
		"2026-12-24": "2026-12-23", // joint leave on Thursday, Christmas on Friday
		"2026-12-28": "2027-01-02", // New Year on Friday, a special working Saturday
		"2027-03-10": "",           // Idulfitri takes the whole week
	} {
		got := summaryDay(c, weekOf(roster.MustDay(day)), time.Friday)
		if got.String() != want {
			t.Errorf("week of %s: got %v, want %q", day, got, want)
		}
	}
}

func TestDaysOff(t *testing.T) {
	t.Parallel()
	c := roster.NewCalendar(roster.Seed())
	for _, tt := range []struct {
		pattern          roster.Pattern
		day, first, next string // first empty: nothing to tell
	}{
		{roster.FiveDays, "2026-11-27", "", ""},                     // an ordinary weekend
		{roster.FiveDays, "2026-12-23", "2026-12-24", "2026-12-28"}, // joint leave, Christmas, weekend
		{roster.SixDays, "2026-12-23", "2026-12-24", "2026-12-26"},
		{roster.FiveDays, "2026-12-24", "", ""}, // in the middle of it
		{roster.FiveDays, "2026-12-31", "2027-01-01", "2027-01-04"},
		{roster.FiveDays, "2026-12-22", "", ""},
	} {
		b, ok := daysOff(c, tt.pattern, roster.MustDay(tt.day))
		if ok != (tt.first != "") || ok && (b.first.String() != tt.first || b.next.String() != tt.next) {
			t.Errorf("%s %s: %+v %v", tt.pattern, tt.day, b, ok)
		}
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	day := func(n int, reported, told bool) SilentDay {
		return SilentDay{Day: roster.MustDay("2026-11-23").Add(-n), Reported: reported, Told: told}
	}
	for name, c := range map[string]struct {
		days   []SilentDay
		newest int // days before the 23rd; -1 for nobody
		inARow int
	}{
		"first":                       {[]SilentDay{day(0, false, false), day(1, true, false)}, 0, 1},
		"third, told of the second":   {[]SilentDay{day(0, false, false), day(1, false, true), day(2, false, true)}, 0, 3},
		"back today":                  {[]SilentDay{day(0, true, false), day(1, false, false), day(2, false, false)}, 1, 2},
		"told of everything":          {[]SilentDay{day(0, false, true), day(1, false, true)}, -1, 0},
		"reported all that was open":  {[]SilentDay{day(0, true, false), day(1, false, true)}, -1, 0},
		"a report breaks the silence": {[]SilentDay{day(0, false, false), day(1, true, false), day(2, false, true)}, 0, 1},
	} {
		m, ok := Silent{ID: 7, Days: c.days}.member()
		if ok != (c.newest >= 0) || ok && (m.Day != roster.MustDay("2026-11-23").Add(-c.newest) || m.InARow != c.inARow) {
			t.Errorf("%s: %+v %v", name, m, ok)
		}
	}
}

func TestDigestsClimb(t *testing.T) {
	t.Parallel()
	day := roster.MustDay("2026-11-24")
	since := roster.MustDay("2026-01-01")
	c := Command{
		Lines: []roster.Line{
			{Employee: 1, Supervisor: 10, From: since},
			{Employee: 2, Supervisor: 11, From: since},
			{Employee: 10, Supervisor: 20, From: since},
			{Employee: 11, Supervisor: 20, From: since},
			{Employee: 30, Supervisor: 31, From: since},
			{Employee: 31, Supervisor: 30, From: since}, // a circle
		},
		Heads: map[roster.EmployeeID]conversations.Person{10: {ID: 10}, 20: {ID: 20}, 30: {ID: 30}}, // 11 has left
		Live:  map[roster.EmployeeID]bool{10: true, 20: true},
	}
	one := []SilentDay{{Day: day.Add(-1)}}
	var silent []Silent
	for _, id := range []roster.EmployeeID{1, 2, 10, 20, 30, 31} {
		silent = append(silent, Silent{ID: id, Name: "x", Live: true, Days: one})
	}
	c.index = roster.NewLines(c.Lines)
	all, left := climbing().digests(silent, nil, c, day)
	got := map[roster.EmployeeID][]roster.EmployeeID{}
	for _, e := range all {
		for _, m := range e.Members {
			got[e.To.ID] = append(got[e.To.ID], m.ID)
		}
	}
	want := map[roster.EmployeeID][]roster.EmployeeID{10: {1}, 20: {2, 10}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// 20 has nobody above; 30 and 31 are said to lead each other, so nobody does.
	if diff := cmp.Diff(map[string]int{"hr": 3}, left); diff != "" {
		t.Error(diff)
	}
}

func TestSettleHoldsEscalationsBack(t *testing.T) {
	t.Parallel()
	r := &Runner{}
	settled, first := r.settled(2*time.Minute), on("2026-11-24", 8, 0)
	for _, c := range []struct {
		after time.Duration
		want  bool
	}{
		{0, false},
		{time.Minute, false},
		{2 * time.Minute, true},
		{time.Hour, true},
		{-time.Hour, false},
		{-time.Hour + 2*time.Minute, true}, // the clock was set back and begins anew
	} {
		if got := settled(first.Add(c.after)); got != c.want {
			t.Errorf("%v after the first tick: %v", c.after, got)
		}
	}
}
