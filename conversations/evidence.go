package conversations

import (
	"context"
	"slices"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// Evidence is one piece: a photo, a document or a place that came with one
// message. It never says what is in it.
type Evidence struct {
	Inbox int64              `json:"inbox"`           // the message it came with; its name
	Album string             `json:"album,omitempty"` // pieces sent together share it
	Kind  bot.AttachmentKind `json:"kind"`
	// Origin names the message it came with, as in [Session.Origins].
	Origin string `json:"origin,omitempty"`
	// Items are the activities it belongs to, by position; none: the whole report.
	Items []int `json:"items,omitempty"`
	// Letter: it belongs to days away and to no report.
	Letter bool `json:"letter,omitempty"`
}

// Proofs are what a person has sent beside words.
type Proofs interface {
	// Evidence is a person's evidence of a day, oldest first: what is kept and
	// what is still to be fetched, not what was taken back.
	Evidence(ctx context.Context, id roster.EmployeeID, day roster.Day) ([]Evidence, error)
}

// EvidenceChange is what a turn does to the evidence of a day.
type EvidenceChange struct {
	Day roster.Day
	Add *NewEvidence
	// Placed are pieces with the activities, and the day, they belong to now.
	Placed []Evidence
	// Removed are pieces that were taken back; an empty reference means all of the day.
	Removed *EvidenceRef
	Amend   *Amended
	// Enclosed are letters that belong to a claim now, Loose those of a leave that
	// is not written any more.
	Enclosed *Enclosure
	Loose    []int64
}

// NewEvidence is a piece whose file is still with the network.
type NewEvidence struct {
	Evidence
	File   bot.Attachment
	SentAt time.Time // the provider's time
	// Claim is that of the days away that a letter belongs to, 0 while they are
	// being written.
	Claim int64
}

// EvidenceRef names one piece, or all of an album.
type EvidenceRef struct {
	Inbox int64
	Album string
}

// Amended says an answer anew that may still be waiting to go out: an album is
// many messages and gets one answer. Without words it is called off.
type Amended struct {
	Key string
	Msg Message
}

// Album is the album whose pieces are coming in.
type Album struct {
	ID     string    `json:"id"`
	Key    string    `json:"key"`   // of its one answer
	Until  time.Time `json:"until"` // when that answer goes out
	N      int       `json:"n"`     // pieces so far
	Spoken bool      `json:"spoken,omitempty"`
	// Question is the own question that the album answers.
	Question string `json:"question,omitempty"`
	// Claim is that of the days away whose letter the album is.
	Claim int64 `json:"claim,omitempty"`
	Items []int `json:"items,omitempty"` // what its caption told of
}

// albumPause is how long an album's answer waits for the other pieces. They come
// as separate updates, mostly within the same second.
const albumPause = 2 * time.Second

// media handles what came with a file or a place. Words beside it are read as
// words where they can be; the piece belongs to what they told of.
func (t *turn) media(ctx context.Context) error {
	p, refusal := t.piece()
	spoken := t.spoken()
	if refusal.Text != "" {
		if spoken {
			if err := t.words(ctx); err != nil {
				return err
			}
		}
		t.reply(refusal)
		return nil
	}
	if handled, err := t.moreOfAnswer(p); handled || err != nil {
		return err
	}
	if t.cameAsAnswer() { // a question asked for it
		return t.keepAnswer(p)
	}
	if handled, err := t.letterLate(ctx); handled || err != nil {
		return err
	}
	if spoken {
		return t.mediaWithWords(ctx, p)
	}
	if err := t.attachPiece(ctx, p); err != nil {
		return err
	}
	if text := t.Msg.Text; text != "" && t.out.Answer == nil { // kept as said; it answers no question
		t.out.Answer = &Answer{Day: t.out.Evidence.Day, Question: "evidence", Said: text}
	}
	return nil
}

// mediaWithWords hears the caption first. A piece that the words did not use is not
// kept: nobody asked for it.
func (t *turn) mediaWithWords(ctx context.Context, p NewEvidence) error {
	before := t.out.Session.Album
	t.evidence = &p
	if err := t.words(ctx); err != nil {
		return err
	}
	if t.Msg.Album == "" || t.out.Evidence == nil || t.out.Evidence.Add == nil || len(t.out.Say) == 0 {
		return nil
	}
	if t.out.Evidence.Add.Letter {
		t.onceForAlbum(before)
		if c := t.out.Evidence.Enclosed; c != nil && t.out.Session.Album != nil {
			t.out.Session.Album.Claim = c.Claim
		}
		return nil
	}
	if t.collecting(before) {
		t.out.Evidence.Amend = &Amended{Key: before.Key}
	}
	until := t.Now.Add(albumPause)
	for i := range t.out.Say {
		t.out.Say[i].NotBefore = until
	}
	t.out.Session.Album = &Album{
		ID: t.Msg.Album, Key: t.out.Say[len(t.out.Say)-1].Key, Until: until, N: 1, Spoken: true, Items: t.out.Evidence.Add.Items,
	}
	return nil
}

// spoken reports whether the words beside a file are to be read as words. While
// a report is open or was sent today, a caption without figures names the
// picture: "foto rapat tadi" is no further activity.
func (t *turn) spoken() bool {
	text := t.Msg.Text
	if text == "" {
		return false
	}
	if _, _, ok := command(text); ok || t.side() != nil {
		return true
	}
	r := parse.Read(text)
	switch r.Intent {
	case parse.Leave, parse.Sick, parse.FieldDuty, parse.Training, parse.OffShift, parse.WFH, parse.None,
		parse.Cancel, parse.SameAsYesterday, parse.Correction:
		return true
	default:
	}
	switch t.out.Session.Stage {
	case StageObstacle, StageExtra:
		return true
	default:
	}
	if slices.ContainsFunc(r.Items, func(it parse.Item) bool { return it.Quantity.Known() || it.Minutes > 0 }) {
		return true
	}
	_, sent := t.evidenceDay()
	return len(r.Items) > 0 && !sent && len(t.out.Session.Items) == 0
}

// attachPiece keeps a piece and says so in a line.
func (t *turn) attachPiece(ctx context.Context, p NewEvidence) error {
	day, sent := t.evidenceDay()
	if sent {
		return t.attachSent(ctx, day, p)
	}
	album := t.out.Session.Album
	if err := t.enter(ctx, day); err != nil {
		return err
	}
	s := &t.out.Session
	s.Album = album
	further := t.collecting(album) && album.Spoken
	switch a := t.About; {
	case further:
		p.Items = album.Items
	case a != nil && a.Day == day && (Stage(a.Question) == StageField || Stage(a.Question) == StageEdit) && a.Item < len(s.Items):
		p.Items = []int{a.Item}
	}
	left := s.Stage == StageIdle && len(s.Items) > 0 // a draft that was left alone
	t.keep(p)
	switch {
	case further:
		return t.amendSummary()
	case left:
		return t.advance()
	case len(s.Items) == 0:
		s.Stage = StageAdd
		t.keepDraft()
	}
	return t.answerPiece(p.Evidence, len(s.Evidence))
}

// attachSent adds a piece to a report that has gone out: "bukti menyusul".
func (t *turn) attachSent(ctx context.Context, day roster.Day, p NewEvidence) error {
	there, err := t.rec.Evidence(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	t.changeEvidence(day).Add = &p
	t.audit("evidence.add", day)
	return t.answerPiece(p.Evidence, len(there)+1)
}

// keep adds a piece to the open draft.
func (t *turn) keep(p NewEvidence) {
	s := &t.out.Session
	t.changeEvidence(s.Day).Add = &p
	s.Evidence = append(slices.Clone(s.Evidence), p.Evidence)
}

// changeEvidence is the turn's change of evidence, begun when there is none.
func (t *turn) changeEvidence(day roster.Day) *EvidenceChange {
	if t.out.Evidence == nil {
		t.out.Evidence = &EvidenceChange{}
	}
	t.out.Evidence.Day = day
	return t.out.Evidence
}

// evidenceHeard is told that words were taken in: a piece that came with them
// belongs to the activities read from them, or to the one that was asked about.
func (t *turn) evidenceHeard(question Stage, item int) {
	if t.evidence == nil {
		return
	}
	p := *t.evidence
	t.evidence = nil
	p.Items = t.out.Session.from(t.origin())
	if len(p.Items) == 0 && (question == StageField || question == StageEdit) {
		p.Items = []int{item}
	}
	t.keep(p)
}

// evidenceDay is the day a piece without words belongs to, and whether its
// report has gone out: the open draft, what is quoted, what was sent today, or
// else the day that is awaited.
func (t *turn) evidenceDay() (day roster.Day, sent bool) {
	s := t.out.Session
	if s.Stage != StageIdle && s.Stage != StageContact && !s.Day.IsZero() {
		return s.Day, false
	}
	if a := t.About; a != nil && !a.Day.IsZero() && t.open(a.Day) {
		return a.Day, t.submitted(a.Day)
	}
	if t.submitted(t.Today) {
		return t.Today, true
	}
	if w, known := t.day(t.Today); !known || w.Duty.State != roster.Due || t.at().Before(w.Times.AskAt) {
		for _, w := range t.Days { // yesterday's, sent this morning
			if w.Report != nil && w.Report.Submitted && t.open(w.Day) && t.say.DayOf(w.Report.SubmittedAt) == t.Today {
				return w.Day, true
			}
		}
	}
	return t.targetDay(), false
}

func (t *turn) submitted(d roster.Day) bool {
	w, _ := t.day(d)
	return w.Report != nil && w.Report.Submitted
}

// collecting reports whether the message is a further piece of the album whose
// answer is still waiting.
func (t *turn) collecting(a *Album) bool {
	return a != nil && a.ID != "" && a.ID == t.Msg.Album && t.Now.Before(a.Until)
}
