package scoring

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

func profile(t *testing.T, name string) Rubric {
	t.Helper()
	r, err := Parse(bytes.NewReader(Profile(name)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryProfileIsARubric(t *testing.T) {
	t.Parallel()
	hashes := map[string]string{}
	for _, name := range Profiles() {
		r := profile(t, name)
		if r.Name != name {
			t.Errorf("%s.toml names itself %s", name, r.Name)
		}
		if other, twice := hashes[r.Hash()]; twice {
			t.Errorf("%s and %s are one rule", name, other)
		}
		hashes[r.Hash()] = name
	}
	if Profile("none") != nil {
		t.Error("an unknown profile has a text")
	}
}

// days are n work days of a month, each with so many minutes on time.
func days(n, minutes int) []Entry {
	var out []Entry
	for i := range n {
		out = append(out, Entry{Day: roster.MustDay("2026-11-02").Add(i), Due: true, Mark: OnTime, Minutes: minutes, Suitability: Sesuai})
	}
	return out
}

// 21 days, 5,600 minutes approved, 45 late, a day of leave, behaviour 230 of 250:
// 65.56 + 9.2 + 20 = 94.76.
func TestWorkedCheckOfDKI(t *testing.T) {
	t.Parallel()
	es := days(21, 280)
	es[20] = Entry{Day: es[20].Day, Due: true, Excused: true, Reason: "leave", Mark: Pending}
	got := profile(t, "dki").Score(Inputs{
		Entries: es, Attendance: &Attendance{Days: []AttendanceDay{{Day: es[0].Day, Late: 45}}},
		Given: []GivenShare{{"perilaku", dec("0.92")}}, Month: true,
	})
	if got.Score.Round(2).String() != "94.76" || got.Credited != 1 || got.DueDays != 20 || got.Over != nil {
		t.Errorf("score %s of %d days and %d credited, over %v; want 94.76 of 20 and 1", got.Score, got.DueDays, got.Credited, got.Over)
	}
	if len(got.Given) != 2 || got.Given[0].Points.String() != "9.2" || got.Given[0].Assumed || !got.Given[1].Assumed {
		t.Errorf("given %+v", got.Given)
	}
	// The ceiling: with more minutes than can count, the 45 are what is missing.
	for i := range es[:20] {
		es[i].Minutes = 320
	}
	got = profile(t, "dki").Score(Inputs{Entries: es, Attendance: &Attendance{Days: []AttendanceDay{{Day: es[0].Day, Late: 45}}}})
	if got.Score.String() != "99.5" { // 70 x 6255/6300 + 30
		t.Errorf("score %s at the ceiling, want 99.5", got.Score)
	}
	if len(got.Deductions) != 1 || got.Deductions[0].Minutes != 45 {
		t.Errorf("deductions %+v", got.Deductions)
	}
}

func TestADayWithoutAPunchCostsWhatTheTableSays(t *testing.T) {
	t.Parallel()
	c := CeilingRule{PerMinute: 1, NoIn: 300, NoOut: 150, Absent: 450}
	for want, day := range map[int]AttendanceDay{
		45:  {Late: 45},
		300: {NoIn: true},
		150: {NoOut: true},
		310: {NoIn: true, Early: 10},
		195: {Late: 45, NoOut: true},
		450: {Absent: true, NoIn: true, Late: 20},
	} {
		if got := c.lost(day); got != want {
			t.Errorf("%+v costs %d minutes, want %d", day, got, want)
		}
	}
}

// 5 h 59 of 6 h 30 is 0.921 and 6 h 00 is 0.923; read as HH.MM the first came out
// as 0.887 and the second as 0.952.
func TestWorkedCheckOfBarru(t *testing.T) {
	t.Parallel()
	r := profile(t, "barru")
	for _, c := range []struct {
		worked int
		hours  string
	}{{359, "0.921"}, {360, "0.923"}, {390, "1"}, {600, "1"}} {
		got := r.Period(days(1, 0), &Attendance{Days: []AttendanceDay{{Day: roster.MustDay("2026-11-02"), Worked: c.worked}}})
		if hours := got.D.Sub(dec("50")).DivRound(dec("50"), 3); hours.String() != c.hours {
			t.Errorf("%d minutes at work are %s of a full day, want %s", c.worked, hours, c.hours)
		}
	}
	es := days(4, 0)
	es[1].Mark, es[2].Suitability = Late, Kurang
	es[3] = Entry{Day: es[3].Day, Due: true, Mark: Missing}
	if got := r.Period(es, nil).P; got.String() != "56.25" { // (100 + 50 + 75 + 0) / 4
		t.Errorf("P %s, want 56.25", got)
	}
	absent := &Attendance{Days: []AttendanceDay{{Day: es[0].Day, Worked: 390}, {Day: es[1].Day, Absent: true}}}
	if got := r.Period(es, absent); got.D.String() != "50" || len(got.Deductions) != 1 || got.Deductions[0].Codes[0] != "TK" {
		t.Errorf("D %s, deductions %+v", got.D, got.Deductions)
	}
}

// 6,751 minutes make a full month; days of leave take their share of it away, and a
// week has the day's target.
func TestWorkedCheckOfKebumen(t *testing.T) {
	t.Parallel()
	r := profile(t, "kebumen")
	es := days(22, 307) // 6,754
	if got := r.Score(Inputs{Entries: es, Month: true}).Score; got.String() != "100" {
		t.Errorf("6,754 minutes score %s, want 100", got)
	}
	es = days(22, 300)
	if got := r.Score(Inputs{Entries: es, Month: true}).Score; got.Round(2).String() != "97.76" { // 6600 / 6751
		t.Errorf("6,600 minutes score %s, want 97.76", got)
	}
	for i := range es[:11] {
		es[i].Excused, es[i].Minutes, es[i].Mark = true, 0, Pending
	}
	if got := r.Score(Inputs{Entries: es, Month: true}).Score; got.Round(2).String() != "97.76" {
		t.Errorf("half a month at the same pace scores %s, want 97.76", got)
	}
	if got := r.Period(days(5, 300), nil).Score; got.String() != "100" {
		t.Errorf("a week of full days scores %s, want 100", got)
	}
}

func TestAdditionalWorkIsHeldToAFifth(t *testing.T) {
	t.Parallel()
	r := profile(t, "bogor")
	es := days(1, 300)
	es[0].Additional = 200 // 100 of the plan, of 200 others 60 may count
	got := r.Period(es, nil)
	if got.Score.Round(2).String() != "53.33" || got.Terms[0].Over != 140 {
		t.Errorf("score %s with %d minutes over, want 53.33 and 140", got.Score, got.Terms[0].Over)
	}
	es[0].Additional = 60
	if got := r.Period(es, nil).Score; got.String() != "100" {
		t.Errorf("score %s, want 100", got)
	}
}

// A day of leave gave everybody 300 minutes elsewhere, by a slip; here it gives them
// to whoever was on leave, once a day.
func TestLeaveIsCreditedOncePerDay(t *testing.T) {
	t.Parallel()
	r, es := profile(t, "dki"), days(10, 150)
	none := r.Period(es, nil).Score
	for n := 1; n <= 3; n++ {
		es[n].Excused, es[n].Mark, es[n].Minutes = true, Pending, 0
		want := dec("30").Add(dec("70").Mul(decimal.New(int64(150*(10-n)+300*n), 0)).DivRound(dec("3000"), 6))
		if got := r.Period(es, nil).Score; !got.Equal(want) || !got.GreaterThan(none) {
			t.Errorf("%d days of leave: %s, want %s", n, got, want)
		}
	}
}

func TestAnEditedRubricIsAnother(t *testing.T) {
	t.Parallel()
	text := string(Profile("solo"))
	same, err := Parse(strings.NewReader("# a word more\n" + strings.Replace(text, "late    = 0.5", `late = "0.50"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if same.Hash() != Solo().Hash() {
		t.Error("the spelling of a file changed its hash")
	}
	edited := Solo()
	edited.DayCap = dec("2.5")
	rec := Solo().Record(days(3, 200), nil)
	if err := Verify(rec, edited); !errors.Is(err, ErrOtherRubric) {
		t.Errorf("a record verified by an edited rubric: %v", err)
	}
	// Records of the first versions carry no hash and still verify.
	rec.Hash = ""
	raw, err := json.Marshal(rec)
	if err != nil || strings.Contains(string(raw), `"hash"`) {
		t.Fatalf("%v: %s", err, raw)
	}
	if err := Verify(rec, Solo()); err != nil {
		t.Error(err)
	}
}

// The hash is stored with every score: a version of the program that made another one
// of the same file could not say that a past month still follows from its rule.
func TestHashOfSoloStays(t *testing.T) {
	t.Parallel()
	if got := Solo().Hash(); got != "cc78b141ffb3" {
		t.Errorf("solo is %s", got)
	}
}
