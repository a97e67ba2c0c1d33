package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"ekinerja/scoring"
	"ekinerja/store/storetest"
)

// verdict is what the crash test found.
type verdict struct {
	kills                int
	in, out, reports     int // messages and taps of people; messages of ours; sendings
	lost, doubled, wrong []string
	repeats              int // copies that somebody saw a second time
	doubts               int // messages of ours that are unclear for good
	again                int // people who had to ask for what never came
	throttled            int // 429s of the network
	stopped, seconds     time.Duration
}

func (v *verdict) lose(format string, a ...any) { v.lost = append(v.lost, fmt.Sprintf(format, a...)) }

func (v *verdict) double(format string, a ...any) {
	v.doubled = append(v.doubled, fmt.Sprintf(format, a...))
}

func (v *verdict) blame(format string, a ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, a...))
}

func (v *verdict) print(w io.Writer) {
	for _, row := range []struct {
		name  string
		value any
	}{
		{"kills -9", v.kills},
		{"messages and taps in", v.in},
		{"messages out", v.out},
		{"reports sent", v.reports},
		{"lost", len(v.lost)},
		{"doubled", len(v.doubled)},
		{"wrong", len(v.wrong)},
		{"repeats seen", v.repeats},
		{"left in doubt", v.doubts},
		{"asked for again", v.again},
		{"429s", v.throttled},
		{"orderly stop", v.stopped.Round(time.Millisecond)},
		{"took", v.seconds.Round(time.Second)},
	} {
		_, _ = fmt.Fprintf(w, "crash: %-22s %v\n", row.name, row.value)
	}
}

// judge compares what people did and saw with what is stored.
func (c *crash) judge() *verdict {
	c.t.Helper()
	v := &verdict{throttled: c.net.Counts()["sendMessage 429"]}
	c.judgeInbox(v)
	c.judgeActivities(v)
	c.judgeReceipts(v)
	c.judgeOutbox(v)
	found, err := c.db.Verify(c.t.Context(), c.host.clock.Now(), []scoring.Rubric{scoring.Solo()})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range found {
		v.blame("%s", f)
	}
	for _, x := range c.net.Violations() {
		v.blame("the network refused %s: %s", x.Method, x.Description)
	}
	for _, r := range c.people {
		v.again += r.again
		for _, f := range r.failed {
			v.blame("%s: %s", r.number, f)
		}
	}
	v.wrong = append(v.wrong, c.host.complaints()...)
	return v
}

// judgeInbox: every message and every tap is there once, and was dealt with.
func (c *crash) judgeInbox(v *verdict) {
	c.t.Helper()
	got, state := map[string]int{}, map[string]string{}
	for _, row := range storetest.Rows(c.t, c.url, `SELECT convert_from(raw, 'UTF8')::jsonb ->> 'update_id', state FROM inbox`) {
		got[row[0]]++
		state[row[0]] = row[1]
	}
	for _, r := range c.people {
		v.in += len(r.updates)
		for _, id := range r.updates {
			key := strconv.FormatInt(id, 10)
			switch n := got[key]; {
			case n == 0:
				v.lose("%s: update %s is not in the inbox", r.number, key)
			case n > 1:
				v.double("%s: update %s is in the inbox %d times", r.number, key, n)
			case state[key] != "done":
				v.blame("%s: update %s is %s", r.number, key, state[key])
			}
		}
	}
}

// judgeActivities: every activity typed is in the sent report of its person and
// day, once, with its own figures, and nothing else is.
func (c *crash) judgeActivities(v *verdict) {
	c.t.Helper()
	type found struct{ number, day, state, count, minutes string }
	stored := map[string][]found{}
	for _, row := range storetest.Rows(c.t, c.url, `SELECT a.description, e.number, r.day, r.state, a.quantity, a.minutes
		FROM activity a JOIN report r ON r.id = a.report_id JOIN employee e ON e.id = r.employee_id`) {
		words := strings.Fields(row[0])
		mark := words[len(words)-1]
		stored[mark] = append(stored[mark], found{row[1], row[2], row[3], row[4], row[5]})
	}
	for _, r := range c.people {
		for _, d := range r.deeds {
			want := found{r.number, "2026-11-23", "submitted", strconv.Itoa(d.count), strconv.Itoa(d.minutes)}
			got := stored[d.mark]
			switch {
			case len(got) == 0:
				v.lose("%s: activity %s is in no report", r.number, d.mark)
			case len(got) > 1:
				v.double("%s: activity %s is stored %d times: %v", r.number, d.mark, len(got), got)
			case got[0] != want:
				v.blame("%s: activity %s is stored as %v, want %v", r.number, d.mark, got[0], want)
			}
			delete(stored, d.mark)
		}
	}
	for mark, got := range stored {
		v.blame("nobody typed %q: %v", mark, got)
	}
}

// judgeReceipts: everybody who was asked has sent a report and holds a receipt
// with its code for every sending, unless it is the one that is in doubt.
func (c *crash) judgeReceipts(v *verdict) {
	c.t.Helper()
	doubts := map[string]int{}
	for _, row := range storetest.Rows(c.t, c.url, `SELECT e.number FROM outbox o JOIN employee e ON e.id = o.employee_id
		WHERE o.state = 'unclear'`) {
		doubts[row[0]]++
		v.doubts++
	}
	code, version := map[string]string{}, map[string]int{}
	for _, row := range storetest.Rows(c.t, c.url, `SELECT e.number, r.code, r.version FROM report r JOIN employee e ON e.id = r.employee_id
		WHERE r.state = 'submitted'`) {
		code[row[0]] = row[1]
		version[row[0]], _ = strconv.Atoi(row[2])
		v.reports += version[row[0]]
	}
	for _, r := range c.people {
		receipts := map[string]bool{}
		for _, m := range r.seen() {
			if m.FromBot && has(m, "Ubah laporan") && !has(m, "Tambah") && strings.Contains(m.Text, code[r.number]) {
				receipts[identity(m)] = true
			}
		}
		switch {
		case code[r.number] == "":
			v.lose("%s has no report that was sent", r.number)
		case len(receipts)+doubts[r.number] < version[r.number]:
			v.lose("%s sent %d times and holds %d receipts", r.number, version[r.number], len(receipts))
		case len(receipts) > version[r.number]:
			v.double("%s sent %d times and holds %d receipts", r.number, version[r.number], len(receipts))
		}
	}
}

// judgeOutbox compares what was queued with what phones show, by chat and words.
// A row of which the network's answer was lost may be shown twice, no more.
func (c *crash) judgeOutbox(v *verdict) {
	c.t.Helper()
	shown := map[string]int{}
	for _, r := range c.people {
		for _, m := range r.seen() {
			if m.FromBot {
				shown[fmt.Sprint(r.phone.ID, "\n", m.Text)]++
				v.out++
			}
		}
	}
	for _, p := range c.crowd {
		for _, m := range p.Seen() {
			shown[fmt.Sprint(p.ID, "\n", m.Text)]++
			v.out++
		}
	}
	for _, g := range c.groups {
		for _, m := range g.Chat().Messages() {
			if m.FromBot {
				shown[fmt.Sprint(g.ID, "\n", m.Text)]++
			}
		}
	}
	for _, row := range storetest.Rows(c.t, c.url, `SELECT chat_id || E'\n' || (body ->> 'text'), count(*) FILTER (WHERE attempt > untried),
		count(*) FILTER (WHERE state = 'sent'), string_agg(DISTINCT state, ','),
		count(*) FILTER (WHERE state = 'sent' AND outcome = 'answered') FROM outbox GROUP BY 1`) {
		tried, _ := strconv.Atoi(row[1])
		sent, _ := strconv.Atoi(row[2])
		answered, _ := strconv.Atoi(row[4]) // of two like it one was seen, and answered: nobody misses the other
		n := shown[row[0]]
		delete(shown, row[0])
		switch {
		case n < sent-answered:
			v.lose("sent %d times, seen %d times: %q", sent, n, row[0])
		case n > 2*tried:
			v.double("tried %d times, seen %d times: %q", tried, n, row[0])
		case n > tried:
			v.repeats += n - tried
		}
		if sent < tried && n < tried && !strings.Contains(row[3], "unclear") && !strings.Contains(row[3], "superseded") {
			v.lose("tried %d, sent %d, seen %d times (%s): %q", tried, sent, n, row[3], row[0])
		}
	}
	for words := range shown {
		v.blame("nobody queued what was seen: %q", words)
	}
	for _, row := range storetest.Rows(c.t, c.url, `SELECT key, count(*) FROM outbox GROUP BY key HAVING count(*) > 1
		UNION ALL SELECT employee_id || '/' || about_day, count(*) FROM outbox WHERE kind = 'ask' GROUP BY 1 HAVING count(*) > 1`) {
		v.double("queued %s times: %s", row[1], row[0])
	}
}

// condemn fails the test for everything that was promised and did not hold.
func (c *crash) condemn(v *verdict) {
	c.t.Helper()
	for name, list := range map[string][]string{"LOST": v.lost, "DOUBLED": v.doubled, "WRONG": v.wrong} {
		slices.Sort(list)
		for i, s := range list {
			if i == 20 {
				c.t.Errorf("%s: … and %d more", name, len(list)-i)
				break
			}
			c.t.Errorf("%s: %s", name, s)
		}
	}
	if c.t.Failed() {
		for _, row := range storetest.Rows(c.t, c.url, `SELECT kind, state, attempt, untried, resent, outcome, count(*)
			FROM outbox GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3`) {
			c.t.Logf("outbox: kind, state, attempts, untried, resent, outcome, rows: %s", strings.Join(row, " "))
		}
	}
	most := v.kills/5 + 1
	if v.repeats > most || v.doubts > most || v.again > most {
		c.t.Errorf("in %d kills %d repeats, %d doubts, %d askings; want at most %d of each", v.kills, v.repeats, v.doubts, v.again, most)
	}
	if v.in < 3*v.kills || v.reports < crashPeople {
		c.t.Errorf("only %d messages and %d reports: too little load to prove anything", v.in, v.reports)
	}
}
