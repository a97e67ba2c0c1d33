package conversations

import (
	"context"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"ekinerja/bot"
	"ekinerja/roster"
)

// What is taken as evidence, in bytes. Telegram makes its own photos much smaller.
const (
	MaxPhotoBytes    = 5 << 20
	MaxDocumentBytes = 10 << 20
)

// Actions of the buttons below an answer about evidence.
const (
	ActEvidenceFor  Action = "evidence_for"  // choose what evidence Value belongs to
	ActEvidenceAt   Action = "evidence_at"   // it belongs to activity Item, -1: the report
	ActEvidenceDrop Action = "evidence_drop" // take evidence Value back
)

func isEvidence(a Action) bool {
	return a == ActEvidenceFor || a == ActEvidenceAt || a == ActEvidenceDrop
}

// acceptable are the files that are worth fetching, by what the sender's phone
// says; what they really are is looked at when they are here.
func acceptable(a bot.Attachment) (limit int64, ok bool) {
	switch a.MIME {
	case "application/pdf":
		return MaxDocumentBytes, true
	case "image/jpeg", "image/png", "image/webp":
		return MaxPhotoBytes, true
	case "", "application/octet-stream":
	default:
		return 0, false
	}
	switch strings.ToLower(path.Ext(a.Name)) {
	case ".pdf":
		return MaxDocumentBytes, true
	case ".jpg", ".jpeg", ".png", ".webp":
		return MaxPhotoBytes, true
	}
	return 0, false
}

// piece makes evidence of what came with the message, or says why not.
func (t *turn) piece() (p NewEvidence, refusal Message) {
	a := t.Msg.Attachments[0]
	p = NewEvidence{
		Evidence: Evidence{Inbox: t.Inbox, Album: t.Msg.Album, Kind: a.Kind, Origin: t.origin()},
		File:     a, SentAt: t.at(),
	}
	limit, ok := int64(MaxPhotoBytes), true
	switch a.Kind {
	case bot.Location:
		p.File.Lat, p.File.Lon = rounded(a.Lat), rounded(a.Lon)
		return p, Message{}
	case bot.Document:
		limit, ok = acceptable(a)
	default:
	}
	switch {
	case !ok:
		return p, t.say.Say("bukti_jenis_lain", nil)
	case a.Size > limit:
		return p, t.say.Say("bukti_terlalu_besar", nil)
	}
	return p, Message{}
}

// rounded keeps four decimals of a degree, about eleven metres: enough for
// "at the site", too little for a desk.
func rounded(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }

// refOf is how a button names a piece or an album.
func refOf(p Evidence) string {
	if p.Album != "" {
		return "a" + p.Album
	}
	return "i" + strconv.FormatInt(p.Inbox, 10)
}

func parseRef(s string) (EvidenceRef, bool) {
	if album, ok := strings.CutPrefix(s, "a"); ok {
		return EvidenceRef{Album: album}, album != ""
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(s, "i"), 10, 64)
	return EvidenceRef{Inbox: n}, err == nil && n > 0
}

func (r EvidenceRef) names(p Evidence) bool {
	return (r.Inbox != 0 && p.Inbox == r.Inbox) || (r.Album != "" && p.Album == r.Album)
}

// from are the positions of the items that were read from a message.
func (s *Session) from(origin string) []int {
	var out []int
	for i, o := range s.Origins {
		if o != "" && o == origin {
			out = append(out, i)
		}
	}
	return out
}

// dropped keeps evidence at its activities when activity i is gone; what
// belonged to that one alone belongs to the whole report.
func (s *Session) dropped(i int) {
	s.Evidence = slices.Clone(s.Evidence)
	for k, p := range s.Evidence {
		var items []int
		for _, at := range p.Items {
			if at < i {
				items = append(items, at)
			} else if at > i {
				items = append(items, at-1)
			}
		}
		s.Evidence[k].Items = items
	}
}

// reread puts evidence that came with an edited message to what was read from
// it now; with "" all evidence is the whole report's.
func (s *Session) reread(origin string) {
	s.Evidence = slices.Clone(s.Evidence)
	for k, p := range s.Evidence {
		if origin == "" || p.Origin == origin {
			s.Evidence[k].Items = s.from(origin)
		}
	}
}

// placeEvidence makes the rows say what the session says of its evidence.
func (t *turn) placeEvidence() {
	if s := t.out.Session; len(s.Evidence) > 0 {
		t.changeEvidence(s.Day).Placed = slices.Clone(s.Evidence)
	}
}

// refreshEvidence drops from the session what could not be kept meanwhile.
func (t *turn) refreshEvidence(ctx context.Context) error {
	s := &t.out.Session
	if len(s.Evidence) == 0 {
		return nil
	}
	there, err := t.rec.Evidence(ctx, t.Person.ID, s.Day)
	if err != nil {
		return err
	}
	s.Evidence = slices.DeleteFunc(slices.Clone(s.Evidence), func(p Evidence) bool {
		return !slices.ContainsFunc(there, func(e Evidence) bool { return e.Inbox == p.Inbox })
	})
	return nil
}

// tappedEvidence handles the buttons below an answer about evidence.
func (t *turn) tappedEvidence(ctx context.Context, action Action, a Args) error {
	ref, ok := parseRef(a.Value)
	if !ok || !t.open(a.Day) {
		return t.closed(a.Day)
	}
	all, open, err := t.evidenceAt(ctx, a.Day)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, ref.names) {
		t.out.Toast = t.say.Text("toast_bukti_tidak_ada", nil)
		return nil
	}
	if action == ActEvidenceDrop {
		return t.dropEvidence(ref, a.Day, all, open)
	}
	names, err := t.activitiesAt(ctx, a.Day, open)
	if err != nil {
		return err
	}
	if action == ActEvidenceFor {
		return t.chooseActivity(a, names)
	}
	items, m := []int(nil), t.say.Say("bukti_untuk_semua", Data{"Laporan": t.dayWords(a.Day)})
	if a.Item >= 0 && a.Item < len(names) {
		items, m = []int{a.Item}, t.say.Say("bukti_untuk_kegiatan", Data{"Kegiatan": Clip(names[a.Item], 120)})
	}
	all = slices.Clone(all)
	for i := range all {
		if ref.names(all[i]) {
			all[i].Items = items
		}
	}
	if open {
		t.out.Session.Evidence = all
	}
	if !open || !t.out.Session.Resend { // what changes a sent report waits for its sending
		t.changeEvidence(a.Day).Placed = all
	}
	t.reply(m, About{Day: a.Day, Question: "evidence"})
	return nil
}

// evidenceAt is the evidence of a day, from the session when the day is open in it.
func (t *turn) evidenceAt(ctx context.Context, day roster.Day) (all []Evidence, open bool, err error) {
	if s := t.out.Session; s.Stage != StageIdle && s.Day == day {
		return s.Evidence, true, nil
	}
	all, err = t.rec.Evidence(ctx, t.Person.ID, day)
	return all, false, err
}

func (t *turn) dropEvidence(ref EvidenceRef, day roster.Day, all []Evidence, open bool) error {
	left := slices.DeleteFunc(slices.Clone(all), ref.names)
	if open {
		t.out.Session.Evidence = left
	}
	t.changeEvidence(day).Removed = &ref
	t.audit("evidence.remove", day)
	t.reply(t.say.Say("bukti_dihapus", Data{"N": len(left), "Laporan": t.dayWords(day)}), About{Day: day, Question: "evidence"})
	return nil
}

// activitiesAt are the descriptions of a day's activities.
func (t *turn) activitiesAt(ctx context.Context, day roster.Day, open bool) ([]string, error) {
	items := t.out.Session.Items
	if !open {
		r, _, err := t.rec.Report(ctx, t.Person.ID, day)
		if err != nil {
			return nil, err
		}
		items = r.Items
	}
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = it.Description
	}
	return out, nil
}

// chooseActivity asks what a piece is evidence of; not answering is an answer
// too: then it stays the whole report's.
func (t *turn) chooseActivity(a Args, names []string) error {
	m := t.say.Say("bukti_untuk_mana", nil)
	for i, name := range names {
		label := strconv.Itoa(i+1) + ". " + Clip(name, 16)
		m.Buttons = append(m.Buttons, []Choice{{Label: label, Action: ActEvidenceAt, Args: Args{Day: a.Day, Item: i, Value: a.Value}}})
	}
	m.Buttons = append(m.Buttons, []Choice{{
		Label: t.say.Text("tombol_bukti_semua", nil), Action: ActEvidenceAt, Args: Args{Day: a.Day, Item: -1, Value: a.Value},
	}})
	t.reply(m, About{Day: a.Day, Question: "evidence"})
	return nil
}
