package main

import (
	"strings"
	"testing"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store"
)

// whyAgrees checks that /kenapa says of every person and day of a week what the
// rows say that the jobs go by: the same state, reason, deadline and question.
func whyAgrees(t *testing.T, db *store.Store, set settings, monday roster.Day) {
	t.Helper()
	last := monday.Add(6)
	people, err := db.Employees(t.Context(), last)
	if err != nil {
		t.Fatal(err)
	}
	records, checked := db.Records(last, set.loc), map[roster.State]int{}
	for _, p := range people {
		days, err := records.History(t.Context(), p.ID, monday, last)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			why, found, err := records.Why(t.Context(), p.ID, d.Day)
			if err != nil || !found {
				t.Fatalf("employee %d on %s: found %v, %v", p.ID, d.Day, found, err)
			}
			say := set.words.In("id")
			if wrong := contradicts(say, d, say.Why(why).Text); wrong != "" {
				t.Errorf("employee %d on %s: %s\n%s", p.ID, d.Day, wrong, say.Why(why).Text)
			}
			checked[d.Duty.State]++
		}
	}
	if checked[roster.Due] < 150 || checked[roster.NotDue] < 50 {
		t.Errorf("only %v days were looked at", checked)
	}
}

// contradicts tells what a sentence gets wrong about a day, empty for nothing.
func contradicts(say conversations.Speaker, d conversations.WorkDay, sentence string) string {
	head, _, _ := strings.Cut(sentence, "\n")
	state := map[roster.State]string{roster.Due: ": wajib lapor (", roster.NotDue: ": tidak wajib lapor (", roster.Deferred: ": ditangguhkan ("}
	reason := say.Text("alasan_"+string(d.Duty.Reason), nil)
	asked := strings.Contains(sentence, "Kami bertanya")
	switch {
	case !strings.HasPrefix(head, say.Day(d.Day)+state[d.Duty.State]+reason):
		return "another state or reason than " + string(d.Duty.State) + " " + string(d.Duty.Reason)
	case d.Duty.Name != "" && !strings.Contains(head, d.Duty.Name):
		return "does not name " + d.Duty.Name
	case d.Duty.State != roster.Due:
		return ""
	case !strings.Contains(sentence, "Tepat waktu sampai "+say.DayTime(d.Times.Deadline)):
		return "another deadline"
	case asked != d.Asked:
		return "asked or not asked"
	}
	return ""
}
