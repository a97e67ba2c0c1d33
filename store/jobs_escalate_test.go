package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/roster"
)

// line is a team of three under a head under a top, all of whom are asked.
type line struct {
	*office
	top, head, sri, teguh, umi roster.EmployeeID
}

func newLine(t *testing.T) *line {
	t.Helper()
	l := &line{office: newOffice(t)}
	l.top, l.head = l.person("Bambang Sutrisno", "1"), l.person("Dewi Lestari", "2")
	l.sri, l.teguh, l.umi = l.person("Sri Wahyuni", "3"), l.person("Teguh", "4"), l.person("Umi Kulsum", "5")
	l.led(l.top, l.head)
	l.led(l.head, l.sri, l.teguh, l.umi)
	return l
}

// members are receiver>member:days in a row of every digest.
func (l *line) members() []string {
	l.t.Helper()
	rows, err := l.store.pool.Query(l.t.Context(), `SELECT e.receiver_id, e.revision, m.employee_id, m.day, m.in_a_row
		FROM escalation e JOIN escalation_member m ON m.escalation_id = e.id ORDER BY e.id, m.employee_id`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var receiver, member int64
		var revision, days int
		var day roster.Day
		if err := rows.Scan(&receiver, &revision, &member, &day, &days); err != nil {
			l.t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d/%d>%d %s:%d", receiver, revision, member, day, days))
	}
	return out
}

func (l *line) wantMembers(want ...string) {
	l.t.Helper()
	if diff := cmp.Diff(want, l.members()); diff != "" {
		l.t.Error(diff)
	}
}

func of(receiver, member roster.EmployeeID, day string, days int) string {
	return fmt.Sprintf("%d/1>%d %s:%d", receiver, member, day, days)
}

func TestJobsEscalate(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.tick(on(mon, "15.46"))
	l.reported(l.top, mon, false, 300)
	l.reported(l.teguh, mon, false, 300)
	if did := l.tick(on(tue, "07.59")); did["escalate.digests"] != 0 {
		t.Errorf("too early: %v", did)
	}
	if did := l.tick(on(tue, "08.00")); did["escalate.digests"] != 2 {
		t.Errorf("at 08.00: %v", did)
	}
	// The head is silent too, and is a member like any other, of the own superior.
	want := []string{of(l.top, l.head, mon, 1), of(l.head, l.sri, mon, 1), of(l.head, l.umi, mon, 1)}
	l.wantMembers(want...)
	for _, at := range []string{"08.01", "11.00"} {
		if did := l.tick(on(tue, at)); did["escalate.digests"]+did["escalate.revised"] != 0 {
			t.Errorf("%s: again: %v", at, did)
		}
	}
	text := l.words("escalate/" + fmt.Sprint(one[int64](l.stage, "SELECT id FROM escalation WHERE receiver_id = $1", int64(l.head))))
	const letter = `Sugeng enjang, Bapak/Ibu Dewi Lestari.

Sampai pukul 08.00 WIB, 2 dari 3 staf belum melapor:

1. Sri Wahyuni – Sen 23/11
2. Umi Kulsum – Sen 23/11

Mohon berkenan mengonfirmasi: tekan nomor untuk memberi keterangan (cuti, sakit, dinas luar) atau mengingatkan yang bersangkutan.`
	if diff := cmp.Diff(letter, text); diff != "" {
		t.Error(diff)
	}
	// Tuesday: Sri is silent again, Umi reports; only Sri is told of, with two days.
	l.tick(on(tue, "15.46"))
	for _, id := range []roster.EmployeeID{l.top, l.head, l.teguh, l.umi} {
		l.reported(id, tue, false, 300)
	}
	l.tick(on(wed, "08.00"))
	l.wantMembers(append(want, of(l.head, l.sri, tue, 2))...)
}

func TestJobsEscalateAfterADowntime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, at string
		want    int
	}{
		{tue, "08.00", 1}, {tue, "15.59", 1}, {tue, "16.00", 0}, {wed, "08.00", 1}, {"2026-11-28", "08.00", 0},
	} {
		t.Run(c.day+" "+c.at, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			l.tick(on(mon, "15.46"))
			for _, id := range []roster.EmployeeID{l.top, l.head, l.teguh, l.umi} {
				l.reported(id, mon, false, 300)
			}
			if did := l.tick(on(c.day, c.at)); did["escalate.digests"] != c.want {
				t.Errorf("got %v, want %d digests", did, c.want)
			}
		})
	}
}

func TestJobsEscalateNobodyWithoutFault(t *testing.T) {
	t.Parallel()
	for name, settle := range map[string]func(*line){
		"reported late": func(l *line) { l.reported(l.sri, mon, true, 300) },
		"on leave, marked now": func(l *line) {
			l.exec("UPDATE duty SET state = 'not_due', reason = 'leave' WHERE employee_id = $1", l.sri)
		},
		"ill, only claimed": func(l *line) {
			l.exec("UPDATE duty SET state = 'deferred', reason = 'sick' WHERE employee_id = $1", l.sri)
		},
		"left":           func(l *line) { l.exec("UPDATE employee SET active = false WHERE id = $1", l.sri) },
		"we never asked": func(l *line) { l.exec("UPDATE duty SET asked_at = NULL WHERE employee_id = $1", l.sri) },
		"the answer is not read yet": func(l *line) {
			l.receive(l.text("3", "Verifikasi berkas; 25 berkas; 120 menit"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			l.tick(on(mon, "15.46"))
			for _, id := range []roster.EmployeeID{l.top, l.head, l.teguh, l.umi} {
				l.reported(id, mon, false, 300)
			}
			l.tick(on(mon, "22.00"))
			settle(l)
			l.tick(on(tue, "08.00"))
			l.wantMembers()
		})
	}
}

func TestJobsEscalateUpTheLine(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.exec("UPDATE address SET state = 'closed', ended_at = now() WHERE employee_id = $1", l.umi)
	l.tick(on(mon, "15.46"))
	l.reported(l.head, mon, false, 300)
	l.reported(l.teguh, mon, false, 300)
	l.exec("UPDATE employee SET active = false WHERE id = $1", l.head)
	did := l.tick(on(tue, "08.00"))
	if did["escalate.digests"] != 1 || did["escalate.hr"] != 1 { // nobody is above the top
		t.Errorf("got %v", did)
	}
	l.wantMembers(of(l.top, l.sri, mon, 1), of(l.top, l.umi, mon, 1))
}

func TestJobsEscalateWaitsForAChat(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.tick(on(mon, "15.46"))
	l.reported(l.top, mon, false, 300)
	l.reported(l.head, mon, false, 300)
	l.exec("UPDATE address SET state = 'blocked' WHERE employee_id = ANY($1)", []int64{int64(l.head), int64(l.top)})
	if did := l.tick(on(tue, "08.00")); did["escalate.unreachable"] != 3 || did["escalate.digests"] != 0 {
		t.Errorf("got %v", did)
	}
	l.exec("UPDATE address SET state = 'live' WHERE employee_id = $1", l.head)
	l.tick(on(wed, "08.00"))
	l.wantMembers(of(l.head, l.sri, mon, 1), of(l.head, l.teguh, mon, 1), of(l.head, l.umi, mon, 1))
}

// TestJobsEscalatePassesOver holds that a step whose people have no chat holds
// nothing up: the next one takes its place on the same day, and the days count as told.
func TestJobsEscalatePassesOver(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.tick(on(mon, "15.46"))
	for _, id := range []roster.EmployeeID{l.top, l.head, l.teguh, l.umi} {
		l.reported(id, mon, false, 300)
	}
	l.exec("UPDATE address SET state = 'blocked' WHERE employee_id = $1", l.head)
	l.tick(on(tue, "08.00"))
	l.wantMembers(of(l.top, l.sri, mon, 1))
	l.exec("UPDATE address SET state = 'live' WHERE employee_id = $1", l.head)
	l.tick(on(wed, "08.00"))
	l.wantMembers(of(l.top, l.sri, mon, 1))
}

// TestJobsEscalateClimbs goes through a silence of days: the superior every day, the
// superior's superior from the third on and not every day, nobody while an
// acknowledgement holds.
func TestJobsEscalateClimbs(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	days := []string{mon, tue, wed, thu, fri}
	next := []string{tue, wed, thu, fri, "2026-11-30"}
	want := []string{}
	for i, day := range days {
		l.tick(on(day, "16.20"))
		for _, id := range []roster.EmployeeID{l.top, l.head, l.teguh, l.umi} {
			l.reported(id, day, false, 300)
		}
		l.tick(on(next[i], "08.00"))
		if day == fri { // acknowledged on Thursday
			break
		}
		if day == wed {
			want = append(want, of(l.top, l.sri, day, i+1))
		}
		want = append(want, of(l.head, l.sri, day, i+1))
		l.wantMembers(want...)
		if day == thu {
			id := one[int64](l.stage, "SELECT max(id) FROM escalation WHERE receiver_id = $1", int64(l.head))
			l.exec(`INSERT INTO ladder_ack (escalation_id, employee_id, by_id, until, at) VALUES ($1, $2, $3, '2026-11-30', $4)`,
				id, int64(l.sri), int64(l.head), on(fri, "09.00"))
		}
	}
	l.wantMembers(want...)
	l.tick(on("2026-11-30", "15.46"))
	l.tick(on("2026-12-01", "08.00")) // it is over, and the ladder goes on where it stood
	want = append(want, of(l.top, l.sri, "2026-11-30", 6), of(l.head, l.sri, "2026-11-30", 6))
	got := l.members()
	if len(got) < len(want) {
		t.Fatalf("got %v", got)
	}
	var sri []string
	for _, m := range got {
		if !slices.Contains(want, m) && !strings.Contains(m, fmt.Sprintf(">%d ", l.sri)) {
			continue // the others did not report on the 30th
		}
		sri = append(sri, m)
	}
	if diff := cmp.Diff(want, sri); diff != "" {
		t.Error(diff)
	}
}

// TestJobsReviseADigest holds that a digest never tells of somebody who has
// reported meanwhile, and that the others are not forgotten over it.
func TestJobsReviseADigest(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.tick(on(mon, "15.46"))
	for _, id := range []roster.EmployeeID{l.top, l.head} {
		l.reported(id, mon, false, 300)
	}
	l.exec("UPDATE outbox SET state = 'expired', settled_at = now()") // questions and all
	l.tick(on(tue, "08.00"))
	l.reported(l.sri, mon, true, 300)
	if rows := l.claimEscalations(); len(rows) != 0 {
		t.Fatalf("sent although a member had reported: %v", rows)
	}
	if did := l.tick(on(tue, "08.01")); did["escalate.revised"] != 1 {
		t.Errorf("got %v", did)
	}
	l.tick(on(tue, "08.02"))
	m := l.members()[3:]
	want := []string{fmt.Sprintf("%d/2>%d %s:1", l.head, l.teguh, mon), fmt.Sprintf("%d/2>%d %s:1", l.head, l.umi, mon)}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	if rows := l.claimEscalations(); len(rows) != 1 {
		t.Errorf("claimed %d digests, want the revision", len(rows))
	}
	l.tick(on(wed, "08.00"))
	if n := len(l.members()); n != 5 {
		t.Errorf("%d members: the silent were told of twice", n)
	}
}

// TestJobsEscalateAgainWhatDidNotGoOut holds that a digest which was never sent
// does not silence the next one.
func TestJobsEscalateAgainWhatDidNotGoOut(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.tick(on(mon, "15.46"))
	for _, id := range []roster.EmployeeID{l.top, l.head, l.teguh, l.umi} {
		l.reported(id, mon, false, 300)
	}
	l.tick(on(tue, "08.00"))
	l.exec("UPDATE outbox SET state = 'expired', settled_at = now() WHERE kind = 'escalate'")
	l.tick(on(wed, "08.00"))
	l.tick(on(thu, "08.00"))
	l.wantMembers(of(l.head, l.sri, mon, 1), of(l.head, l.sri, mon, 1))
}

func (l *line) claimEscalations() []bot.Claimed {
	l.exec("UPDATE outbox SET state = 'expired', settled_at = now() WHERE state = 'pending' AND kind <> 'escalate'")
	return l.claim()
}
