package demo_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ekinerja/web/demo"
)

// patience bounds a browser test on a slow machine; nothing waits for it in vain.
const patience = 90 * time.Second

// browser opens a tab of a new browser, or fails the test: a page that nobody
// has opened is not tested. Only a developer's machine without a browser is
// excused, and says so; CI=true is not.
func browser(t *testing.T) (context.Context, bool) {
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
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	ctx, cancelAlloc := chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancelAlloc)
	ctx, cancelTab := chromedp.NewContext(ctx)
	t.Cleanup(cancelTab)
	return ctx, true
}

// until waits for a JavaScript expression to be true.
func until(ctx context.Context, t *testing.T, expr string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expr)); err != nil {
		shoot(ctx, t, "failed.png")
		t.Fatalf("wait for %s: %v", expr, err)
	}
}

func must(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		shoot(ctx, t, "failed.png")
		t.Fatal(err)
	}
}

// shoot keeps a picture of the page: go test -artifacts -outputdir DIR shows it.
func shoot(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Logf("take a picture: %v", err)
		return
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name), picture, 0o600); err != nil {
		t.Error(err)
	}
}

func TestVisit(t *testing.T) {
	t.Parallel()
	ctx, ok := browser(t)
	if !ok {
		return
	}
	s := newScene(t)
	furnish(t, s)
	must(ctx, t, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(s.url), chromedp.WaitVisible(chromedp.CSS("#phone-sri .bubble")))
	until(ctx, t, `document.querySelectorAll(".phone").length === 4 && !document.querySelector("#guide").hidden`)

	// The forced reply opens the input by itself; an answer quotes it.
	until(ctx, t, `document.querySelector("#phone-agus input[name=reply_to]").value !== ""`)
	must(ctx, t,
		chromedp.SendKeys(chromedp.CSS("#phone-agus input[name=text]"), "25 bks 90 mnt"),
		chromedp.Click(chromedp.CSS("#phone-agus button[type=submit]")))
	until(ctx, t, `[...document.querySelectorAll("#phone-agus .own .text")].at(-1)?.textContent.includes("25 bks 90 mnt")`)
	if m := last(s.agus.Seen()); m.ReplyTo == 0 {
		t.Errorf("the answer to a forced reply quotes nothing: %+v", m)
	}
	until(ctx, t, `document.querySelector("#phone-agus input[name=text]").value === ""`)

	// Several lines are one message.
	must(ctx, t,
		chromedp.SendKeys(chromedp.CSS("#phone-bambang input[name=text]"), "rapat 2 jam ↵ apel 30 menit"),
		chromedp.Click(chromedp.CSS("#phone-bambang button[type=submit]")))
	until(ctx, t, `[...document.querySelectorAll("#phone-bambang .own .text")].at(-1)?.textContent.includes("apel")`)
	if m := last(s.bambang.Seen()); m.Text != "rapat 2 jam\napel 30 menit" {
		t.Errorf("two lines became %q", m.Text)
	}

	// What the bot says comes by itself, and does not disturb what is being typed.
	must(ctx, t, chromedp.SendKeys(chromedp.CSS("#phone-sri input[name=text]"), "sedang meng"))
	s.say(t, s.sri.ID, "Matur nuwun, <script>alert(1)</script>", nil)
	until(ctx, t, `[...document.querySelectorAll("#phone-sri .bot .text")].at(-1).textContent.includes("<script>alert(1)")`)
	until(ctx, t, `document.querySelector("#phone-sri input[name=text]").value === "sedang meng"`)

	s.panel.set(rows(s.clock.Now())...)
	until(ctx, t, `document.querySelectorAll("#panel tbody tr").length === 4`)
	must(ctx, t, chromedp.Click(chromedp.CSS("#fault-service")))
	until(ctx, t, `document.querySelector("[data-test=state-service]").textContent.startsWith("mati")`)
	shoot(ctx, t, "visit-1440.png")

	must(ctx, t, chromedp.Click(chromedp.CSS("#clock-to-1530")))
	until(ctx, t, `document.querySelector("#clock").textContent.includes("24 November 2026")`)
	checkPicking(ctx, t)
	must(ctx, t, chromedp.EmulateViewport(390, 844))
	shoot(ctx, t, "visit-390.png")
}

// checkPicking changes who is in a column; the other moves to the free one.
func checkPicking(ctx context.Context, t *testing.T) {
	t.Helper()
	must(ctx, t,
		chromedp.Click(chromedp.CSS("#phone-sri .menu summary")),
		chromedp.Click(chromedp.CSS("#phone-sri [data-pick=bambang]")))
	until(ctx, t, `[...document.querySelectorAll(".phone")].map(p => p.dataset.key).join() === "bambang,agus,sri,grup"`)
	until(ctx, t, `location.search === "?tampil=bambang,agus,sri,grup"`)
	html, err := chromedp.Run(ctx, chromedp.OuterHTML(chromedp.CSS("#phone-bambang")))
	if err != nil || !strings.Contains(html, "Kepala Bidang") {
		t.Errorf("the picked phone: %v, %.200s", err, html)
	}
}

func rows(now time.Time) []demo.Row {
	return []demo.Row{
		{Name: "Sri Wahyuni, S.E.", State: "terkirim", Code: "LH-7Q2K", At: now, Source: "Verifikasi SPTPD hotel dan restoran; 17 berkas; 08.15-12.00; 4 berkas tanpa rekap omzet", Description: "Verifikasi SPTPD hotel dan restoran", Quantity: "17", Unit: "berkas", Minutes: 225, Start: "08.15", End: "12.00", Plan: "RHK 1", Obstacle: "4 berkas tanpa rekap omzet"},
		{Name: "Sri Wahyuni, S.E.", State: "terkirim", Code: "LH-7Q2K", At: now.Add(-time.Minute), Source: "rapat koordinasi 2,5 jam", Description: "Rapat koordinasi", Quantity: "1", Unit: "kegiatan", Minutes: 150},
		{Name: "Agus Prasetyo", State: "draf", At: now.Add(-2 * time.Minute), Source: "25 bks 90 mnt", Description: "Penagihan piutang PBB-P2", Quantity: "25", Unit: "berkas", Minutes: 90},
		{Name: "Dewi Lestari", State: "terlambat", Code: "LH-3M9A", At: now.Add(-3 * time.Minute), Source: "Melayani surat pengantar 21 permohonan 230 menit kendala: jaringan SIAK lambat", Description: "Melayani surat pengantar", Quantity: "21", Unit: "permohonan", Minutes: 230, Obstacle: "jaringan SIAK lambat"},
	}
}

// furnish lets the bot and the people say something of every kind.
func furnish(t *testing.T, s *scene) {
	t.Helper()
	bold := func(offset, length int) []map[string]any {
		return []map[string]any{{"type": "bold", "offset": offset, "length": length}}
	}
	buttons := func(labels ...string) map[string]any {
		var row []map[string]any
		for _, l := range labels {
			row = append(row, map[string]any{"text": l, "callback_data": "x:" + l})
		}
		return map[string]any{"inline_keyboard": []any{row}}
	}
	s.say(t, s.sri.ID, "Sugeng sonten, Bu Sri. Hari ini Senin, 23 November 2026.\nKegiatan apa yang Ibu kerjakan? Boleh ditulis satu per baris.", map[string]any{"entities": bold(15, 6)})
	tell(t, s.sri, "Verifikasi SPTPD hotel dan restoran; 17 berkas; 08.15-12.00")
	s.say(t, s.sri.ID, "Kegiatan 1: Verifikasi SPTPD hotel dan restoran\n17 berkas · 225 menit · 08.15–12.00\n\nAda kendala?", map[string]any{"entities": bold(0, 11), "reply_markup": buttons("Tidak ada", "Ada kendala")})
	if _, err := s.sri.Reply(3, "4 berkas tanpa rekap omzet"); err != nil {
		t.Fatal(err)
	}
	s.call(t, "getUpdates", map[string]any{"offset": 3})
	if w := s.post("/phone/sri/photo"); w.Code >= 300 {
		t.Fatal(w.Body)
	}
	s.say(t, s.sri.ID, "Ringkasan Senin, 23 November 2026 — 1 kegiatan, 225 menit.", map[string]any{"entities": bold(0, 33), "reply_markup": buttons("Kirim", "Ubah", "Tambah")})
	tell(t, s.agus, "rapat koordinasi")
	s.say(t, s.agus.ID, "Berapa hasilnya? Sebutkan angka dan satuan, misalnya 25 berkas.", map[string]any{"reply_markup": map[string]any{"force_reply": true, "input_field_placeholder": "mis. 25 berkas"}})
	s.say(t, s.bambang.ID, "Yth. Bapak Bambang. Sampai pukul 08.00 WIB, 1 dari 12 staf belum melapor untuk Jumat, 20 November 2026:\n1) Agus Prasetyo – 1 hari", map[string]any{"reply_markup": buttons("Ingatkan", "Beri keterangan")})
	s.say(t, s.bambang.ID, "Silakan pilih dari papan tombol.", map[string]any{"reply_markup": map[string]any{"resize_keyboard": true, "keyboard": []any{
		[]any{map[string]any{"text": "Status staf"}, map[string]any{"text": "Rekap pekan"}}, []any{map[string]any{"text": "Bagikan nomor saya", "request_contact": true}},
	}}})
	if _, err := s.group.AddBot(s.bambang); err != nil {
		t.Fatal(err)
	}
	s.say(t, groupID, "Kepatuhan Bapenda pekan ini 94 % (118/125).\nMatur nuwun.", map[string]any{"entities": bold(27, 4)})
	if _, err := s.group.Say(s.agus, "Siap, Pak"); err != nil {
		t.Fatal(err)
	}
}
