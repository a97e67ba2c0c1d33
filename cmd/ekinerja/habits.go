package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ekinerja/bot/fakegram"
)

// habit is how a simulated person treats the question of the day.
type habit string

// Habits, from the punctual to the silent.
const (
	punctual habit = "punctual" // one complete message, one tap
	guided   habit = "guided"   // says little and answers what is asked
	lines    habit = "lines"    // three short messages in a row
	repeats  habit = "repeats"  // "sama seperti kemarin"
	odd      habit = "odd"      // sticker, voice, strange ways to write times
	changes  habit = "changes"  // corrects before sending
	reminded habit = "reminded" // answers the evening reminder
	tardy    habit = "tardy"    // answers the morning after
	nudged   habit = "nudged"   // answers when the supervisor asks
	silent   habit = "silent"   // never answers
	onLeave  habit = "on_leave" // says so
	sick     habit = "sick"     // says so in words
	tapping  habit = "tapping"  // taps what is proposed, two activities a day
)

// habits are who of the seed does what; everybody else is punctual.
func habitOf(key string) habit {
	return map[string]habit{
		"agus": guided, "dian": lines, "eko": reminded, "gunawan": tardy, "hesti": odd, "indra": repeats,
		"joko": silent, "lukman": nudged, "kartika": changes, "fitri": onLeave, "rudi": lines, "sinta": reminded,
		"tono": guided, "wahyu": tardy, "yoga": repeats, "edi": nudged, "galih": odd, "heru": sick, "jaka": silent,
		"lilis": guided, "ida": tapping, "farida": tapping, "xaverius": tapping, "dewi": tapping, "mulyono": tardy, "lurah2": reminded,
	}[key]
}

// person is an actor with a habit, and what they are about to do.
type person struct {
	*actor
	habit habit
	words []string // complete lines of this person's work
	rng   *rand.Rand
	loc   *time.Location

	read    int64 // newest message looked at
	open    int64 // newest question for figures; older ones are not answered any more
	plans   []plan
	days    int  // questions answered so far
	told    bool // leave or sickness was told today
	sent    int  // messages and taps sent, for the account
	taps    int
	reports int // receipts seen
	failed  []string
}

// plan is something to do at a time.
type plan struct {
	at time.Time
	do func() error
}

func newPerson(a *actor, i int, loc *time.Location) *person {
	h := habitOf(a.key)
	if h == "" {
		h = punctual
	}
	return &person{
		actor: a, habit: h, words: workOf(a.employee.Post), loc: loc,
		rng: rand.New(rand.NewPCG(1720, uint64(i))),
	}
}

// workOf are lines of the person's kind of work (the sample reports of the city).
func workOf(post string) []string {
	for _, w := range []struct {
		post  string
		lines []string
	}{
		{"Kepala", []string{"Memimpin rapat bidang; 1 kegiatan; 09.00-11.00", "Memeriksa dan menandatangani surat; 24 surat; 120 menit"}},
		{"Perawat", []string{"Asuhan keperawatan pasien rawat inap bangsal Anggrek; 14 pasien; 21.30-05.00", "Serah terima dan pendokumentasian CPPT, 14 dokumen, 60 menit"}},
		{"Bidan", []string{"Pelayanan ANC dan imunisasi TT; 18 pasien; 07.30-11.30", "Pencatatan register KIA 18 berkas 45 menit"}},
		{"Pemeriksa", []string{"Verifikasi SPTPD pajak hotel dan restoran; 17 berkas; 08.15-12.00", "Rapat koordinasi bidang 13.00-14.30, 1 kegiatan"}},
		{"Juru", []string{"Penagihan piutang PBB-P2 door to door; 9 objek pajak, Rp4.350.000; 13.00-15.30", "Menyusun tanda terima; 9 berkas; 60 menit"}},
		{"Pranata Komputer", []string{"Perbaikan integrasi API layanan aduan ULAS; 1 modul; 08.00-11.45", "Uji coba layanan; 6 kali; 90 menit"}},
		{"Lurah", []string{"Monitoring kerja bakti RW 07 dan mediasi batas tanah; 1 kegiatan, 1 kasus; 08.00-11.00", "Menandatangani surat pengantar; 21 surat; 60 menit"}},
		{"Pengelola Keuangan", []string{"Verifikasi SPJ; 12 berkas; 180 menit", "Menyusun laporan realisasi; 1 dokumen; 120 menit"}},
	} {
		if strings.Contains(post, w.post) {
			return w.lines
		}
	}
	return []string{"Melayani surat pengantar dan legalisasi; 21 permohonan; 08.00-12.00", "Mengarsipkan berkas layanan; 40 berkas; 90 menit"}
}

// later plans something for a while from now, a little different each time.
func (p *person) later(now time.Time, least, most time.Duration, do func() error) {
	p.plans = append(p.plans, plan{now.Add(least + time.Duration(p.rng.Int64N(int64(most-least)+1))), do})
}

// act does what is due; it reports whether anything was done.
func (p *person) act(now time.Time) bool {
	did := false
	for i := 0; i < len(p.plans); {
		if p.plans[i].at.After(now) {
			i++
			continue
		}
		do := p.plans[i].do
		p.plans = slices.Delete(p.plans, i, i+1)
		if err := do(); err != nil {
			p.failed = append(p.failed, fmt.Sprintf("%s: %v", p.key, err))
		}
		did = true
	}
	return did
}

// look reads what is new on the phone and decides what to do about it.
func (p *person) look(now time.Time) {
	for _, m := range p.phone.Seen() {
		if m.ID <= p.read || !m.FromBot {
			p.read = max(p.read, m.ID)
			continue
		}
		p.read = m.ID
		p.react(now, m)
	}
}

// react decides by the buttons under a bubble, as a person does.
func (p *person) react(now time.Time, m fakegram.Message) {
	tap := func(label string) func() error { return func() error { return p.tap(m.ID, label) } }
	switch {
	case has(m, "Kirim"), has(m, "Send"):
		if p.habit == changes && p.rng.IntN(2) == 0 && !strings.Contains(m.Text, "52 ") {
			p.later(now, 20*time.Second, time.Minute, func() error { return p.say("ralat jadi 52 berkas", 0) })
			return
		}
		label := "Kirim"
		if has(m, "Send") {
			label = "Send"
		}
		p.later(now, 10*time.Second, 90*time.Second, tap(label))
	case has(m, "Tidak ada"), has(m, "Nothing"):
		label := "Tidak ada"
		if has(m, "Nothing") {
			label = "Nothing"
		}
		p.later(now, 10*time.Second, 40*time.Second, tap(label))
	case has(m, "Ingatkan semua"), has(m, "Remind all"):
		p.lead(now, m)
	case has(m, "Cuti") && has(m, "Diklat"):
		p.later(now, 5*time.Second, 20*time.Second, tap("Cuti"))
	case has(m, "Ubah laporan"), has(m, "Change the report"):
		p.reports++
	case has(m, "Tidak bekerja"), has(m, "Not at work"):
		p.asked(now, m)
	case usualMinutes(m) != "":
		p.later(now, 5*time.Second, 20*time.Second, tap(usualMinutes(m)))
	case m.Keyboard != nil && m.Keyboard.ForceReply:
		p.open = m.ID
		p.later(now, 15*time.Second, 60*time.Second, func() error {
			if p.open != m.ID {
				return nil
			}
			return p.say(p.detail(m.Text), m.ID)
		})
	}
}

// usualMinutes is the button with the minutes that are proposed, empty for none.
func usualMinutes(m fakegram.Message) string {
	for _, row := range m.Buttons {
		for _, b := range row {
			if strings.HasSuffix(b.Text, "(biasa)") || strings.HasSuffix(b.Text, "(usual)") {
				return b.Text
			}
		}
	}
	return ""
}

func has(m fakegram.Message, label string) bool {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text == label {
				return true
			}
		}
	}
	return false
}

// detail answers a question for a missing figure.
func (p *person) detail(question string) string {
	switch {
	case strings.Contains(question, "masing-masing"):
		return "12; 5"
	case strings.Contains(question, "kali ini"):
		return "12"
	case strings.Contains(question, "Berapa hasilnya dan"):
		return "1 kegiatan, 90 menit"
	case strings.Contains(question, "Berapa hasilnya"):
		return "3 dokumen"
	default:
		return "90 menit"
	}
}

// lead does a supervisor's part with a digest of silent staff: remind all, or
// look at the first and say why.
func (p *person) lead(now time.Time, m fakegram.Message) {
	if p.key == "camat" || p.key == "wati" {
		first := m.Buttons[0][0].Text
		p.later(now, time.Minute, 10*time.Minute, func() error { return p.tap(m.ID, first) })
		return
	}
	p.later(now, time.Minute, 20*time.Minute, func() error { return p.tap(m.ID, "Ingatkan semua") })
}

// asked decides whether this question, reminder or nudge is the one the person
// answers.
func (p *person) asked(now time.Time, m fakegram.Message) {
	hour := m.At.In(p.loc).Hour()
	nudge := has(m, "Tulis laporan")
	switch p.habit {
	case silent:
		return
	case nudged:
		if !nudge {
			return
		}
	case tardy:
		if hour > 12 {
			return
		}
	case reminded:
		if hour < 18 && hour > 12 {
			return
		}
	case onLeave:
		if hour > 12 && p.rng.IntN(2) == 0 && !nudge {
			p.later(now, time.Minute, 20*time.Minute, func() error { return p.tap(m.ID, "Tidak bekerja") })
			return
		}
	case sick:
		if !p.told {
			p.told = true
			p.later(now, time.Minute, 10*time.Minute, func() error { return p.say("saya sakit hari ini", 0) })
			return
		}
	default:
	}
	if first := proposed(m); p.habit == tapping && len(first) > 0 {
		p.days++
		for i, label := range first {
			p.later(now, 5*time.Minute+time.Duration(5*i)*time.Second, 5*time.Minute+time.Duration(5*i+3)*time.Second, func() error { return p.tap(m.ID, label) })
		}
		p.open = 0
		return
	}
	p.later(now, 2*time.Minute, 25*time.Minute, p.report)
}

// proposed are the first two activities that a question proposes.
func proposed(m fakegram.Message) []string {
	if !strings.Contains(m.Text, "yang biasa dikerjakan") || len(m.Buttons) == 0 {
		return nil
	}
	var labels []string
	for _, b := range m.Buttons[0] {
		labels = append(labels, b.Text)
	}
	return labels
}

// report writes the day's report in the person's own way.
func (p *person) report() error {
	p.days++
	switch p.habit {
	case guided:
		return p.say([]string{"rapat koordinasi", "apel pagi dan rapat", "menyusun laporan"}[p.days%3], 0)
	case lines, tardy:
		for _, l := range p.words {
			if err := p.say(l, 0); err != nil {
				return err
			}
		}
		return nil
	case repeats:
		if p.days > 1 {
			return p.say("sama seperti kemarin", 0)
		}
	case odd:
		if p.days%2 == 0 {
			if _, err := p.phone.SendSticker("👍"); err != nil {
				return err
			}
			p.sent++
		}
		return p.say("sugeng sonten, td sy melayani 21 permohonan jam 8 sampai 12 trus rapat 1,5 jam", 0)
	default:
	}
	return p.say(strings.Join(p.words, "\n"), 0)
}

func (p *person) say(text string, quote int64) error {
	p.sent++
	if quote > 0 {
		_, err := p.phone.Reply(quote, text)
		return err
	}
	_, err := p.phone.Send(text)
	return err
}

func (p *person) tap(id int64, label string) error {
	p.taps++
	_, err := p.phone.Tap(id, label)
	return err
}
