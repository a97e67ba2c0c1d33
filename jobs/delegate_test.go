package jobs

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Whoever a stand-in concerns hears of it once and not at night; one that never
// began ends without a word.
func TestWhoHearsOfAStandIn(t *testing.T) {
	t.Parallel()
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	j := delegate{Deps{Words: words, Policy: Default(), Loc: wib()}}
	d := conversations.Delegation{
		ID: 7, Superior: conversations.Person{ID: 10, Name: "Bambang"}, Stands: conversations.Person{ID: 20, Name: "Yuni"},
		From: roster.MustDay("2026-11-24"), To: roster.MustDay("2026-11-26"),
	}
	for name, c := range map[string]struct {
		how   conversations.DelegationTurn
		begun bool
		want  []roster.EmployeeID
	}{
		"begins":               {conversations.DelegationBegins, false, []roster.EmployeeID{20}},
		"is over":              {conversations.DelegationOver, true, []roster.EmployeeID{10, 20}},
		"was never active":     {conversations.DelegationOver, false, nil},
		"a decree overrules":   {conversations.DelegationOverruled, true, []roster.EmployeeID{10, 20}},
		"overruled beforehand": {conversations.DelegationOverruled, false, []roster.EmployeeID{10, 20}},
	} {
		var got []roster.EmployeeID
		keys := map[string]bool{}
		for _, s := range j.says(DelegationTurn{Delegation: d, How: c.how, Begun: c.begun}, on("2026-11-24", 0, 1)) {
			got, keys[s.Key] = append(got, s.Employee), true
			if at := on("2026-11-24", 5, 0); s.NotBefore.Before(at) {
				t.Errorf("%s: it is said at %s", name, s.NotBefore)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(keys) != len(got) {
			t.Errorf("%s: %d keys (-want +got):\n%s", name, len(keys), diff)
		}
	}
}

func TestQuietHoursEnd(t *testing.T) {
	t.Parallel()
	night := Quiet{roster.At24(22, 0), roster.At24(5, 30)}
	for _, c := range []struct{ now, want time.Time }{
		{on("2026-11-23", 12, 0), on("2026-11-23", 12, 0)},
		{on("2026-11-23", 23, 0), on("2026-11-24", 5, 30)},
		{on("2026-11-24", 1, 0), on("2026-11-24", 5, 30)},
	} {
		if got := night.Over(c.now); !got.Equal(c.want) {
			t.Errorf("at %s they end at %s, want %s", c.now, got, c.want)
		}
	}
}
