package scoring

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

func member(id roster.EmployeeID, score string, onTime, late, missing int) Member {
	r := Result{OnTime: onTime, Late: late, Missing: missing, DueDays: onTime + late + missing, Minutes: 300 * (onTime + late)}
	if r.DueDays == 0 {
		r.Empty = true
		return Member{Employee: id, Result: r}
	}
	r.Score = dec(score)
	return Member{Employee: id, Result: r}
}

func ids(ms []Member) (out []roster.EmployeeID) {
	for _, m := range ms {
		out = append(out, m.Employee)
	}
	return out
}

func TestTeam(t *testing.T) {
	t.Parallel()
	got := Team([]Member{
		member(1, "80", 4, 0, 1), member(2, "92", 5, 0, 0), member(3, "95", 4, 1, 0), member(4, "0", 0, 0, 0),
	}, Praise{Top: 3, AtLeast: dec("90")})
	want := TeamSummary{
		Members: 4, Scored: 3, Due: 15, In: 14, OnTime: 13, Minutes: 4200,
		Compliance: dec("93.333333"), Punctual: dec("92.857143"), Mean: dec("89"), Best: got.Best,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]roster.EmployeeID{3, 2}, ids(got.Best)); diff != "" {
		t.Errorf("best (-want +got):\n%s", diff)
	}
}

func TestTeamBest(t *testing.T) {
	t.Parallel()
	tied := []Member{member(9, "100", 5, 0, 0), member(2, "100", 5, 0, 0), member(5, "100", 5, 0, 0), member(1, "97", 5, 0, 0)}
	for _, c := range []struct {
		name   string
		in     []Member
		praise Praise
		want   []roster.EmployeeID
	}{
		{"ties are all named", tied, Praise{Top: 2}, []roster.EmployeeID{2, 5, 9}},
		{"nobody asked for", tied, Praise{}, nil},
		{"a missing day is not praised", []Member{member(1, "99", 20, 0, 1)}, Praise{Top: 3}, nil},
		{"threshold included", []Member{member(1, "90", 5, 0, 0)}, Praise{Top: 3, AtLeast: dec("90")}, []roster.EmployeeID{1}},
		{"empty team", nil, Praise{Top: 3}, nil},
	} {
		if diff := cmp.Diff(c.want, ids(Team(c.in, c.praise).Best)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	r, es, att := worked()
	for _, c := range []struct {
		name   string
		change func(*Record)
		want   error
	}{
		{"untouched", func(*Record) {}, nil},
		{"score", func(rec *Record) { rec.Result.Score = dec("89.914287") }, ErrMismatch},
		{"d", func(rec *Record) { rec.Result.D = nil }, ErrMismatch},
		{"a counter", func(rec *Record) { rec.Result.Late++ }, ErrMismatch},
		{"a term", func(rec *Record) { rec.Result.Terms[3].Points = dec("1") }, ErrMismatch},
		{"an input", func(rec *Record) { rec.Inputs[0].Minutes++ }, ErrMismatch},
		{"an attendance day", func(rec *Record) { rec.Attendance = nil }, ErrMismatch},
		{"another version", func(rec *Record) { rec.Version = "2027.1" }, ErrOtherRubric},
	} {
		rec := r.Record(es, att)
		c.change(&rec)
		if err := Verify(rec, r); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

// replayed are stored records under a draft, those without a score left out.
func replayed(records []Record, draft Rubric) Shift {
	var diffs []decimal.Decimal
	for _, rec := range records {
		if c, ok := Compare(rec, draft); ok {
			diffs = append(diffs, c.By())
		}
	}
	return ShiftOf(diffs)
}

func TestMeanOfChanges(t *testing.T) {
	t.Parallel()
	got := Change{Before: dec("80"), After: dec("90")}.Plus(Change{Before: dec("60"), After: dec("60")}).Mean(2)
	if !got.Before.Equal(dec("70")) || !got.After.Equal(dec("75")) || !got.By().Equal(dec("5")) {
		t.Errorf("the mean is %+v", got)
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	r := Solo()
	var records []Record
	for _, minutes := range []int{150, 240, 300} {
		records = append(records, r.Record([]Entry{on("2026-11-02", OnTime, minutes, Sesuai)}, nil))
	}
	records = append(records, r.Record(nil, nil))
	draft := Solo()
	draft.Target = 200
	want := Shift{Up: 2, Same: 1, Median: dec("12"), Highest: dec("15")}
	if diff := cmp.Diff(want, replayed(records, draft)); diff != "" {
		t.Errorf("softer rule (-want +got):\n%s", diff)
	}
	draft.Target = 400
	want = Shift{Down: 3, Median: dec("-12"), Lowest: dec("-15")}
	if diff := cmp.Diff(want, replayed(records, draft)); diff != "" {
		t.Errorf("harder rule (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Shift{}, ShiftOf(nil)); diff != "" {
		t.Errorf("nothing (-want +got):\n%s", diff)
	}
}

func TestEntryCheck(t *testing.T) {
	t.Parallel()
	good := on("2026-11-02", OnTime, 300, "")
	if err := good.Check(); err != nil {
		t.Errorf("good entry: %v", err)
	}
	for name, change := range map[string]func(*Entry){
		"no day": func(e *Entry) { e.Day = roster.Day{} }, "mark": func(e *Entry) { e.Mark = "x" },
		"minutes": func(e *Entry) { e.Minutes = 1441 }, "suitability": func(e *Entry) { e.Suitability = "x" },
	} {
		e := good
		change(&e)
		if e.Check() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
