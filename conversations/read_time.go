package conversations

import (
	"strings"

	"ekinerja/roster"
)

// ActReadTime sets when the list of reports to read comes: Value is the hour.
const ActReadTime Action = "read_time"

// ReadTime is when a superior likes to hear what waits to be read.
type ReadTime struct {
	At    roster.Clock
	Reset bool // as the policy says again
}

// readTimes offers the hours at which a superior may hear what waits to be read.
func (t *turn) readTimes() {
	rules := t.h.Review
	m := t.say.Say("baca_pilih", Data{"Biasa": rules.NoticeAt.String(), "Dari": rules.From.String(), "Sampai": rules.NoticeUntil.String()})
	hour := func(label, value string) Choice {
		return Choice{Label: label, Action: ActReadTime, Args: Args{Value: value}}
	}
	var row []Choice
	for _, c := range []roster.Clock{roster.At24(8, 0), roster.At24(11, 0), roster.At24(13, 0), roster.At24(15, 0)} {
		if rules.choosable(c) {
			row = append(row, hour(c.String(), c.String()))
		}
	}
	m.Buttons = [][]Choice{row, {hour(t.say.Text("tombol_waktu_biasa", nil), "biasa")}}
	t.reply(m)
}

// choosable tells whether the list may come at an hour: in the working day.
func (r ReviewRules) choosable(c roster.Clock) bool { return c >= r.From && c < r.NoticeUntil }

// readingHour reads "baca 13.00", the words after /waktu that are about the list.
func readingHour(arg string) (string, bool) {
	word, rest, _ := strings.Cut(strings.TrimSpace(strings.ToLower(arg)), " ")
	return strings.TrimSpace(rest), word == "baca" || word == "membaca" || word == "read"
}

// setReadTime keeps the hour. Somebody without staff may choose one too: it counts
// once there is something to read.
func (t *turn) setReadTime(arg string) error {
	switch strings.ToLower(arg) {
	case "biasa", "reset", "default", "semula":
		t.out.Own.ReadTime = &ReadTime{Reset: true}
		t.reply(t.say.Say("baca_semula", Data{"Biasa": t.h.Review.NoticeAt.String()}))
		return nil
	}
	at, ok := clockInWords(arg)
	if !ok || !t.h.Review.choosable(at) {
		t.reply(t.say.Say("baca_di_luar", Data{"Dari": t.h.Review.From.String(), "Sampai": t.h.Review.NoticeUntil.String()}))
		return nil
	}
	t.out.Own.ReadTime = &ReadTime{At: at}
	t.audit("person.read_time", at)
	t.reply(t.say.Say("baca_dicatat", Data{"Pukul": at.String()}))
	return nil
}
