// Package parse understands what Indonesian civil servants type about their
// working day. It is pure: no I/O, no clock, no memory between calls, and it
// never panics, whatever the bytes.
//
// It knows words, numbers, units, times and short commands. It never knows who
// is writing, what was asked, or which sentence we say next.
//
//	text ─▶ Clean ─▶ lines ─▶ tokens ─▶ spans (times, amounts, obstacles)
//	                   │                   │
//	                   └─▶ intent          └─▶ parts ─▶ items ─▶ doubts
//
// Rules that decide the description of an item:
//
//   - It is what remains when the understood fields are taken out, in the
//     person's own words and letters; leftovers such as "selama", "dari jam",
//     "sebanyak", "total" go with their value, and so do "hari ini", "tadi",
//     "saya" in front.
//   - An amount in its own field or at the end goes wholly: "Verifikasi berkas
//     PBB 25 berkas" is "Verifikasi berkas PBB".
//   - An amount that is the object of the verb, action noun or preposition before
//     it, or that other words follow, loses only its number: "melayani 21
//     permohonan" is "melayani permohonan", "pemeriksaan 12 kendaraan" is
//     "pemeriksaan kendaraan". Counting words (orang, lembar, keping, unit, kali,
//     …) go too, unless a verb would stand bare: "cetak 64 keping KTP-el" is
//     "cetak KTP-el", "melayani 21 orang" is "melayani orang".
//   - Numbers that name something stay: "kelas 5", "RW 07", "Perda No 3 Tahun
//     2024", "SPT 700/123", "ke-17", "tahap 2"; years are never times or amounts.
//
// Rules for hours: with minutes or a leading zero they are read as written;
// "pagi", "siang", "sore", "malam" decide; else hours 1–4 at the start of a
// range are the afternoon ("jam 1 sampai 3" is 13:00–15:00), and an end before
// its start is the afternoon of the same day for a start from 5 to 12 ("7-3" is
// 07:00–15:00) and the next day otherwise ("21.30–05.00" is 450 minutes).
// A typed duration beside a range is the net time (breaks are real); it is
// asked about only when longer than the range or shorter than half of it.
package parse

import "strings"

// Limits of one reading; what lies beyond them is not read.
const (
	MaxRunes = 4096
	MaxItems = 20
	// MaxMinutes is the longest time an item can carry: two days.
	MaxMinutes = 2880
)

// Reading is what a message was understood to say.
type Reading struct {
	Intent Intent  `json:"intent"`
	Items  []Item  `json:"items"`
	Ask    []Doubt `json:"ask"`
	// From and To are the words of a correction ("bukan 25 tapi 52"); From may
	// be empty ("ralat 52 berkas").
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Cut is set when the message was longer than we read.
	Cut bool `json:"cut,omitempty"`
}

// Field names what a doubt is about.
type Field string

// The fields a doubt can be about.
const (
	FieldDescription Field = "description"
	FieldQuantity    Field = "quantity"
	FieldUnit        Field = "unit"
	FieldMinutes     Field = "minutes"
	FieldTime        Field = "time"
)

// Reason says why something must be asked or confirmed.
type Reason string

// The closed set of reasons.
const (
	Missing   Reason = "missing"   // nothing was said about the field
	NoUnit    Reason = "no_unit"   // a number without its unit
	Words     Reason = "words"     // a bare number in words: confirm it
	Vague     Reason = "vague"     // "pagi-siang", "seharian": no hours
	Between   Reason = "between"   // "25-30 berkas", "30-45 menit"
	Disagrees Reason = "disagrees" // the range and the typed duration differ
	TooLong   Reason = "too_long"  // more than 16 hours by the clock, or a day by duration
	SameTime  Reason = "same_time" // start and end are equal
	OpenEnd   Reason = "open_end"  // "08.00 s.d. selesai"
	Ambiguous Reason = "ambiguous" // "1.30 jam", "2" for a duration
	Malformed Reason = "malformed" // "25.70", "31:99"
	TooMany   Reason = "too_many"  // more than MaxItems activities
)

// Doubt is something to ask, with what was understood so far in plain words.
type Doubt struct {
	Item       int    `json:"item"`
	Field      Field  `json:"field"`
	Reason     Reason `json:"reason"`
	Understood string `json:"understood,omitempty"`
}

// Read understands one message. It never fails: what it cannot understand has
// the intent [Unknown], what it is unsure of is in Ask.
func Read(text string) Reading {
	clean, cut := clean(text)
	r := Reading{Items: []Item{}, Ask: []Doubt{}, Cut: cut}
	if strings.TrimSpace(clean) == "" {
		r.Intent = Empty
		return r
	}
	if in, ok := readIntent(clean); ok {
		r.Intent, r.From, r.To = in.intent, in.from, in.to
		return r
	}
	b := builder{clean: clean}
	for _, line := range lines(clean) {
		b.line(line)
	}
	r.Items, r.Ask = b.finish()
	r.Intent = Report
	if len(r.Items) == 0 {
		r.Intent = Unknown
	}
	return r
}
