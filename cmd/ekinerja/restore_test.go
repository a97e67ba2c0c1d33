package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// pgTool runs one of PostgreSQL's own programs, the newest there is.
func pgTool(t *testing.T, name string, args ...string) {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name) // a good pattern
	program := name
	if len(found) > 0 {
		slices.Sort(found)
		program = found[len(found)-1]
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, bytes.TrimSpace(out))
	}
}

// kept is a database of which a copy is kept.
type kept interface {
	// moment makes the copy: what people do later will be lost.
	moment()
	// restore brings the copy back and answers its URL.
	restore() string
}

// dumped is kept by pg_dump.
type dumped struct {
	t         *testing.T
	url, file string
}

func (d *dumped) moment() {
	d.t.Helper()
	d.file = filepath.Join(d.t.TempDir(), "copy.dump")
	pgTool(d.t, "pg_dump", "--format=custom", "--file", d.file, d.url)
}

func (d *dumped) restore() string {
	d.t.Helper()
	url := storetest.Empty(d.t)
	pgTool(d.t, "pg_restore", "--no-owner", "--exit-on-error", "--dbname", url, d.file)
	return url
}

// restoreStory is a story whose database is lost and comes back from a copy.
type restoreStory struct {
	*story
	url     string
	kept    kept
	updates []int64 // everything people did, in order
}

func (s *restoreStory) do(lines ...string) {
	s.t.Helper()
	for _, line := range lines {
		who, what, _ := strings.Cut(line, "> ")
		if err := s.act(who, what); err != nil {
			s.t.Fatalf("%s: %v", line, err)
		}
		s.updates = append(s.updates, s.last.UpdateID)
		if err := s.settle(); err != nil {
			s.t.Fatalf("%s: %v", line, err)
		}
		s.w.clock.Set(s.w.clock.Now().Add(20 * time.Second))
	}
}

// restore brings a copy back as another database and starts the service on it.
// Redis and the network are those of the lost life.
func (s *restoreStory) restore() (before, after string) {
	s.t.Helper()
	s.w.app.Close()
	before, s.url = s.w.db.Epoch(), s.kept.restore()
	db, err := store.Open(s.ctx, store.Config{URL: s.url, MaxConns: 4})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(db.Close)
	done, err := db.Restored(s.ctx, s.w.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	if done.Epoch != db.Epoch() {
		s.t.Errorf("the store goes on in epoch %s, want %s", db.Epoch(), done.Epoch)
	}
	s.w.db = db
	if err := s.w.startApp(s.ctx); err != nil {
		s.t.Fatal(err)
	}
	return before, done.Epoch
}

// seen counts the bubbles of ours on a phone that have a word.
func (s *restoreStory) seen(who, word string) int {
	n := 0
	for _, m := range s.phone(who).Seen() {
		if m.FromBot && strings.Contains(m.Text, word) {
			n++
		}
	}
	return n
}

// TestRestoreAsksNothingTwice (C41): the database comes back from a copy while
// Redis and the network are newer. Whatever people had answered when the copy was
// made is not asked again; what the network delivers again is done once; nothing
// is wrong. The copy is a dump, or a base backup and the log up to a moment.
func TestRestoreAsksNothingTwice(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]func(*testing.T) (string, kept){
		"dump": func(t *testing.T) (string, kept) {
			t.Helper()
			url := storetest.New(t)
			return url, &dumped{t: t, url: url}
		},
		"log": func(t *testing.T) (string, kept) {
			t.Helper()
			return newLogged(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, k := keep(t)
			restoreAsksNothingTwice(t, &restoreStory{story: oddStoryOn(t, testLog(t), url), url: url, kept: k})
		})
	}
}

func restoreAsksNothingTwice(t *testing.T, s *restoreStory) {
	t.Helper()
	s.do("bambang> Rapat pimpinan; 2 rapat; 240 menit", "bambang> [Kirim]")             // done before the copy
	s.do("sri> verifikasi berkas PBB", "sri> 25 berkas, 120 menit", "sri> [Tidak ada]") // asked and answered before it
	s.do("yuni> verifikasi berkas PBB")                                                 // asked before, answered after
	s.kept.moment()
	s.do("sri> [Kirim]", "yuni> 30 berkas, 90 menit", "yuni> [Tidak ada]", "yuni> [Kirim]")
	s.do("agus> Rapat; 1 rapat; 60 menit", "agus> [Kirim]") // all after it
	bubbles := len(s.phone("bambang").Seen())
	asked := map[string]int{"sri": s.seen("sri", "Berapa"), "yuni": s.seen("yuni", "Berapa")}
	if asked["sri"] == 0 || asked["yuni"] == 0 {
		t.Fatalf("the story asks nobody anything: %v", asked)
	}
	before, after := s.restore()
	if before == after {
		t.Error("the epoch is still the same")
	}
	s.again()
	if n := len(s.phone("bambang").Seen()); n != bubbles {
		t.Errorf("who had reported before the copy saw %d more bubbles", n-bubbles)
	}
	for who, n := range asked {
		if got := s.seen(who, "Berapa"); got != n {
			t.Errorf("%s was asked %d more times", who, got-n)
		}
	}
	s.do("yuni> [Tidak ada]", "yuni> [Kirim]", "agus> [Kirim]") // their old buttons died with the lost life; the new ones are there
	s.judgeRestored()
}

// again lets the network deliver everything once more, as after an outage, and
// the service go on for half an hour.
func (s *restoreStory) again() {
	s.t.Helper()
	for _, id := range s.updates {
		if err := s.w.net.Redeliver(id); err != nil {
			s.t.Fatal(err)
		}
	}
	for range 6 {
		if err := s.tick(); err != nil {
			s.t.Fatal(err)
		}
		s.w.clock.Set(s.w.clock.Now().Add(5 * time.Minute))
	}
}

// judgeRestored: four reports, each sent once with its own activity, nobody
// asked again for the day, and no promise broken.
func (s *restoreStory) judgeRestored() {
	s.t.Helper()
	rows := storetest.Rows(s.t, s.url, `SELECT e.name, r.version, a.quantity, a.minutes
		FROM report r JOIN employee e ON e.id = r.employee_id JOIN activity a ON a.report_id = r.id WHERE r.state = 'submitted'`)
	got := map[string]string{}
	for _, r := range rows {
		got[r[0]] += strings.Join(r[1:], " ")
	}
	for who, want := range map[string]string{"bambang": "1 2 240", "sri": "1 25 120", "yuni": "1 30 90", "agus": "1 1 60"} {
		if name := s.w.actor(who).employee.Name; got[name] != want {
			s.t.Errorf("%s: version, quantity and minutes are %q, want %q", who, got[name], want)
		}
		if n := s.seen(who, "Kegiatan apa saja yang"); n != 1 {
			s.t.Errorf("%s was asked %d times for the day", who, n)
		}
	}
	if v := s.w.net.Violations(); len(v) > 0 {
		s.t.Errorf("the network refused: %+v", v)
	}
	found, err := s.w.verify(s.ctx)
	if err != nil || len(found) > 0 {
		s.t.Errorf("promises: %v %v", found, err)
	}
}

// TestRestoredDoubtsWhatWaited: a question that waited in the copy, and was sent
// and answered since, is not sent again.
func TestRestoredDoubtsWhatWaited(t *testing.T) {
	t.Parallel()
	base, url := newOddStory(t, testLog(t))
	s := &restoreStory{story: base, url: url, kept: &dumped{t: t, url: url}}
	down := s.w.net.Inject(fakegram.Fault{Kind: fakegram.FaultTooMany, Method: "sendMessage", RetryAfter: 5 * time.Second})
	if err := s.act("sri", "verifikasi berkas PBB"); err != nil {
		t.Fatal(err)
	}
	s.updates = append(s.updates, s.last.UpdateID)
	if _, err := s.w.app.Pump(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.kept.moment()
	down()
	s.w.clock.Set(s.w.clock.Now().Add(10 * time.Second))
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	s.do("sri> 25 berkas, 120 menit", "sri> [Tidak ada]", "sri> [Kirim]")
	if n := s.seen("sri", "Berapa"); n != 1 {
		t.Fatalf("asked %d times before the loss", n)
	}
	s.restore()
	if n := storetest.Rows(t, s.url, `SELECT count(*) FROM outbox WHERE state = 'unclear' AND outcome = 'restored'`)[0][0]; n == "0" {
		t.Error("nothing is unclear")
	}
	s.again()
	if n := s.seen("sri", "Berapa"); n != 1 {
		t.Errorf("asked %d times after the restore", n)
	}
}
