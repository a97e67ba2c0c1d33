package roster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// office is a small office: 1 leads it, 2 and 3 lead divisions, 4 to 7 work there.
func office() CommandFacts {
	since := MustDay("2026-01-01")
	f := CommandFacts{
		Posts: []Post{
			{ID: 10, Code: "KABAN"},
			{ID: 20, Code: "KABID-1"},
			{ID: 30, Code: "KABID-2"},
			{ID: 21, Code: "STAF-1"},
			{ID: 31, Code: "STAF-2"},
		},
		Above: []PostLink{{20, 10, since, Day{}}, {30, 10, since, Day{}}, {21, 20, since, Day{}}, {31, 30, since, Day{}}},
	}
	for _, a := range []Assignment{{Post: 10, Employee: 1}, {Post: 20, Employee: 2}, {Post: 30, Employee: 3}, {Post: 21, Employee: 4}, {Post: 31, Employee: 5}} {
		a.Kind, a.From = Definitive, since
		f.Assignments = append(f.Assignments, a)
	}
	return f
}

func TestSuperior(t *testing.T) {
	t.Parallel()
	since, week, friday := MustDay("2026-01-01"), MustDay("2026-11-23"), MustDay("2026-11-27")
	leave := func(e EmployeeID, to Day) Absence {
		return Absence{Employee: e, Kind: AnnualLeave, From: week, To: to, Confirmed: true}
	}
	for _, tt := range []struct {
		name string
		with func(f *CommandFacts)
		want map[EmployeeID]EmployeeID
	}{
		{"definitive holders", func(*CommandFacts) {}, map[EmployeeID]EmployeeID{1: 0, 2: 1, 3: 1, 4: 2, 5: 3}},
		{"a Plh before the holder", func(f *CommandFacts) {
			f.Assignments = append(f.Assignments, Assignment{Post: 20, Employee: 3, Kind: Plh, From: week, To: friday})
		}, map[EmployeeID]EmployeeID{4: 3, 3: 1, 2: 1, 5: 3}},
		{"a Plh from below is led from above the post", func(f *CommandFacts) {
			f.Assignments = append(f.Assignments, Assignment{Post: 20, Employee: 4, Kind: Plh, From: week, To: friday})
		}, map[EmployeeID]EmployeeID{4: 1, 2: 1}},
		{"a Plh before a Plt", func(f *CommandFacts) {
			f.Assignments[1].To = week.Add(-1)
			f.Assignments = append(f.Assignments, Assignment{Post: 20, Employee: 3, Kind: Plt, From: week},
				Assignment{Post: 20, Employee: 5, Kind: Plh, From: week, To: friday})
		}, map[EmployeeID]EmployeeID{4: 5}},
		{"a vacancy climbs", func(f *CommandFacts) { f.Assignments[1].To = week.Add(-1) }, map[EmployeeID]EmployeeID{4: 1}},
		{"nobody above is the HR inbox", func(f *CommandFacts) {
			f.Assignments[0].To, f.Assignments[1].To = week.Add(-1), week.Add(-1)
		}, map[EmployeeID]EmployeeID{4: 0, 3: 0}},
		{"a long leave is passed over", func(f *CommandFacts) { f.Absences = []Absence{leave(2, friday)} }, map[EmployeeID]EmployeeID{4: 1}},
		{"a short leave is waited for", func(f *CommandFacts) { f.Absences = []Absence{leave(2, week.Add(1))} }, map[EmployeeID]EmployeeID{4: 2}},
		{"a claimed leave moves nobody", func(f *CommandFacts) {
			f.Absences = []Absence{{Employee: 2, Kind: AnnualLeave, From: week, To: friday}}
		}, map[EmployeeID]EmployeeID{4: 2}},
		{"who has left leads nobody", func(f *CommandFacts) { f.Inactive = map[EmployeeID]bool{2: true} }, map[EmployeeID]EmployeeID{4: 1}},
		{"two posts: led from above the higher", func(f *CommandFacts) {
			f.Assignments = append(f.Assignments, Assignment{Post: 30, Employee: 4, Kind: Plt, From: week})
			f.Assignments[2].To = week.Add(-1)
		}, map[EmployeeID]EmployeeID{4: 1, 5: 4}},
		{"without posts the link decides", func(f *CommandFacts) {
			f.Links = []Line{{6, 7, since, Day{}}, {7, 8, since, Day{}}}
			f.Inactive = map[EmployeeID]bool{7: true}
		}, map[EmployeeID]EmployeeID{6: 8, 8: 0}},
		{"a link leads to the post of whom it names", func(f *CommandFacts) {
			f.Links = []Line{{6, 2, since, Day{}}}
			f.Assignments = append(f.Assignments, Assignment{Post: 20, Employee: 6, Kind: Plh, From: friday, To: friday},
				Assignment{Post: 20, Employee: 3, Kind: Plh, From: week, To: week})
		}, map[EmployeeID]EmployeeID{6: 3}},
		{"above the top post is its holder's link", func(f *CommandFacts) {
			f.Links = []Line{{1, 9, since, Day{}}}
		}, map[EmployeeID]EmployeeID{1: 9, 2: 1, 9: 0}},
		{"a post stands below another from a day on", func(f *CommandFacts) {
			f.Above[2].To = week.Add(-1)
			f.Above = append(f.Above, PostLink{21, 30, week, Day{}})
		}, map[EmployeeID]EmployeeID{4: 3, 5: 3}},
		{"until then it stands where it stood", func(f *CommandFacts) {
			f.Above[2].To = week
			f.Above = append(f.Above, PostLink{21, 30, week.Add(1), Day{}})
		}, map[EmployeeID]EmployeeID{4: 2}},
		{"a post may be at the top for a while", func(f *CommandFacts) {
			f.Above[0].To = week.Add(-1)
		}, map[EmployeeID]EmployeeID{2: 0, 4: 2, 3: 1}},
		{"a circle is cut", func(f *CommandFacts) {
			f.Links = []Line{{6, 7, since, Day{}}, {7, 6, since, Day{}}, {8, 7, since, Day{}}}
		}, map[EmployeeID]EmployeeID{6: 0, 7: 0, 8: 7}},
	} {
		f := office()
		tt.with(&f)
		day := NewCommand(f).On(week)
		got := map[EmployeeID]EmployeeID{}
		for e := range tt.want {
			got[e] = day.Superior(e)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func anyCommand() *rapid.Generator[CommandFacts] {
	return rapid.Custom(func(t *rapid.T) CommandFacts {
		const people, posts = 9, 7
		base := MustDay("2026-11-02")
		person := rapid.Int64Range(1, people)
		span := func() (Day, Day) {
			from := base.Add(rapid.IntRange(0, 12).Draw(t, "from"))
			if rapid.IntRange(0, 3).Draw(t, "open") > 0 {
				return from, Day{}
			}
			return from, from.Add(rapid.IntRange(0, 9).Draw(t, "length"))
		}
		f := CommandFacts{Inactive: map[EmployeeID]bool{}}
		for i := range posts {
			highest := i // mostly a tree
			if rapid.IntRange(0, 9).Draw(t, "any") == 0 {
				highest = posts
			}
			f.Posts = append(f.Posts, Post{ID: PostID(i + 1)})
			for range rapid.IntRange(0, 2).Draw(t, "superiors") {
				l := PostLink{Post: PostID(i + 1), Superior: PostID(rapid.IntRange(0, highest).Draw(t, "superior"))}
				l.From, l.To = span()
				f.Above = append(f.Above, l)
			}
		}
		for range rapid.IntRange(4, 20).Draw(t, "assignments") {
			a := Assignment{
				Post: PostID(rapid.IntRange(1, posts+1).Draw(t, "post")), Employee: EmployeeID(person.Draw(t, "holder")),
				Kind: rapid.SampledFrom(Holdings()).Draw(t, "kind"),
			}
			a.From, a.To = span()
			f.Assignments = append(f.Assignments, a)
		}
		for range rapid.IntRange(0, 14).Draw(t, "links") {
			l := Line{Employee: EmployeeID(person.Draw(t, "led")), Supervisor: EmployeeID(person.Draw(t, "leader"))}
			l.From, l.To = span()
			f.Links = append(f.Links, l)
		}
		for range rapid.IntRange(0, 4).Draw(t, "absences") {
			a := Absence{Employee: EmployeeID(person.Draw(t, "away")), Kind: rapid.SampledFrom(AbsenceKinds()).Draw(t, "leave"), Confirmed: rapid.Bool().Draw(t, "confirmed")}
			a.From, a.To = span()
			f.Absences = append(f.Absences, a)
		}
		if rapid.Bool().Draw(t, "left") {
			f.Inactive[EmployeeID(person.Draw(t, "inactive"))] = true
		}
		return f
	})
}

// F5 and F6: whatever the data, nobody leads themself, the line has no circle,
// and it ends at the HR inbox.
func TestTheLineAlwaysEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anyCommand().Draw(t, "facts")
		c := NewCommand(f)
		day := MustDay("2026-11-02").Add(rapid.IntRange(-1, 32).Draw(t, "day"))
		view := c.On(day)
		for e := EmployeeID(1); e <= 10; e++ {
			at, steps := e, 0
			for at = view.Superior(at); at != 0; at = view.Superior(at) {
				if at == e {
					t.Fatalf("the line of %d leads back to them", e)
				}
				if steps++; steps > 10 {
					t.Fatalf("the line of %d does not end", e)
				}
				if !view.present(at) {
					t.Fatalf("%d is led by %d, who is not there", e, at)
				}
			}
		}
	})
}

// Lines are what Superior says, day by day.
func TestLinesAreTheSuperiorOfEachDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := NewCommand(anyCommand().Draw(t, "facts"))
		from := MustDay("2026-11-02").Add(rapid.IntRange(0, 25).Draw(t, "from"))
		people := []EmployeeID{1, 2, 3, 4, 5, 6, 7, 8, 9}
		lines := NewLines(c.Lines(people, from))
		for d := from; d.Before(from.Add(40)); d = d.Add(1) {
			view := c.On(d)
			for _, e := range people {
				if got, want := lines.SupervisorOn(e, d), view.Superior(e); got != want {
					t.Fatalf("on %s %d is led by %d in the lines, by %d in the facts", d, e, got, want)
				}
			}
		}
	})
}
