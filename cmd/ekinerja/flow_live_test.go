package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/roster"
)

// TestOwnQuestionsInTheWholeProgram ticks choices on a simulated phone, changes
// the file of questions in the middle, and looks that the draft keeps its own:
// nothing is simulated but the network.
func TestOwnQuestionsInTheWholeProgram(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "flow", "puskesmas.toml"))
	if err != nil {
		t.Fatal(err)
	}
	everybody, _, _ := strings.Cut(string(text), "[[variant]]")
	clk := stoppedClock(mustMonday(t).At(roster.At24(15, 40), time.FixedZone("WIB", 7*3600)))
	w, err := newWorld(t.Context(), flowSettings(t, everybody), openTest(t), clk, 4242, testLog(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	if err := w.app.keepFlow(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := flowPhone{t: t, w: w, phone: w.actors[0].phone}
	p.says("Imunisasi balita; 20 balita; 180 menit", "Layanan apa saja hari ini?")
	asked := p.newest().ID
	p.taps("Imunisasi")
	p.taps("Gizi")
	if m := p.newest(); m.ID != asked || !m.Edited || m.Buttons[2][0].Text != "✓ Imunisasi" {
		t.Fatalf("the ticks are not in the bubble that was tapped: %+v", m)
	}

	changed := strings.Replace(everybody, "Layanan apa saja", "Pelayanan apa saja", 1)
	w.settings = newQuestions(t, w.settings, changed)
	if err := w.startApp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.app.keepFlow(t.Context()); err == nil || !strings.Contains(err.Error(), "version = 2") {
		t.Fatalf("other words under the same version: %v", err)
	}
	w.settings = newQuestions(t, w.settings, strings.Replace(changed, "version = 1", "version = 2", 1))
	if err := w.startApp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.app.keepFlow(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.taps("Selesai")
	if m := p.newest(); !strings.Contains(m.Text, "Layanan apa saja hari ini? Imunisasi, Gizi") {
		t.Fatalf("the draft lost its questions: %s", m.Text)
	}
	p.taps("Kirim")
	if m := p.newest(); !strings.Contains(m.Text, "sudah kami terima") {
		t.Fatalf("no receipt: %s", m.Text)
	}
	if v := w.net.Violations(); len(v) > 0 {
		t.Errorf("the network refused: %+v", v)
	}
}

func flowSettings(t *testing.T, questions string) settings {
	t.Helper()
	set, err := config{Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0"}.check()
	if err != nil {
		t.Fatal(err)
	}
	return newQuestions(t, set, questions)
}

func newQuestions(t *testing.T, s settings, text string) settings {
	t.Helper()
	file := filepath.Join(t.TempDir(), "flow.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.flow, err = readFlow(file); err != nil {
		t.Fatal(err)
	}
	return s
}

// flowPhone is one person's phone; after each act everything comes to rest.
type flowPhone struct {
	t     *testing.T
	w     *world
	phone *fakegram.Person
}

func (p flowPhone) rest(ctx context.Context) {
	p.t.Helper()
	for range 100 {
		p.w.clock.Set(p.w.clock.Now().Add(2 * time.Second))
		next, err := p.w.app.Pump(ctx)
		if err != nil {
			p.t.Fatal(err)
		}
		if next == 0 {
			return
		}
	}
	p.t.Fatal("no rest")
}

func (p flowPhone) says(text, want string) {
	p.t.Helper()
	if _, err := p.phone.Send(text); err != nil {
		p.t.Fatal(err)
	}
	p.rest(p.t.Context())
	if m := p.newest(); !strings.Contains(m.Text, want) {
		p.t.Fatalf("answered %q, want %q", m.Text, want)
	}
}

func (p flowPhone) taps(label string) {
	p.t.Helper()
	if _, err := p.phone.Tap(p.newest().ID, label); err != nil {
		p.t.Fatalf("tap %s: %v", label, err)
	}
	p.rest(p.t.Context())
}

func (p flowPhone) newest() fakegram.Message {
	p.t.Helper()
	seen := p.phone.Seen()
	for _, s := range slices.Backward(seen) {
		if s.FromBot {
			return s
		}
	}
	p.t.Fatal("the bot said nothing")
	return fakegram.Message{}
}
