package jobs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
)

func TestDefaultPolicy(t *testing.T) {
	t.Parallel()
	p := jobs.Default()
	if p.Hours != roster.DefaultHours() {
		t.Errorf("hours: %+v", p.Hours)
	}
	if p.Spread != 45*time.Minute || p.LastAsk != 15*time.Minute {
		t.Errorf("ask: %+v", p)
	}
	want := []jobs.Step{
		{BeforeDeadline: 30 * time.Minute, Wording: conversations.RemindEvening},
		{NextMorning: roster.At24(7, 30), Wording: conversations.RemindMorning},
	}
	if diff := cmp.Diff(want, p.Remind); diff != "" {
		t.Error(diff)
	}
	if p.Weekly.Day != time.Friday || p.Weekly.Personal != roster.At24(15, 30) || p.Escalate.At != roster.At24(8, 0) || !p.Eve.On {
		t.Errorf("got %+v", p)
	}
}

func TestPolicyChangesOnlyWhatItSays(t *testing.T) {
	t.Parallel()
	const file = `
flow = "harian.toml"
rubrics = ["solo.toml", "2027.toml"]

[ask]
choose_from = "13.00"
choose_before_deadline = "3h"

[deadline]
same_day = "20.00" # earlier

[eve]
on = false

[[remind]]
before_deadline = "1h"
wording = "malam"

[[ramadan]]
from = "2027-02-08"
to = "2027-03-09"
`
	got, err := jobs.ParsePolicy([]byte(file), "kota.toml")
	if err != nil {
		t.Fatal(err)
	}
	want := jobs.Default()
	want.Flow, want.Rubrics = "harian.toml", []string{"solo.toml", "2027.toml"}
	want.Hours.Deadline = roster.At24(20, 0)
	want.Hours.ChooseFrom, want.Hours.ChooseBefore = roster.At24(13, 0), 3*time.Hour
	want.Eve.On = false
	want.Remind = []jobs.Step{{BeforeDeadline: time.Hour, Wording: conversations.RemindEvening}}
	want.Ramadan = []jobs.Span{{From: roster.MustDay("2027-02-08"), To: roster.MustDay("2027-03-09")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !got.Calendar(nil).InRamadan(roster.MustDay("2027-02-20")) {
		t.Error("Ramadan is not in the calendar")
	}
}

func TestPolicyErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"syntax": {"[ask]\nspread = \n", `read policy: p.toml, line 2: expected value`},
		"unknown key": {
			"[ask]\nspread = \"45m\"\nbefore = \"60m\"\n",
			`read policy: p.toml, line 3: ask.before: no such key`,
		},
		"unknown key at the top": {"flows = \"\"\n", `read policy: p.toml, line 1: flows: no such key`},
		"unknown table": {
			"\n[asks]\nspread = \"45m\"\n",
			`read policy: p.toml, line 2: asks: no such table; known are ask, preflight, deadline, `,
		},
		"unknown key of a second reminder": {
			"[[remind]]\nbefore_deadline = \"30m\"\nwording = \"malam\"\n[[remind]]\nnext_morning = \"07.30\"\nwording = \"pagi\"\nat = \"1\"\n",
			`read policy: p.toml, line 7: remind.at: no such key`,
		},
		"span": {
			"[ask]\nspread = \"soon\"\n",
			`read policy: p.toml, line 2: ask.spread: found "soon", want a span from 0m to 3h, like "45m"`,
		},
		"no hour left to choose": {
			"[ask]\nchoose_from = \"15.00\"\nchoose_before_deadline = \"7h\"\n",
			`read policy: p.toml, line 2: ask.choose_from: found 15.00, want a time not after the last one that may be chosen (14.00)`,
		},
		"a number for a span": {
			"[ask]\nspread = 45\n",
			`read policy: p.toml, line 2: ask.spread: found 45, want a span from 0m to 3h, like "45m"`,
		},
		"time": {
			"[deadline]\n# comment\nsame_day = \"25.00\"\n",
			`read policy: p.toml, line 3: deadline.same_day: found "25.00", want a time from 17.00 to 24.00, like "15.30"`,
		},
		"away before the others": {
			"[deadline]\nsame_day = \"22.00\"\naway = \"21.00\"\n",
			`read policy: p.toml, line 3: deadline.away: found 21.00, want a time not before same_day (22.00)`,
		},
		"weekday": {
			"[weekly]\nday = \"Friday\"\n",
			`read policy: p.toml, line 2: weekly.day: found "Friday", want one of Senin, `,
		},
		"wording": {
			"[[remind]]\nbefore_deadline = \"30m\"\nwording = \"keras\"\n",
			`read policy: p.toml, line 3: remind.wording: found "keras", want one of [malam pagi]`,
		},
		"two moments": {
			"[[remind]]\nbefore_deadline = \"30m\"\nnext_morning = \"07.30\"\nwording = \"malam\"\n",
			`read policy: p.toml, line 1: remind: found "both or neither of two keys", want either before_deadline or next_morning`,
		},
		"order": {
			"[[remind]]\nnext_morning = \"07.30\"\nwording = \"pagi\"\n[[remind]]\nbefore_deadline = \"30m\"\nwording = \"malam\"\n",
			`read policy: p.toml, line 4: remind: found "a reminder before the one above it", want `,
		},
		"number":         {"[weekly]\ntop = 50\n", `read policy: p.toml, line 2: weekly.top: found 50, want a whole number from 0 to 10`},
		"flag":           {"[eve]\non = \"ya\"\n", `read policy: p.toml, line 2: eve.on: found "ya", want true or false`},
		"list":           {"rubrics = \"a.toml\"\n", `read policy: p.toml, line 1: rubrics: found "a.toml", want a list`},
		"not a table":    {"ask = 5\n", `read policy: p.toml, line 1: ask: found 5, want a [ask] table`},
		"ramadan":        {"[[ramadan]]\nfrom = \"2027-03-09\"\nto = \"2027-02-08\"\n", `read policy: p.toml, line 3: ramadan.to: found 2027-02-08, want both days`},
		"one tables":     {"[remind]\nwording = \"malam\"\n", `want [[remind]] tables`},
		"asked too late": {"[ask]\nuntil_before_deadline = \"30m\"\n", `want a span from 1m to 29m`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := jobs.ParsePolicy([]byte(c.file), "p.toml")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzParsePolicy(f *testing.F) {
	for _, s := range []string{"", "[ask]\nspread = \"45m\"", "[[remind]]", "remind = [1]", "ask.spread = 5", "[ask]\n\"a b\" = 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		p, err := jobs.ParsePolicy([]byte(file), "p.toml")
		if err == nil && p.Hours.Check() != nil {
			t.Errorf("accepted %+v", p.Hours)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "read policy: p.toml") {
			t.Errorf("the error does not say where: %v", err)
		}
	})
}

func TestOtherHoursHaveAnotherMark(t *testing.T) {
	t.Parallel()
	mark := func(text string) string {
		p, err := jobs.ParsePolicy([]byte(text), "test")
		if err != nil {
			t.Fatal(err)
		}
		return p.HoursMark()
	}
	same := mark("")
	if got := mark("[weekly]\nat_least = 50\n"); got != same {
		t.Error("another week has another mark")
	}
	for _, text := range []string{
		"[deadline]\nsame_day = \"20.00\"\n", "[ask]\nspread = \"5m\"\n",
		"[[ramadan]]\nfrom = \"2027-02-08\"\nto = \"2027-03-09\"\n",
	} {
		if mark(text) == same {
			t.Errorf("no other mark with %q", text)
		}
	}
}
