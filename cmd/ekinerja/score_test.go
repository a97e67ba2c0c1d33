package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store"
)

// booked are a person's stored weeks of one day each, by the default rule.
func booked(id roster.EmployeeID, opd string, minutes ...int) []store.Booked {
	out := make([]store.Booked, len(minutes))
	for i, n := range minutes {
		e := scoring.Entry{Day: roster.MustDay("2026-11-02").Add(7 * i), Due: true, Mark: scoring.OnTime, Minutes: n, Report: int64(i + 1)}
		out[i] = store.Booked{Employee: id, Number: "N", Name: "Orang", OPD: opd, Record: scoring.Solo().Record([]scoring.Entry{e}, nil)}
	}
	return out
}

func TestReplayCountsPeopleAndOffices(t *testing.T) {
	t.Parallel()
	draft := scoring.Solo()
	draft.Version, draft.Target = "2027.1", 240
	r := replay{Rule: draft.Name + " " + draft.Version}
	for _, b := range append(booked(1, "Dinas A", 240, 300), append(booked(2, "Dinas A", 300), booked(3, "Dinas B", 120, 120)...)...) {
		r.add(b, draft)
	}
	r.sum()
	if r.Scores.Up != 3 || r.Scores.Same != 2 || r.People.Up != 2 || r.People.Same != 1 || r.People.Down != 0 {
		t.Errorf("scores %+v, people %+v", r.Scores, r.People)
	}
	if len(r.OPDs) != 2 || r.OPDs[0].OPD != "Dinas A" || r.OPDs[0].People.Up != 1 || r.OPDs[1].People.Up != 1 {
		t.Errorf("offices %+v", r.OPDs)
	}
	// 120 of 300 minutes are 24 points of 60, of 240 they are 30.
	if last := r.Each[len(r.Each)-1]; !last.By.Equal(decimal.New(6, 0)) {
		t.Errorf("who rises: %+v", r.Each)
	}
	var out bytes.Buffer
	r.print(streams{out: &out}, 1)
	for _, want := range []string{"solo 2027.1 on 5 stored scores of 3 people; nothing was changed", "who rises most\n  N Orang", "+6"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "who falls") {
		t.Error("nobody falls")
	}
	png := filepath.Join(t.TempDir(), "sebaran.png")
	if err := r.draw(scoreReplayCmd{PNG: png, From: roster.MustDay("2026-11-01"), To: roster.MustDay("2026-11-30")}); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(png); err != nil || !bytes.HasPrefix(raw, []byte("\x89PNG")) {
		t.Errorf("no picture: %v", err)
	}
}

// The explanation names the rule, every day and its report, and can be computed again.
func TestExplainNamesEachDayAndItsReport(t *testing.T) {
	t.Parallel()
	words, err := conversations.NewWords(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	day := roster.MustDay("2026-11-02")
	entries := []scoring.Entry{
		{Day: day, Due: true, Mark: scoring.Late, Minutes: 200, Suitability: scoring.Cukup, Report: 7},
		{Day: day.Add(1), Due: true, Mark: scoring.Missing},
		{Day: day.Add(2), Due: true, Excused: true, Reason: "leave", Mark: scoring.Pending},
		{Day: day.Add(3), Due: true, Mark: scoring.Waived, Reason: "not_asked"},
		{Day: day.Add(4), Due: true, Mark: scoring.Pending},
		{Day: day.Add(5), Reason: "weekend", Mark: scoring.Pending},
	}
	m := conversations.MonthScore{
		First: day.Add(-1), Last: day.Add(28), Rubric: scoring.Solo(), Codes: map[int64]string{7: "ABCD2345"},
		Record: scoring.Solo().RecordOf(scoring.Inputs{
			Entries: entries, Month: true,
			Attendance: &scoring.Attendance{Days: []scoring.AttendanceDay{{Day: day, Late: 40}}},
		}),
	}
	e := explain(words.In("id"), m)
	text := strings.Join(e.Summary, "\n")
	for _, want := range []string{
		"Skor November 2026: 59,1", "Skor = 60% × kinerja 32,5 + 40% × kedisiplinan 99 = 59,1",
		"Sel 3/11: −100, tidak ada laporan", "Sen 2/11: −35, menit kerja di bawah sasaran, terlambat, kesesuaian menurut atasan (kode ABCD2345)",
		"Sen 2/11 TL2 (−1)", "1 hari cuti atau sakit, 1 hari yang dikecualikan, 1 hari yang masih dapat dilaporkan", "solo 2026.1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if len(e.Days) != 5 || len(e.Days[0].Said) != 6 || e.Hash != m.Record.Hash {
		t.Errorf("days %+v, hash %s", e.Days, e.Hash)
	}
	raw, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back explanation
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if err := scoring.Verify(back.Record, back.Rule); err != nil {
		t.Errorf("the rule and record of the JSON do not fit: %v", err)
	}
}
