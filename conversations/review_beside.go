package conversations

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// ActProof shows what was sent with the report of Employee on Day.
const ActProof Action = "proof"

// Beside is what stands beside a report when its superior reads it.
type Beside interface {
	// Beside is what is known of reports besides their words, by their rows.
	Beside(ctx context.Context, reports []int64) (map[int64]ReportBeside, error)
	// Served are the items of the plan that the activities of a report serve.
	Served(ctx context.Context, id roster.EmployeeID, day roster.Day) ([]Served, error)
	// Pieces are what was sent with somebody's report, if viewer may read it; else none.
	Pieces(ctx context.Context, viewer, id roster.EmployeeID, day roster.Day) ([]SeenPiece, error)
}

// ReportBeside is what may be worth a question to the writer. None of it is an
// accusation, and nothing is counted from it.
type ReportBeside struct {
	Pieces []Evidence
	Reused int  // pieces that had been sent before, by whomever
	Same   int  // reports of the two weeks before with exactly the same activities
	Span   int  // minutes of the working day, 0 unknown
	Crew   bool // written by the foreman of the writer's crew
	// Contested are the writer's own words against it, empty for none.
	Contested string
}

// Served is the item of the plan behind the activity at Position; without a code
// the activity is an additional duty.
type Served struct {
	Position   int
	Code, Text string
}

// SeenPiece is a piece of evidence for somebody who may see it.
type SeenPiece struct {
	Evidence
	Kept     bool // false: its file is on its way
	Hash     []byte
	PDF      bool
	Lat, Lon string
}

// Sampled is a report that was shown whole beside a list, in the version shown.
type Sampled struct {
	Report  int64
	Version int
}

// ReviewRules is how superiors read reports; the zero value is one report of
// every twenty, at most three.
type ReviewRules struct {
	// SampleEvery begun reports of a list show one whole, SampleMost at most.
	SampleEvery, SampleMost int
	// StandInDays is the longest stand-in that a superior may name alone.
	StandInDays int
	// From is the hour of a day before which a stand-in is told nothing.
	From roster.Clock
	// NoticeAt is when a superior hears what waits to be read, and until when of a day;
	// between From and then a superior may choose another hour.
	NoticeAt, NoticeUntil roster.Clock
}

func (r ReviewRules) sample(waiting int) int {
	every, most := r.SampleEvery, r.SampleMost
	if every <= 0 {
		every = 20
	}
	if most <= 0 {
		most = 3
	}
	return min((waiting+every-1)/every, most, waiting)
}

// standIn is the longest time for which a superior may name a stand-in alone; for
// a longer one the office appoints a Plh by decree.
func (r ReviewRules) standIn() int {
	if r.StandInDays <= 0 {
		return 30
	}
	return r.StandInDays
}

// sampleOf chooses which reports of a list are shown whole. The choice hangs on
// every report of the list, the moments they were sent and the day: nobody can
// write so as not to be read, and opening the list again shows the same.
func sampleOf(waiting []Unread, day roster.Day, n int) []Unread {
	h := sha256.New()
	number := func(x int64) { _ = binary.Write(h, binary.BigEndian, x) } // a hash does not fail
	_, _ = h.Write([]byte(day.String()))
	for _, u := range waiting {
		number(u.Report)
		number(u.SentAt.UnixMicro())
	}
	seed := h.Sum(nil)
	rank := func(u Unread) string {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(slices.Clone(seed), uint64(u.Report)))
		return string(sum[:])
	}
	all := slices.Clone(waiting)
	slices.SortFunc(all, func(a, b Unread) int { return strings.Compare(rank(a), rank(b)) })
	return all[:min(n, len(all))]
}

// standOut parts what a superior should look at from what is as every day.
func standOut(waiting []Unread, beside map[int64]ReportBeside) (own, rest []Unread) {
	for _, u := range waiting {
		b := beside[u.Report]
		if u.Late || u.Obstacle || u.Version > 1 || u.For != "" || b.Reused > 0 || b.Same >= sameOften || b.tooLong(u.Minutes) || b.Contested != "" {
			own = append(own, u)
			continue
		}
		rest = append(rest, u)
	}
	return own, rest
}

// sameOften is how many earlier reports with the same words are worth a remark.
const sameOften = 3

// overtime is how many minutes more than the working day are worth a remark.
const overtime = 60

func (b ReportBeside) tooLong(minutes int) bool { return b.Span > 0 && minutes > b.Span+overtime }

// marksOf are the remarks of a line in the list, in a word each.
func (t *turn) marksOf(u Unread, b ReportBeside) string {
	var words []string
	add := func(holds bool, id string, data Data) {
		if holds {
			words = append(words, t.say.Text(id, data))
		}
	}
	add(u.Obstacle, "tanda_kendala", nil)
	add(u.Version > 1, "tanda_diubah", nil)
	add(b.Same >= sameOften, "tanda_sama", nil)
	add(b.Reused > 0, "tanda_bukti_lama", nil)
	add(b.tooLong(u.Minutes), "tanda_panjang", nil)
	add(b.Contested != "", "tanda_disanggah", nil)
	add(u.For != "", "tanda_untuk", Data{"Nama": ShortName(u.For)})
	if len(words) == 0 {
		return ""
	}
	return " · " + strings.Join(words, ", ")
}

// remarks are the lines below a report.
func (t *turn) remarks(u Unread, r Report, served []Served, b ReportBeside) []Message {
	parts := t.planLines(served)
	if proof := t.say.evidenceLine(b.Pieces); proof.Text != "" {
		parts = append(parts, proof)
	}
	add := func(holds bool, id string, data Data) {
		if holds {
			parts = append(parts, t.say.Say(id, data))
		}
	}
	add(b.Crew, "hal_kru", nil)
	add(b.Contested != "", "hal_disanggah", Data{"Kata": Clip(b.Contested, 200)})
	add(u.Version > 1, "hal_versi", Data{"Versi": u.Version})
	add(b.Same >= sameOften, "hal_sama", Data{"Count": b.Same})
	add(b.Reused > 0, "hal_bukti_lama", Data{"Count": b.Reused})
	add(b.tooLong(u.Minutes), "hal_panjang", Data{"Menit": t.say.Int(u.Minutes), "Jam": t.say.Int(b.Span)})
	add(overlap(r.Items), "hal_bertumpuk", nil)
	return parts
}

// overlap reports whether two activities claim the same minutes.
func overlap(items []parse.Item) bool {
	type span struct{ from, to string }
	var all []span
	for _, it := range items {
		if it.Start != "" && it.End > it.Start {
			all = append(all, span{it.Start, it.End})
		}
	}
	slices.SortFunc(all, func(a, b span) int { return strings.Compare(a.from, b.from) })
	for i := 1; i < len(all); i++ {
		if all[i].from < all[i-1].to {
			return true
		}
	}
	return false
}

// servedLines are the activities, each with the item of the plan that it serves.
func (t *turn) servedLines(items []parse.Item, served []Served) Message {
	rows := make([]Message, len(items))
	for i, it := range items {
		row := t.line(it)
		if at := slices.IndexFunc(served, func(s Served) bool { return s.Position == i }); at >= 0 {
			id := "menuju_rhk"
			if served[at].Code == "" {
				id = "menuju_tambahan"
			}
			row.Text += " " + t.say.Text(id, Data{"Kode": served[at].Code})
		}
		if len(items) > 1 {
			row = prefixed(strconv.Itoa(i+1)+". ", row)
		}
		rows[i] = row
	}
	return Lines(rows...)
}

// planLines say once what each item of the plan is that a report serves.
func (t *turn) planLines(served []Served) []Message {
	var parts []Message
	said := map[string]bool{}
	for _, s := range served {
		if s.Code == "" || said[s.Code] {
			continue
		}
		said[s.Code] = true
		parts = append(parts, t.say.Say("hal_rhk", Data{"Kode": s.Code, "Uraian": Clip(s.Text, 110)}))
	}
	return parts
}

// mostProofs is how many pieces one tap shows.
const mostProofs = 5

// showProof sends what came with a report to somebody who may read it.
func (t *turn) showProof(ctx context.Context, a Args) error {
	all, err := t.rec.Pieces(ctx, t.Person.ID, a.Employee, a.Day)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		t.out.Toast = t.say.Text("toast_bukti_tidak_ada", nil)
		return nil
	}
	t.out.Own.Opened = &Opened{Employee: a.Employee, Day: a.Day}
	t.audit("evidence.seen", fmt.Sprintf("employee:%d %s", a.Employee, a.Day))
	shown := all[:min(len(all), mostProofs)]
	for i, p := range shown {
		data := Data{"No": i + 1, "Count": len(all), "Apa": t.say.pieces(p.Kind, 1), "Lintang": p.Lat, "Bujur": p.Lon}
		id := "bukti_tampil"
		switch {
		case !p.Kept:
			id = "bukti_tampil_nanti"
		case p.Kind == bot.Location:
			id = "bukti_tampil_lokasi"
		}
		m := t.say.Say(id, data)
		if p.Kept && p.Kind != bot.Location {
			m.Kept = &Kept{Hash: p.Hash, Without: t.say.Text("bukti_tampil_nanti", data)}
			if p.PDF {
				m.Kept.Name = fmt.Sprintf("bukti-%d.pdf", i+1)
			}
		}
		t.reply(m)
	}
	return nil
}

// inTheName is who decides: the superior, or the stand-in with both names.
func (t *turn) inTheName(say Speaker, of string) string {
	me := ShortName(t.Person.Name)
	if of == "" {
		return me
	}
	return say.Text("atas_nama", Data{"Nama": me, "Atasan": ShortName(of)})
}
