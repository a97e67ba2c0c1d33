package store

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// numberOf is the staff number of a person of the stage.
func (s *stage) numberOf(id roster.EmployeeID) string {
	s.t.Helper()
	all, err := s.store.Employees(context.Background(), today())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range all {
		if e.ID == id {
			return e.Number
		}
	}
	s.t.Fatalf("nobody has id %d", id)
	return ""
}

// plans makes the plan of a person what texts say, as an import on a day.
func (s *stage) plans(id roster.EmployeeID, day roster.Day, texts ...string) {
	s.t.Helper()
	current, err := s.store.Plans(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	var file roster.Plans
	for i, text := range texts {
		file.Items = append(file.Items, roster.PlanItem{
			Number: s.numberOf(id), Code: string(rune('1' + i)), Text: text, Period: roster.Period{Year: 2026},
		})
	}
	if err := s.store.ApplyPlans(context.Background(), s.clock.now(), day, roster.ComparePlans(current, file)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) plan(id roster.EmployeeID, day roster.Day) conversations.Plan {
	s.t.Helper()
	p, err := s.store.Records(day, wib()).Plan(context.Background(), id, day)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func texts(p conversations.Plan) (out []string) {
	for _, it := range p.Items {
		out = append(out, it.Code+" "+it.Text)
	}
	return out
}

func (s *stage) planLinks(id roster.EmployeeID, day roster.Day) (out []string) {
	s.t.Helper()
	rows, err := s.store.q().PlanLinksOf(context.Background(), int64(id), day)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range rows {
		out = append(out, r.Code+" "+r.Said+" ("+r.ChosenBy+")")
	}
	return out
}

// TestChangedPlanKeepsHistory: what was reported serves the words that the plan
// had then, and earlier days still have the earlier plan.
func TestChangedPlanKeepsHistory(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.due(id, "due")
	s.plans(id, today().Add(-30), "satu", "dua", "tiga")
	p := s.plan(id, today())
	c := change(true)
	c.Links = []conversations.PlanLink{
		{Of: "verifikasi berkas pbb", Item: p.Items[1].ID, Code: "2", By: roster.ByPerson}, {Of: "rapat", By: roster.ByNothing},
	}
	s.do("100", id, conversations.Outcome{Report: c})

	s.plans(id, today(), "satu", "dua yang baru")
	if diff := cmp.Diff([]string{"1 satu", "2 dua yang baru"}, texts(s.plan(id, today()))); diff != "" {
		t.Errorf("plan of today (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1 satu", "2 dua", "3 tiga"}, texts(s.plan(id, today().Add(-1)))); diff != "" {
		t.Errorf("plan of yesterday (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"2 dua (person)", "  (nothing)"}, s.planLinks(id, today())); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]roster.Chosen{{Description: "Verifikasi berkas PBB", Item: p.Items[1].ID}}, s.plan(id, today()).Chosen); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}

	c = change(true)
	c.Links = []conversations.PlanLink{}
	s.do("100", id, conversations.Outcome{Report: c})
	if got := s.planLinks(id, today()); len(got) != 0 {
		t.Errorf("links of an earlier sending stayed: %v", got)
	}
}

// TestAnotherPersonsItemIsRefused: the database itself refuses it, and nothing of
// the turn remains.
func TestAnotherPersonsItemIsRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sri, agus := s.person("Sri", "100"), s.person("Agus", "200")
	s.due(sri, "due")
	s.plans(agus, today(), "milik Agus")
	if got := s.plan(sri, today()); len(got.Items) > 0 {
		t.Errorf("Sri has the plan of Agus: %+v", got)
	}
	s.do("100", sri, conversations.Outcome{Report: change(true)})
	q := s.store.q()
	err := q.AddPlanLinks(context.Background(), db.AddPlanLinksParams{
		EmployeeID: int64(sri), Day: today(), Positions: []int32{0},
		Items: []int64{s.plan(agus, today()).Items[0].ID}, Chosen: []string{"person"},
	})
	if err == nil {
		t.Error("an activity of Sri serves an item of Agus")
	}
}

func TestUsualsAreOwnAndOfTheOffice(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sri, agus := s.person("Sri", "100"), s.person("Agus", "200")
	s.due(sri, "due")
	s.do("100", sri, conversations.Outcome{Report: change(true)})
	all, err := s.store.Employees(context.Background(), today())
	if err != nil {
		t.Fatal(err)
	}
	bank := roster.Bank{Entries: []roster.Standard{
		{OPD: all[0].OPD, Name: "Apel pagi", Result: "kegiatan", Minutes: 30},
		{OPD: all[0].OPD, Unit: all[0].Unit, Name: "verifikasi berkas PBB", Result: "berkas", Minutes: 90},
	}}
	if err := s.store.ApplyBank(context.Background(), s.clock.now(), today(), roster.CompareBanks(nil, bank)); err != nil {
		t.Fatal(err)
	}
	rec := s.store.Records(today(), wib())
	got, err := rec.Usuals(context.Background(), sri, today().Add(1))
	if err != nil {
		t.Fatal(err)
	}
	want := []roster.Usual{
		{Name: "Verifikasi berkas PBB", Unit: "berkas", Minutes: 90, Agreed: true, Own: true},
		{Name: "Rapat", Unit: "jam", Own: true},
		{Name: "Apel pagi", Unit: "kegiatan", Minutes: 30, Agreed: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Sri's (-want +got):\n%s", diff)
	}
	others, err := rec.Usuals(context.Background(), agus, today().Add(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range others {
		if u.Own {
			t.Errorf("Agus is proposed what Sri did: %+v", u)
		}
	}
	kept, err := s.store.Bank(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bank.Entries, kept, cmpopts.IgnoreFields(roster.Standard{}, "ID"), cmpopts.SortSlices(func(a, b roster.Standard) bool { return a.Name < b.Name })); diff != "" {
		t.Errorf("bank (-put +read):\n%s", diff)
	}
}
