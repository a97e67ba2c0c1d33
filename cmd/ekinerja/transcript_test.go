package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

var update = flag.Bool("update", false, "accept what the transcripts show now; read the difference before committing it")

// TestTranscripts plays every story in testdata/transcripts against the whole
// program: real Postgres, Redis in process, the simulated network, the
// application's clock. A story is specification and test at once:
//
//	# anything             a remark
//	peran: sri, bambang    whose phones are shown
//	@ 2026-11-23 15.40     the clock moves there; jobs on the way run
//	sri> text              Sri types
//	sri> [Kirim]           Sri taps that button on the newest bubble that has it
//	sri> [Kirim] [Kirim]   twice at once
//	sri> ^Berapa: 25       Sri quotes the newest bubble with that word
//	sri> text || text      the second before the service has looked at the first
//	sri> (stiker)          see [story.special]
//	! redis hilang         see [story.disturb]
//	sri< text              what Sri saw; written by -update
//	sri« text              a toast
//	wa-sri> text           Sri's WhatsApp, after "! whatsapp menyala"
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := playStory(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s differs (-written +seen):\n%s", file, diff)
			}
		})
	}
}

// story is a transcript while it is played.
type story struct {
	t       *testing.T
	ctx     context.Context
	w       *world
	cast    []string
	shown   map[int64]int64 // chat → newest bubble printed
	toasts  map[int64]int   // chat → toasts printed
	last    fakegram.Sent
	token   map[string]string
	out     strings.Builder
	started bool
	dark    bool   // the service does not run
	url     string // of the database
	mend    func() // gives the network back

	pictures int // sent so far
	wa       *waStory
}

func playStory(t *testing.T, text string) string {
	t.Helper()
	s := &story{t: t, ctx: t.Context(), shown: map[int64]int64{}, toasts: map[int64]int{}, token: map[string]string{}}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if s.isOutput(line) {
			continue
		}
		s.out.WriteString(line + "\n")
		if err := s.line(line); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	if v := s.w.net.Violations(); len(v) > 0 {
		t.Errorf("the network refused: %+v", v)
	}
	found, err := s.w.verify(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("a promise does not hold at the end: %s", f)
	}
	return s.out.String()
}

// isOutput reports whether a line was written by a former run.
func (s *story) isOutput(line string) bool {
	if strings.HasPrefix(line, "  ") {
		return true
	}
	who, _, found := strings.Cut(line, "<")
	if !found {
		who, _, found = strings.Cut(line, "«")
	}
	return found && who != "" && !strings.ContainsAny(who, " >#@!:")
}

func (s *story) line(line string) error {
	switch {
	case line == "" || strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "peran:"):
		for k := range strings.SplitSeq(line[len("peran:"):], ",") {
			s.cast = append(s.cast, strings.TrimSpace(k))
		}
		return nil
	case strings.HasPrefix(line, "@ "):
		return s.move(line[2:])
	}
	if !s.started {
		return errors.New("the story needs a first time: @ 2026-11-23 15.40")
	}
	if what, ok := strings.CutPrefix(line, "! "); ok {
		if err := s.disturb(what); err != nil {
			return err
		}
		return s.settle()
	}
	who, what, ok := strings.Cut(line, "> ")
	if !ok {
		return errors.New("not understood")
	}
	for one := range strings.SplitSeq(what, " || ") {
		if err := s.act(who, one); err != nil {
			return err
		}
	}
	return s.settle()
}

// move brings the clock to a time in steps of five minutes, with the jobs of
// each; the first time builds the city.
func (s *story) move(text string) error {
	date, hour, _ := strings.Cut(text, " ")
	day, err := roster.ParseDay(date)
	if err != nil {
		return err
	}
	at, err := roster.ParseClock(hour)
	if err != nil {
		return err
	}
	to := day.At(at, time.FixedZone("WIB", 7*3600))
	if !s.started {
		s.begin(to)
	}
	for s.w.clock.Now().Before(to) {
		next := s.w.clock.Now().Add(5 * time.Minute)
		if next.After(to) {
			next = to
		}
		s.w.clock.Set(next)
		if err := s.tick(); err != nil {
			return err
		}
	}
	return s.tick()
}

func (s *story) begin(at time.Time) {
	s.t.Helper()
	set, err := config{Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0", DataDir: s.t.TempDir()}.check()
	if err != nil {
		s.t.Fatal(err)
	}
	s.url = storetest.New(s.t)
	db, err := store.Open(s.ctx, store.Config{URL: s.url, MaxConns: 4})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(db.Close)
	s.w, err = newWorld(s.ctx, set, db, stoppedClock(at), 1720, testLog(s.t))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.w.close)
	s.started = true
}

func (s *story) tick() error {
	if s.dark {
		return nil
	}
	s.w.app.look(s.ctx)
	if _, err := s.w.app.jobs.Tick(s.ctx, s.w.clock.Now()); err != nil {
		return err
	}
	s.w.app.sweep(s.ctx)
	return s.settle()
}

// tooFar is a wait that is meant: a reminder was put off.
const tooFar = 15 * time.Minute

// settle lets the service come to rest and prints what the cast saw.
func (s *story) settle() error {
	if s.dark {
		return nil
	}
	for range 5_000 {
		if err := s.wa.settled(s.ctx); err != nil {
			return err
		}
		next, err := s.w.app.Pump(s.ctx)
		if err != nil {
			return err
		}
		if next == 0 || next > tooFar {
			s.print()
			return nil
		}
		s.w.clock.Set(s.w.clock.Now().Add(next))
	}
	return errors.New("the service does not come to rest")
}

func (s *story) chat(key string) *fakegram.Chat {
	if key == "grup" {
		if s.w.group == nil {
			return nil
		}
		return s.w.group.Chat()
	}
	return s.phone(key).Chat()
}

// phone is a person's; "asing" is a stranger, "sri2" a second phone of Sri's.
func (s *story) phone(key string) *fakegram.Person {
	if a := s.w.actor(key); a != nil {
		return a.phone
	}
	ids := map[string]int64{"asing": 99_001, "sri2": 99_002}
	id, ok := ids[key]
	if !ok {
		s.t.Fatalf("nobody is called %q", key)
	}
	number := "+6281299990001"
	if key == "sri2" {
		number = s.w.actor("sri").employee.Phone
	}
	p := s.w.net.Person(id, key, number)
	p.Open()
	return p
}

func (s *story) print() {
	for _, key := range s.cast {
		if onWhatsApp(key) {
			s.printWhatsApp(key)
			continue
		}
		chat := s.chat(key)
		if chat == nil {
			continue
		}
		for _, m := range chat.Messages() {
			if m.FromBot && m.ID > s.shown[m.ChatID] {
				s.shown[m.ChatID] = m.ID
				s.bubble(key, m)
			}
		}
		s.printToasts(key, chat)
	}
}

func (s *story) bubble(key string, m fakegram.Message) {
	text := m.Text
	switch m.Kind {
	case "photo":
		text = "(gambar) " + text
	case "document":
		text = "(berkas " + m.Document + ") " + text
	}
	text = digests.ReplaceAllString(text, "SIDIK")
	text = receipts.ReplaceAllString(shield.Replace(text), "${1}KODE${2}")
	_, _ = fmt.Fprintf(&s.out, "%s< %s\n", key, strings.ReplaceAll(text, "\n", "\n  "))
	for _, row := range m.Buttons {
		s.out.WriteString(" ")
		for _, b := range row {
			s.out.WriteString(" [" + b.Text + "]")
		}
		s.out.WriteString("\n")
	}
	if k := m.Keyboard; k != nil {
		for _, row := range k.Rows {
			for _, b := range row {
				s.out.WriteString("  {" + b.Text + "}\n")
			}
		}
	}
}

// digests are of versions that hold what chance made.
var digests = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// receipts are codes made by chance; a story only says that there is one.
var receipts = regexp.MustCompile(`((?:Kode bukti: |kode |code: |code ))[A-HJ-NP-Z2-9]{8}(\b)`)

// shield keeps an empty line inside a bubble an output line.
var shield = strings.NewReplacer("\n\n", "\n \n")

func (s *story) printToasts(key string, chat *fakegram.Chat) {
	n := 0
	for _, m := range chat.Messages() {
		for _, toast := range m.Toasts {
			if n++; n > s.toasts[m.ChatID] && toast.Text != "" {
				_, _ = fmt.Fprintf(&s.out, "%s« %s\n", key, toast.Text)
			}
		}
	}
	for _, m := range chat.Messages() {
		s.toasts[m.ChatID] = n
	}
}

// testLog fails the test on any line that is an error.
func testLog(t *testing.T) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewTextHandler(&failingWriter{t: t}, &slog.HandlerOptions{Level: slog.LevelError}))
}

type failingWriter struct {
	t  *testing.T
	mu sync.Mutex
}

func (f *failingWriter) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t.Errorf("the service logged an error: %s", bytes.TrimSpace(p))
	return len(p), nil
}

// openTest is a store on a database of the test's own.
func openTest(t *testing.T) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{URL: storetest.New(t), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// mustMonday is the Monday all stories begin with.
func mustMonday(t *testing.T) roster.Day {
	t.Helper()
	d, err := roster.ParseDay("2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	return d
}
