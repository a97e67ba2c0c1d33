package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// rehearse runs simulate and reads what it prints.
func rehearse(t *testing.T, args ...string) (all []shown, s sums) {
	t.Helper()
	var out, errs bytes.Buffer
	args = append([]string{"simulate", "--json", "--data-dir", t.TempDir()}, args...)
	if code := run(t.Context(), args, streams{in: strings.NewReader(""), out: &out, err: &errs}); code != 0 {
		t.Fatalf("ended with %d: %s", code, errs.String())
	}
	lines := bufio.NewScanner(&out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m shown
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		if m.Kind == "" { // the last line
			if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
				t.Fatal(err)
			}
			continue
		}
		all = append(all, m)
	}
	return all, s
}

func kinds(all []shown) map[string]int {
	n := map[string]int{}
	for _, m := range all {
		n[m.Kind]++
	}
	return n
}

// A rehearsal of a roster file: nobody answers, so everybody who is asked is
// reminded; with answers, only the others are. The same call prints the same.
func TestSimulateARosterFile(t *testing.T) {
	t.Parallel()
	args := []string{"--roster", "seed/roster.csv", "--date", "2026-12-01", "--every", "10"}
	silent, s := rehearse(t, args...)
	n := kinds(silent)
	if n["ask"] < 30 || s.Reports != 0 || s.Messages != len(silent) || s.People != 40 {
		t.Errorf("%v, %+v", n, s)
	}
	if n["remind"] < n["ask"]*8/10 {
		t.Errorf("%d of %d silent people are reminded", n["remind"], n["ask"])
	}
	again, s2 := rehearse(t, append(args, "--answering", "70")...)
	m := kinds(again)
	if m["ask"] != n["ask"] || s2.Reports < m["ask"]/2 || m["remind"]+s2.Reports > m["ask"] {
		t.Errorf("with answers: %v, %d reports", m, s2.Reports)
	}
	for _, x := range again {
		if x.Text == "" || x.Why == "" || x.Channel != "telegram" {
			t.Fatalf("a message says too little: %+v", x)
		}
	}
}

// A rehearsal of a real database reads it and changes nothing, and knows what it
// holds: a leave, a holiday.
func TestSimulateLeavesTheDatabaseAlone(t *testing.T) {
	t.Parallel()
	url := storetest.New(t)
	db, err := store.Open(t.Context(), store.Config{URL: url, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	table, err := readTable("seed/roster.csv")
	if err != nil {
		t.Fatal(err)
	}
	file, _ := roster.Parse(table, nil)
	start := roster.MustDay("2026-11-30").At(roster.At24(9, 0), time.FixedZone("WIB", 7*3600))
	if err := db.ApplyImport(t.Context(), start, roster.MustDay("2026-11-01"), file.Employees(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := db.GiveChats(t.Context(), start, func(roster.EmployeeID) bool { return true }); err != nil {
		t.Fatal(err)
	}
	storetest.Exec(t, url, `INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_at)
		SELECT min(id), '2026-12-01', '2026-12-01', 'CT', 'import', 'confirmed', '2026-11-30T09:00:00Z' FROM employee`)
	all, s := rehearse(t, "--database-url", url, "--date", "2026-12-01", "--every", "15")
	if s.People != 40 || len(all) == 0 {
		t.Errorf("%d people, %d messages", s.People, len(all))
	}
	first := storetest.Rows(t, url, `SELECT min(id) FROM employee`)[0][0]
	for _, m := range all {
		if m.Kind == "ask" && fmt.Sprint(int64(m.Employee)) == first {
			t.Error("somebody on leave would be asked")
		}
	}
	for _, table := range []string{"outbox", "duty", "job_run", "inbox"} {
		if n := storetest.Rows(t, url, `SELECT count(*) FROM `+table)[0][0]; n != "0" {
			t.Errorf("%s rows of %s in the database that was only to be read", n, table)
		}
	}
}
