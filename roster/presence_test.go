package roster

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func stint(day string, from, to Clock) Stint {
	s, _ := StintOf(Duty{Day: MustDay(day), Start: from, End: to}, jakarta())
	return s
}

func punchesAt(texts ...string) []Punch {
	var out []Punch
	for _, x := range texts {
		out = append(out, Punch{PIN: "1", At: at(x)})
	}
	return out
}

// TestPresence has shifts of a ward, a picket of 24 hours and an office, worked by hand.
func TestPresence(t *testing.T) {
	t.Parallel()
	office := []Stint{stint("2026-11-23", At24(7, 30), At24(16, 0)), stint("2026-11-24", At24(7, 30), At24(16, 0))}
	ward := []Stint{stint("2026-11-23", At24(21, 0), At24(31, 0)), stint("2026-11-25", At24(7, 0), At24(14, 0))}
	picket := []Stint{stint("2026-11-23", At24(8, 0), At24(32, 0)), stint("2026-11-24", At24(8, 0), At24(32, 0))}
	type seen struct {
		In, Out     string
		Late, Early int
	}
	for name, c := range map[string]struct {
		stints  []Stint
		day     string
		punches []Punch
		want    seen
	}{
		"office, on time":            {office, "2026-11-23", punchesAt("2026-11-23 07:12:05", "2026-11-23 16:03:00"), seen{In: "23 07:12", Out: "23 16:03"}},
		"late and early":             {office, "2026-11-23", punchesAt("2026-11-23 07:45:59", "2026-11-23 15:30:00"), seen{"23 07:45", "23 15:30", 15, 30}},
		"begun minutes are dropped":  {office, "2026-11-23", punchesAt("2026-11-23 07:30:59", "2026-11-23 15:59:01"), seen{In: "23 07:30", Out: "23 15:59"}},
		"lunch between":              {office, "2026-11-23", punchesAt("2026-11-23 12:01:00", "2026-11-23 07:12:05", "2026-11-23 13:00:00", "2026-11-23 16:03:00"), seen{In: "23 07:12", Out: "23 16:03"}},
		"a finger twice":             {office, "2026-11-23", punchesAt("2026-11-23 07:12:05", "2026-11-23 07:12:41"), seen{In: "23 07:12"}},
		"only the evening":           {office, "2026-11-23", punchesAt("2026-11-23 16:20:00"), seen{Out: "23 16:20"}},
		"overtime":                   {office, "2026-11-23", punchesAt("2026-11-23 07:12:00", "2026-11-23 23:10:00"), seen{In: "23 07:12", Out: "23 23:10"}},
		"tomorrow is not today":      {office, "2026-11-23", punchesAt("2026-11-24 07:12:00"), seen{}},
		"night shift over midnight":  {ward, "2026-11-23", punchesAt("2026-11-23 20:48:00", "2026-11-24 07:06:00"), seen{In: "23 20:48", Out: "24 07:06"}},
		"night shift, left early":    {ward, "2026-11-23", punchesAt("2026-11-23 21:05:00", "2026-11-24 06:30:00"), seen{"23 21:05", "24 06:30", 5, 30}},
		"picket, the change is both": {picket, "2026-11-24", punchesAt("2026-11-23 07:55:00", "2026-11-24 08:00:00", "2026-11-25 08:04:00"), seen{In: "24 08:00", Out: "25 08:04"}},
		"picket, first day":          {picket, "2026-11-23", punchesAt("2026-11-23 07:55:00", "2026-11-24 08:00:00", "2026-11-25 08:04:00"), seen{In: "23 07:55", Out: "24 08:00"}},
		"a wrong clock proves none":  {office, "2026-11-23", []Punch{{PIN: "1", At: at("2026-11-23 09:00:00"), Doubt: true}}, seen{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, w := range PunchWindows(c.stints) {
				if w.Day != MustDay(c.day) {
					continue
				}
				p := PresenceIn(w, c.punches)
				text := func(x time.Time) string {
					if x.IsZero() {
						return ""
					}
					return x.Format("02 15:04")
				}
				if diff := cmp.Diff(c.want, seen{text(p.In), text(p.Out), p.Late, p.Early}); diff != "" {
					t.Errorf("presence (-want +got):\n%s", diff)
				}
				return
			}
			t.Fatal("no such day")
		})
	}
}

// TestPresenceLaws: the order of punches never matters, a further punch never makes
// anybody later, and a window begins before its shift and ends after it.
func TestPresenceLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var stints []Stint
		day := MustDay("2026-11-23")
		free := At24(0, 0)
		for i := range rapid.IntRange(1, 5).Draw(t, "days") {
			from := max(free, Clock(rapid.IntRange(0, 1439).Draw(t, "from")))
			to := from + Clock(rapid.IntRange(60, 1440).Draw(t, "long"))
			stints = append(stints, stint(day.Add(i).String(), from, to))
			free = max(0, to-At24(24, 0))
		}
		var punches []Punch
		for range rapid.IntRange(0, 12).Draw(t, "punches") {
			punches = append(punches, Punch{PIN: "1", At: at("2026-11-22 00:00:00").Add(time.Duration(rapid.IntRange(0, 8*86400).Draw(t, "at")) * time.Second)})
		}
		extra := Punch{PIN: "1", At: at("2026-11-22 00:00:00").Add(time.Duration(rapid.IntRange(0, 8*86400).Draw(t, "extra")) * time.Second)}
		turned := rapid.Permutation(punches).Draw(t, "order")
		for _, w := range PunchWindows(stints) {
			if !w.Open.Before(w.Start) || !w.Close.After(w.End) {
				t.Fatalf("window %v – %v of %v – %v", w.Open, w.Close, w.Start, w.End)
			}
			p := PresenceIn(w, punches)
			if q := PresenceIn(w, turned); q != p {
				t.Fatalf("another order: %+v, %+v", p, q)
			}
			if !p.In.IsZero() && !p.Out.IsZero() && p.Out.Before(p.In) {
				t.Fatalf("left before they came: %+v", p)
			}
			more := PresenceIn(w, append(slices.Clip(punches), extra))
			if !p.In.IsZero() && !more.In.IsZero() && more.Late > p.Late || !p.Out.IsZero() && !more.Out.IsZero() && more.Early > p.Early {
				t.Fatalf("a further punch made it worse: %+v, then %+v", p, more)
			}
		}
	})
}

func TestWatched(t *testing.T) {
	t.Parallel()
	hour := at("2026-11-23 07:00:00").UTC()
	busy, quiet := MachineHours{hour: 2}, MachineHours{hour: 1}
	for name, c := range map[string]struct {
		m    Machine
		want bool
	}{
		"never recorded":                  {Machine{}, false},
		"the machine took others":         {Machine{Used: []MachineHours{busy}}, true},
		"only one person":                 {Machine{Used: []MachineHours{quiet}}, false},
		"one of two machines was silent":  {Machine{Used: []MachineHours{busy, {}}}, false},
		"both were at work":               {Machine{Used: []MachineHours{busy, busy}}, true},
		"the machine worked another time": {Machine{Used: []MachineHours{{hour.Add(-5 * time.Hour): 9}}}, false},
	} {
		if got := c.m.Watched(at("2026-11-23 07:30:00")); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestContradictions(t *testing.T) {
	t.Parallel()
	day := MustDay("2026-11-23")
	due := Duty{Day: day, State: Due, Reason: ReasonWorkday, Start: At24(7, 30), End: At24(16, 0)}
	away := due
	away.Reason = ReasonFieldDuty
	leave := Duty{Day: day, State: NotDue, Reason: ReasonLeave}
	claimed := due
	claimed.State, claimed.Reason = Deferred, ReasonSick
	weekend := Duty{Day: day, State: NotDue, Reason: ReasonWeekend}
	deadline := at("2026-11-23 21:00:00")
	night := stint("2026-11-22", At24(21, 0), At24(31, 0))
	came, yes := punchesAt("2026-11-23 07:12:00"), func(time.Time) bool { return true }
	for name, c := range map[string]struct {
		f    AskFacts
		now  string
		want Contradiction
	}{
		"seen, no report, evening":       {AskFacts{Duty: due, Deadline: deadline, Punches: came}, "2026-11-23 18:30:00", Seen},
		"not yet evening":                {AskFacts{Duty: due, Deadline: deadline, Punches: came}, "2026-11-23 18:29:00", ""},
		"too near the deadline":          {AskFacts{Duty: due, Deadline: deadline, Punches: came}, "2026-11-23 20:45:00", ""},
		"nobody was seen":                {AskFacts{Duty: due, Deadline: deadline}, "2026-11-23 18:30:00", ""},
		"on field duty already":          {AskFacts{Duty: away, Deadline: deadline, Punches: came}, "2026-11-23 18:30:00", ""},
		"reported and seen":              {AskFacts{Duty: due, Deadline: deadline, Punches: came, Reported: true, Watched: yes}, "2026-11-24 10:30:00", ""},
		"reported and not seen":          {AskFacts{Duty: due, Reported: true, Watched: yes}, "2026-11-24 10:30:00", Unseen},
		"the same day is too early":      {AskFacts{Duty: due, Reported: true, Watched: yes}, "2026-11-23 15:30:00", ""},
		"the machine did not work":       {AskFacts{Duty: due, Reported: true, Watched: func(time.Time) bool { return false }}, "2026-11-24 10:30:00", ""},
		"reported from field duty":       {AskFacts{Duty: away, Reported: true, Watched: yes}, "2026-11-24 10:30:00", ""},
		"a wrong clock may have seen":    {AskFacts{Duty: due, Reported: true, Watched: yes, Punches: []Punch{{PIN: "1", At: at("2026-11-24 07:00:00"), Doubt: true}}}, "2026-11-24 10:30:00", ""},
		"a week later nobody asks":       {AskFacts{Duty: due, Reported: true, Watched: yes}, "2026-11-30 10:30:00", ""},
		"leave and seen":                 {AskFacts{Duty: leave, Punches: came}, "2026-11-23 16:00:00", OnLeave},
		"leave and seen, too early":      {AskFacts{Duty: leave, Punches: came}, "2026-11-23 12:00:00", ""},
		"leave and seen, at night":       {AskFacts{Duty: leave, Punches: came}, "2026-11-23 20:00:00", ""},
		"claimed illness and seen":       {AskFacts{Duty: claimed, Punches: came}, "2026-11-23 16:30:00", OnLeave},
		"leave after a night shift":      {AskFacts{Duty: leave, Punches: came, Others: []Stint{night}}, "2026-11-23 16:00:00", ""},
		"a Saturday in the office":       {AskFacts{Duty: weekend, Punches: came}, "2026-11-23 16:00:00", ""},
		"somebody else's day of leave":   {AskFacts{Duty: leave, Punches: punchesAt("2026-11-22 07:12:00")}, "2026-11-23 16:00:00", ""},
		"leave of which the machine err": {AskFacts{Duty: leave, Punches: []Punch{{PIN: "1", At: at("2026-11-23 07:12:00"), Doubt: true}}}, "2026-11-23 16:00:00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, ok := ContradictionAt(c.f, at(c.now))
			if ok != (c.want != "") || ok && got != c.want {
				t.Errorf("got %q, %v, want %q", got, ok, c.want)
			}
		})
	}
}
