package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/conversations/parse"
)

// mostDeeds is how many activities one person reports; a report takes 20.
const mostDeeds = 15

// deed is one activity that a person typed. Its mark is a word that nobody else
// ever types, so that it is found wherever it went; its figures are its own too,
// so that an answer that went to another activity is noticed.
type deed struct {
	mark    string
	count   int // of files
	minutes int
}

// complete is the whole activity on one line.
func (d deed) complete() string {
	return fmt.Sprintf("Verifikasi berkas %s; %d berkas; %d menit", d.mark, d.count, d.minutes)
}

// short leaves the figures to be asked for.
func (d deed) short() string { return "Menyusun laporan " + d.mark }

// figures answer the question about a short one.
func (d deed) figures() string { return fmt.Sprintf("%d berkas, %d menit", d.count, d.minutes) }

// readable proves that what people type is understood: what the test looks for
// must not depend on the parser.
func (d deed) readable() error {
	r := parse.Read(d.complete())
	if len(r.Items) != 1 || len(r.Ask) > 0 || r.Items[0].Minutes != d.minutes || !strings.Contains(r.Items[0].Description, d.mark) {
		return fmt.Errorf("%q is read as %+v", d.complete(), r)
	}
	if r := parse.Read(d.short()); len(r.Items) != 1 || !strings.HasSuffix(r.Items[0].Description, d.mark) {
		return fmt.Errorf("%q is read as %+v", d.short(), r)
	}
	return nil
}

// manner is how somebody reports.
type manner int

const (
	atOnce  manner = iota // complete lines, one message
	inLines               // three messages in a row
	asked                 // says little and answers what is asked
	manners
)

// reporter is somebody with a phone who reports while the program is killed
// under their hands. They never say anything again: whatever is lost stays lost.
//
// They are harsh, too: they tap twice, tap old buttons, answer a question that
// comes a second time a second time, and often do not quote.
type reporter struct {
	phone  *fakegram.Person
	number string // of the person on the roster
	index  int
	manner manner
	rng    *rand.Rand
	rest   *atomic.Bool  // nobody begins anything new
	plans  *atomic.Int64 // of everybody together

	mu      sync.Mutex
	deeds   []deed
	updates []int64 // of all that was typed or tapped
	known   map[string]int
	newest  int64
	busy    bool   // has typed something of which no receipt has come yet
	shown   string // all summaries seen
	again   int    // times they had to ask for what never came
	failed  []string
	lost    lostLife
}

// lostLife is what somebody saw and did in a life of the service that a restore
// has undone: nothing of it is judged.
type lostLife struct {
	from, to int64 // messages on the phone after from, up to to
	deeds    int   // marks that are used up
}

// seen are the messages on the phone, but for those of a lost life.
func (r *reporter) seen() []fakegram.Message {
	return slices.DeleteFunc(r.phone.Seen(), func(m fakegram.Message) bool { return m.ID > r.lost.from && m.ID <= r.lost.to })
}

func (r *reporter) live(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for after := int64(0); ; {
		m, err := r.phone.Await(ctx, after, nil)
		if err != nil {
			return
		}
		after = m.ID
		r.react(ctx, &wg, m)
	}
}

// soon does something after a while of thinking.
func (r *reporter) soon(ctx context.Context, wg *sync.WaitGroup, do func() error) {
	think := 50*time.Millisecond + time.Duration(r.rng.Int64N(int64(850*time.Millisecond)))
	if r.rng.IntN(10) == 0 {
		think += time.Duration(r.rng.Int64N(int64(3 * time.Second)))
	}
	r.plans.Add(1)
	wg.Go(func() {
		defer r.plans.Add(-1)
		select {
		case <-ctx.Done():
			return
		case <-time.After(think):
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if err := do(); err != nil {
			r.failed = append(r.failed, err.Error())
		}
	})
}

// react decides by the buttons under a bubble, as a person does.
func (r *reporter) react(ctx context.Context, wg *sync.WaitGroup, m fakegram.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.newest = m.ID
	r.known[identity(m)]++
	copies := r.known[identity(m)]
	switch {
	case has(m, "Kirim"):
		r.shown += m.Text
		r.soon(ctx, wg, func() error { return r.send(m, "Kirim") })
	case has(m, "Kirim perubahan"):
		r.shown += m.Text
		r.soon(ctx, wg, func() error { return r.send(m, "Kirim perubahan") })
	case has(m, "Tidak ada"):
		r.soon(ctx, wg, func() error { return r.tap(m, "Tidak ada") })
	case has(m, "Ubah laporan"):
		if copies == 1 {
			r.busy = false
			r.further(ctx, wg, m)
		}
	case has(m, "Tidak bekerja"):
		if copies == 1 || !r.busy {
			r.soon(ctx, wg, func() error { return r.report(0) })
		}
	case has(m, "Lihat daftar"): // of the staff's reports that wait to be read: another story
	case strings.Contains(m.Text, "untuk pertanyaan yang mana?"):
		r.soon(ctx, wg, func() error { return r.clarify(m) })
	case usualMinutes(m) != "" || m.Keyboard != nil && m.Keyboard.ForceReply:
		if copies == 1 || r.rng.IntN(2) == 0 {
			r.soon(ctx, wg, func() error { return r.answer(m, copies) })
		}
	default:
		r.failed = append(r.failed, "was told: "+m.Text)
	}
}

// identity is the same for two copies of one message: buttons have secrets.
func identity(m fakegram.Message) string {
	if len(m.Buttons) > 0 {
		return m.Buttons[0][0].Data
	}
	return m.Text
}

// further begins a new activity after a receipt, sometimes quoting it.
func (r *reporter) further(ctx context.Context, wg *sync.WaitGroup, m fakegram.Message) {
	if r.rest.Load() || len(r.deeds) >= mostDeeds {
		return
	}
	quote := int64(0)
	if r.rng.IntN(3) == 0 {
		quote = m.ID
	}
	r.soon(ctx, wg, func() error { return r.report(quote) })
}

// report types activities in the person's own manner.
func (r *reporter) report(quote int64) error {
	if r.busy || len(r.deeds) >= mostDeeds {
		return nil
	}
	r.busy = true
	switch r.manner {
	case asked:
		return r.say(r.next().short(), quote)
	case inLines:
		for range 3 {
			if err := r.say(r.next().complete(), quote); err != nil {
				return err
			}
		}
		return nil
	default:
		return r.say(r.next().complete()+"\n"+r.next().complete(), quote)
	}
}

// next is an activity that was never typed before.
func (r *reporter) next() deed {
	d := newDeed(r.index, r.lost.deeds+len(r.deeds))
	r.deeds = append(r.deeds, d)
	return d
}

func newDeed(person, n int) deed {
	const syllables = "ba be bi bo da de di do fa fe fi fo ga ge gi go"
	list := strings.Fields(syllables)
	word := "xa"
	for v, i := person*64+n, 0; i < 4; v, i = v/16, i+1 {
		word += list[v%16]
	}
	return deed{mark: word, count: 2 + (person+n*7)%90, minutes: 16 + n*3 + person%3}
}

// ask types a command, twice at most, when something never came that should have
// come; it tells whether there was a need.
func (r *reporter) ask() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	missing := func(d deed) bool { return !strings.Contains(r.shown, d.mark) }
	if r.again == 2 || !r.busy && len(r.deeds) > 0 && !slices.ContainsFunc(r.deeds, missing) {
		return false
	}
	r.again++
	r.busy = r.busy && len(r.deeds) > 0
	if err := r.say("/lapor", 0); err != nil {
		r.failed = append(r.failed, err.Error())
	}
	return true
}

// clarify presses the activity whose figures were not attributed: a question was
// sent when a life ended, so the service asks instead of guessing.
func (r *reporter) clarify(m fakegram.Message) error {
	i := slices.IndexFunc(r.deeds, func(d deed) bool { return strings.Contains(m.Text, d.figures()) })
	for _, row := range m.Buttons {
		for _, b := range row {
			if i >= 0 && strings.HasPrefix(b.Text, fmt.Sprintf("%d. ", i+1)) {
				return r.tap(m, b.Text)
			}
		}
	}
	return fmt.Errorf("was asked to choose among others: %s %v", m.Text, m.Buttons)
}

// answer says the figures of the activity that a question names.
func (r *reporter) answer(m fakegram.Message, copies int) error {
	i := slices.IndexFunc(r.deeds, func(d deed) bool { return strings.Contains(m.Text, d.mark) })
	if i < 0 && len(r.deeds) == 0 {
		return r.report(m.ID)
	}
	if i < 0 {
		return fmt.Errorf("was asked about nothing of theirs: %s", m.Text)
	}
	quote := m.ID
	if copies == 1 && r.newest == m.ID && r.rng.IntN(10) < 3 {
		quote = 0
	}
	return r.say(r.deeds[i].figures(), quote)
}

func (r *reporter) say(text string, quote int64) error {
	sent, err := r.phone.Reply(quote, text)
	r.updates = append(r.updates, sent.UpdateID)
	return err
}

// send taps what sends the report; one in four taps twice at once.
func (r *reporter) send(m fakegram.Message, label string) error {
	if r.rng.IntN(4) == 0 {
		if err := r.tap(m, label); err != nil {
			return err
		}
	}
	return r.tap(m, label)
}

func (r *reporter) tap(m fakegram.Message, label string) error {
	sent, err := r.phone.Tap(m.ID, label)
	r.updates = append(r.updates, sent.UpdateID)
	return err
}

// TestDeedsAreReadable keeps the crash test honest about its own words.
func TestDeedsAreReadable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for person := range crashPeople {
		for n := range mostDeeds + 3 {
			d := newDeed(person, n)
			if err := d.readable(); err != nil {
				t.Fatal(err)
			}
			if seen[d.mark] {
				t.Fatalf("%s is typed twice", d.mark)
			}
			seen[d.mark] = true
		}
	}
}
