package scoring

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ekinerja/roster"
)

var update = flag.Bool("update", false, "write the results into testdata/months")

const rule = "---\n"

// Each file of testdata/months is a month of somebody's work, a day a line, and what
// comes of it below the rule:
//
//	2026-11-02 on_time 300 sesuai            a report of 300 minutes
//	2026-11-03 late 240 cukup +60 TL31       60 of them outside the plan, 31 minutes late at the door
//	2026-11-04 missing TK                    no report, and absent
//	2026-11-05 waived not_asked              forgiven
//	2026-11-06 free weekend                  not owed
//	2026-11-09 excused leave                 on leave
//	2026-11-10 excused leave on_time 300 -   asked and reported before the leave was entered
//
// Attendance counts where a line says "presensi".
func TestWorkedMonths(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/months/*.txt")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d months: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			given, want, _ := strings.Cut(string(raw), rule)
			r, in := readMonth(t, given)
			rec := r.RecordOf(in)
			if err := Verify(rec, r); err != nil {
				t.Error(err)
			}
			got := shownMonth(rec.Result)
			if *update {
				if err := os.WriteFile(file, []byte(given+rule+got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func readMonth(t *testing.T, text string) (Rubric, Inputs) {
	t.Helper()
	r, in := Solo(), Inputs{Month: true}
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
			continue
		case words[0] == "rubric":
			r = profile(t, words[1])
			continue
		case words[0] == "presensi":
			in.Attendance = &Attendance{}
			continue
		}
		e, day, seen := readDay(t, words)
		in.Entries = append(in.Entries, e)
		if seen && in.Attendance != nil {
			in.Attendance.Days = append(in.Attendance.Days, day)
		}
	}
	return r, in
}

func readDay(t *testing.T, words []string) (e Entry, day AttendanceDay, seen bool) {
	t.Helper()
	e = Entry{Day: roster.MustDay(words[0]), Due: true, Mark: Pending}
	day.Day = e.Day
	for i, w := range words[1:] {
		n, err := strconv.Atoi(strings.TrimLeft(w, "+TLPSWJ"))
		switch {
		case w == "free" || w == "excused":
			e.Due, e.Excused, e.Reason = w == "excused", w == "excused", words[i+2]
		case w == string(Waived):
			e.Mark, e.Reason = Waived, words[i+2]
		case w == string(OnTime) || w == string(Late) || w == string(Missing):
			e.Mark, e.WasDue = Mark(w), e.Excused || !e.Due
		case w == string(Sesuai) || w == string(Cukup) || w == string(Kurang) || w == string(Tidak) || w == string(Lapsed):
			e.Suitability = Suitability(w)
		case w == "TK":
			day.Absent, seen = true, true
		case err != nil:
			continue
		case strings.HasPrefix(w, "TL"):
			day.Late, seen = n, true
		case strings.HasPrefix(w, "PSW"):
			day.Early, seen = n, true
		case strings.HasPrefix(w, "+"):
			e.Additional = n
		default:
			e.Minutes = n
		}
	}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	return e, day, seen
}

// shownMonth is a result that can be added up by hand.
func shownMonth(r Result) string {
	var b bytes.Buffer
	for _, x := range r.Terms {
		switch {
		case x.Credited:
			fmt.Fprintf(&b, "%s  %s (%s, counts in full)\n", x.Day, x.Points, x.Removed)
		case x.Removed != "":
			fmt.Fprintf(&b, "%s  -  %s %s\n", x.Day, x.Removed, x.Why)
		default:
			fmt.Fprintf(&b, "%s  %s = %s + %s + %s", x.Day, x.Points, x.Minutes, x.Punctual, x.Suitability)
			for _, l := range x.Losses {
				fmt.Fprintf(&b, "  -%s %s", l.Points, l.Reason)
			}
			b.WriteString("\n")
		}
	}
	for _, d := range r.Deductions {
		fmt.Fprintf(&b, "%s  -%s of D: %s\n", d.Day, d.Percent, strings.Join(d.Codes, " "))
	}
	for _, g := range r.Given {
		fmt.Fprintf(&b, "%s: %s of %s\n", g.Code, g.Points, g.Of)
	}
	if r.Empty {
		return b.String() + "no score\n"
	}
	fmt.Fprintf(&b, "%d days (%d on time, %d late, %d missing), %d credited, %d left out, %d minutes\n",
		r.DueDays, r.OnTime, r.Late, r.Missing, r.Credited, r.Removed-r.Credited, r.Minutes)
	if r.Over != nil {
		fmt.Fprintf(&b, "above what the month can earn: %s\n", r.Over)
	}
	fmt.Fprintf(&b, "P %s\n", r.P)
	if r.D != nil {
		fmt.Fprintf(&b, "D %s\n", r.D)
	}
	fmt.Fprintf(&b, "score %s\n", r.Score)
	return b.String()
}
