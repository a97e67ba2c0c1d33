package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// screenshot is the picture in the README; -update takes it anew.
const screenshot = "../../docs/img/demo.png"

// visitPatience bounds the visit on a machine that is busy with other tests.
const visitPatience = 8 * time.Minute

// TestDemoInBrowser visits the demo as a newcomer does: types as an employee,
// taps, finds the row, moves the clock to the supervisor's digest and on to the
// pictures of Friday. Nothing below the page is simulated but Telegram.
func TestDemoInBrowser(t *testing.T) {
	t.Parallel()
	tab, ok := openTab(t)
	if !ok {
		return
	}
	v := newVisit(t)
	v.tab = tab
	v.must(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(v.url), chromedp.Click(chromedp.CSS("#guide button")))

	v.jump("to-1530", "Senin, 23 November 2026", "15.3")
	v.until(said("sri", "Hari ini Senin, 23 November 2026"))
	v.say("sri", "Verifikasi SPTPD hotel dan restoran; 17 berkas; 08.15-12.00 ↵ Rapat koordinasi bidang; 1 kegiatan; 90 menit")
	v.until(inRow("SPTPD", "17", "berkas", "225", "draf"))
	v.until(said("sri", "Ringkasan Senin, 23 November 2026"))
	v.tap("sri", "Kirim")
	v.until(said("sri", "Kode bukti: "))
	v.until(inRow("SPTPD", "17", "berkas", "225", "terkirim"))
	v.jump("plus-30", "Senin", "16.0") // by 15.45 everybody was asked
	v.colleagues()

	v.jump("next-morning", "Selasa, 24 November 2026", "08.0")
	v.until(said("bambang", "2 dari 7 staf belum melapor"))
	v.until(said("bambang", "Gunawan Wibisono – Sen 23/11"))
	v.skip()
	for range 3 { // Tuesday to Thursday, when everybody but two reports
		v.jump("to-1530", "November 2026", "15.3")
		v.jump("plus-30", "November 2026", "16.0")
		v.workday()
		v.jump("next-morning", "November 2026", "08.0")
		v.skip()
	}

	v.jump("friday", "Jumat, 27 November 2026", "16.0")
	for _, key := range []string{"sri", "bambang", "grup"} {
		v.until(pictured(key))
	}
	v.until(said("sri", "Lapor 4/4"))
	v.until(said("grup", "Rekap 23–27 November 2026: kepatuhan laporan"))
	v.colleagues()
	v.say("sri", "Verifikasi SPTPD pajak restoran; 12 berkas; 08.00-11.30; 3 berkas tanpa rekap omzet ↵ Rapat koordinasi bidang; 1 kegiatan; 90 menit")
	v.until(said("sri", "Ringkasan Jumat, 27 November 2026"))
	v.tap("sri", "Kirim")
	v.until(inRow("12", "berkas", "210", "08.00–11.30", "terkirim"))
	v.say("agus", "rapat koordinasi dengan Bapenda provinsi")
	v.until(said("agus", "Berapa hasilnya"))
	v.until(`document.querySelector("#phone-agus input[name=reply_to]").value !== ""`)
	v.until(inRow("dengan Bapenda provinsi", "draf"))
	if *update {
		v.shoot(screenshot)
	}
	if bad := v.world.net.Violations(); len(bad) > 0 {
		t.Errorf("the network refused: %+v", bad)
	}
}

// visit is an open page over a running city.
type visit struct {
	t      *testing.T
	tab    context.Context
	url    string
	world  *world
	people []*person // the office, but for those whom the visitor plays
}

// newVisit builds the city on a Monday before the question, and serves it.
func newVisit(t *testing.T) *visit {
	t.Helper()
	s, err := config{Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0"}.check()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{URL: storetest.New(t), MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	clk := newClock(0)
	monday := roster.Day{Year: 2026, Month: time.November, Date: 23}
	clk.Set(monday.At(roster.At24(14, 55), s.loc))
	w, err := newWorld(t.Context(), s, db, clk, 1720, testLog(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	v := &visit{t: t, world: w}
	v.serve()
	for i := range w.actors {
		if w.actors[i].employee.OPD == w.actors[0].employee.OPD {
			v.people = append(v.people, newPerson(&w.actors[i], i, s.loc))
		}
	}
	for _, p := range v.people {
		p.habit = punctual
		if p.key == "gunawan" || p.key == "joko" {
			p.habit = silent
		}
	}
	return v
}

// serve runs the demo as its command does, until the test ends.
func (v *visit) serve() {
	v.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(v.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		v.t.Fatal(err)
	}
	v.url = "http://" + listener.Addr().String()
	ctx, stop := context.WithCancel(v.t.Context())
	done := make(chan error, 1)
	go func() {
		done <- demoCmd{Listen: "127.0.0.1:0"}.show(ctx, v.world, listener, streams{out: v.t.Output(), err: v.t.Output()})
	}()
	v.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			v.t.Errorf("the demo ended: %v", err)
		}
	})
}

// openTab opens a tab of a new browser. A developer's machine without a browser
// is excused and says so; CI is not.
func openTab(t *testing.T) (context.Context, bool) {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no chromium on PATH; CI needs one")
		}
		t.Log("NOT TESTED: no chromium on PATH")
		return nil, false
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1440, 900))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // chromium refuses its sandbox to root
	}
	ctx, cancel := context.WithTimeout(t.Context(), visitPatience)
	t.Cleanup(cancel)
	ctx, cancelAlloc := chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancelAlloc)
	ctx, cancelTab := chromedp.NewContext(ctx)
	t.Cleanup(cancelTab)
	return ctx, true
}

func (v *visit) must(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.tab, steps...); err != nil {
		v.fail(err)
	}
}

// until waits for a JavaScript expression to be true.
func (v *visit) until(expr string) {
	v.t.Helper()
	if _, err := chromedp.Run(v.tab, chromedp.Poll[bool](expr, chromedp.WithPollingTimeout(visitPatience))); err != nil {
		v.fail(fmt.Errorf("wait for %s: %w", expr, err))
	}
}

// fail keeps a picture: go test -artifacts -outputdir DIR shows it.
func (v *visit) fail(err error) {
	v.t.Helper()
	v.shoot(filepath.Join(v.t.ArtifactDir(), "failed.png"))
	v.t.Fatal(err)
}

func (v *visit) shoot(path string) {
	v.t.Helper()
	picture, err := chromedp.Run(v.tab, chromedp.CaptureScreenshot())
	if err != nil {
		v.t.Errorf("take a picture: %v", err)
		return
	}
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		v.t.Error(err)
	}
}

// said is true when the newest bubbles of a phone hold the words.
func said(key, words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#phone-%s .bot .text")].some(b => b.textContent.includes(%q))`, key, words)
}

// pictured is true when the newest picture of a phone was loaded.
func pictured(key string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#phone-%s .bot img")].at(-1)?.naturalWidth > 300`, key)
}

// inRow is true when one row of the panel holds all words.
func inRow(words ...string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#panel tbody tr")].some(r => %s.every(w => r.textContent.includes(w)))`, jsStrings(words))
}

func jsStrings(words []string) string {
	out := "["
	for _, w := range words {
		out += fmt.Sprintf("%q,", w)
	}
	return out + "]"
}

// say types into a phone and sends.
func (v *visit) say(key, text string) {
	v.t.Helper()
	v.must(
		chromedp.SendKeys(chromedp.CSS("#phone-"+key+" input[name=text]"), text),
		chromedp.Click(chromedp.CSS("#phone-"+key+" button[type=submit]")))
	v.until(fmt.Sprintf(`document.querySelector("#phone-%s input[name=text]").value === ""`, key))
}

// tap presses the newest button with that label, once the page has made it one:
// for some milliseconds after a bubble came, nothing listens to its buttons.
func (v *visit) tap(key, label string) {
	v.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll("#phone-%s .inline .key")].findLast(b => b.textContent.trim() === %q)`, key, label)
	v.until(find + `?.closest(".htmx-added") === null`)
	if _, err := chromedp.Run(v.tab, chromedp.Evaluate[bool](find+".click() === undefined")); err != nil {
		v.fail(err)
	}
}

// jump presses a button of the clock and waits until the page shows the time.
func (v *visit) jump(button, date, hour string) {
	v.t.Helper()
	v.must(chromedp.Click(chromedp.CSS("#clock-" + button)))
	v.until(fmt.Sprintf(`document.querySelector("[data-clock=date]").textContent.includes(%q) &&
		document.querySelector("[data-clock=time]").textContent.startsWith(%q) &&
		!document.querySelector("#clock-%s").disabled`, date, hour, button))
}

// colleagues lets everybody whom the visitor does not play do what is theirs,
// until nobody has anything left to do.
func (v *visit) colleagues() {
	v.t.Helper()
	v.live(func(p *person) bool { return p.key != "sri" && p.key != "agus" && p.key != "bambang" })
}

// workday lets the whole office report.
func (v *visit) workday() {
	v.t.Helper()
	v.live(func(*person) bool { return true })
}

func (v *visit) live(plays func(*person) bool) {
	v.t.Helper()
	ctx := v.t.Context()
	for range 30 {
		v.world.rest(ctx)
		did := false
		for _, p := range v.people {
			if !plays(p) {
				p.skip()
				continue
			}
			p.look(v.world.clock.Now())
			did = p.act(v.world.clock.Now().Add(time.Hour)) || did
		}
		if !did {
			return
		}
	}
	v.t.Fatal("the office does not come to rest")
}

// skip takes all that is on the phones for read: nobody answers it.
func (v *visit) skip() {
	for _, p := range v.people {
		p.skip()
	}
}

func (p *person) skip() {
	for _, m := range p.phone.Seen() {
		p.read = max(p.read, m.ID)
	}
}
