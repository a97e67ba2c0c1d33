package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestConversationInBrowser tries with the mouse what the conversation offers: a
// guided report with an album, a PDF and a place; own rights; a sick note whose
// letter the superior opens; the languages.
func TestConversationInBrowser(t *testing.T) {
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
	v.jump("plus-30", "Senin", "16.0") // by 15.45 everybody was asked

	v.say("sri", "rapat koordinasi bidang")
	v.until(said("sri", "Berapa hasilnya"))
	v.say("sri", "dua notulen, setengah jam")
	v.until(said("sri", "Ada kendala?"))
	v.tap("sri", "Tidak ada")
	v.until(said("sri", "rapat koordinasi bidang — 2 notulen, 30 menit"))
	v.evidence()
	v.rights()
	v.letter()

	v.say("sri", "/bahasa")
	v.until(said("sri", "Choose a language"))
	v.tap("sri", "English")
	v.say("sri", "/status")
	v.until(said("sri", "Reports of"))
	if bad := v.world.net.Violations(); len(bad) > 0 {
		t.Errorf("the network refused: %+v", bad)
	}
}

// evidence adds an album, a document and a place to the draft and sends it.
func (v *visit) evidence() {
	v.t.Helper()
	v.attach("album")
	v.until(said("sri", "2 foto sudah kami terima"))
	v.until(`[...document.querySelectorAll("#phone-sri .own img")].filter(i => i.naturalWidth > 100).length === 2`)
	v.attach("document")
	v.until(said("sri", "Dokumen sudah kami terima"))
	v.attach("location")
	v.until(said("sri", "Bukti untuk laporan hari ini: 4."))
	v.tap("sri", "Kirim")
	v.until(said("sri", "Bukti: 2 foto, 1 dokumen, 1 lokasi."))
	v.until(inRow("rapat koordinasi bidang", "2", "notulen", "30", "terkirim"))
}

// rights asks for what is kept.
func (v *visit) rights() {
	v.t.Helper()
	v.say("sri", "/bukti")
	v.until(said("sri", "Sidik digital (SHA-256)"))
	v.say("sri", "/kenapa")
	v.until(said("sri", "wajib lapor (hari kerja"))
	v.say("sri", "/riwayat")
	v.until(pictured("sri"))
	v.say("sri", "/dataku")
	v.until(`[...document.querySelectorAll("#phone-sri .bot .attached a")].some(a => a.download.startsWith("data-saya-"))`)
	v.say("sri", "/susulan")
	v.until(said("sri", "Tidak ada laporan yang terlewat"))
}

// letter is a sick note with its letter, from both sides.
func (v *visit) letter() {
	v.t.Helper()
	v.say("sri", "/sakit besok")
	v.until(said("sri", "Akan disampaikan kepada Bambang Setiawan"))
	v.attach("photo")
	v.until(said("sri", "Lampiran surat: 1 berkas"))
	v.tap("sri", "Kirim")
	v.until(said("sri", "Suratnya sudah terlampir"))
	v.until(said("bambang", "Lampiran surat: 1 berkas"))
	v.tap("bambang", "Lihat surat")
	v.until(pictured("bambang")) // by itself, when the file was still on its way
	v.tap("bambang", "Setujui")
	v.until(said("sri", "sudah dikonfirmasi Bambang Setiawan"))
}

// attach chooses from the menu beside Sri's input.
func (v *visit) attach(what string) {
	v.t.Helper()
	find := fmt.Sprintf(`document.querySelector("#phone-sri .plus [data-test=%s]")`, what)
	if _, err := chromedp.Run(v.tab, chromedp.Evaluate[bool](find+".click() === undefined")); err != nil {
		v.fail(err)
	}
}
