package conversations

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"ekinerja/bot"
	"ekinerja/roster"
)

// A letter is a picture or a document that somebody adds to days away: a doctor's
// note, a leave, a travel order. It is fetched, cleaned and kept like evidence, but
// belongs to the claim: whoever decides about the days may see it, nobody else.

// maxLetters is how many pieces one leave may carry.
const maxLetters = 5

// letterWords is how people caption the letter of days away.
var letterWords = regexp.MustCompile(`(?i)^\W*(?:(?:ini|berikut|foto|lampiran|susulan)\s+)*(?:surat(?:nya)?(?:\s+(?:keterangan|dokter|sakit|cuti|i[zj]in|tugas|istirahat)\b[^\d]*)?|spt|skd)(?:\s+(?:saya|pak|bu|nggih|ya))*\W*$`)

// ActLetter shows the letters of Claim.
const ActLetter Action = "letter"

// Letters are what was added to days away.
type Letters interface {
	// Letters are those of a claim if viewer may decide about it; else none.
	Letters(ctx context.Context, viewer roster.EmployeeID, claim int64) ([]Letter, error)
	// Standing are those of a person's pieces that are kept or on their way.
	Standing(ctx context.Context, id roster.EmployeeID, pieces []int64) ([]int64, error)
}

// Letter is one piece.
type Letter struct {
	Inbox int64 // the message it came with
	Kept  bool  // false: its file is on its way
	Hash  []byte
	PDF   bool
}

// Enclosure gives letters that were sent while a leave was written to its claim.
type Enclosure struct {
	Claim  int64
	Day    roster.Day // the first of the days away
	Pieces []int64    // the messages they came with
}

// enclose keeps what came with the message as a letter of the leave; false when
// nothing came that can be one.
func (t *turn) enclose(l *LeaveDraft) bool {
	if len(t.Msg.Attachments) == 0 || t.Msg.Attachments[0].Kind == bot.Location || len(l.Letters) >= maxLetters {
		return false
	}
	if slices.Contains(l.Letters, t.Inbox) {
		return true
	}
	p, refusal := t.piece()
	if refusal.Text != "" {
		return false
	}
	p.Letter, t.evidence = true, nil
	day := l.From
	if day.IsZero() {
		day = t.Today
	}
	t.changeEvidence(day).Add = &p
	l.Letters = append(slices.Clone(l.Letters), p.Inbox)
	return true
}

// standing drops the letters that could not be kept; their sender was told.
func (t *turn) standing(ctx context.Context, l *LeaveDraft) error {
	if len(l.Letters) == 0 {
		return nil
	}
	there, err := t.rec.Standing(ctx, t.Person.ID, l.Letters)
	if err != nil {
		return err
	}
	l.Letters = slices.DeleteFunc(slices.Clone(l.Letters), func(id int64) bool { return id != t.Inbox && !slices.Contains(there, id) })
	return nil
}

// encloseSent notes that the letters of a leave that is sent belong to its claim.
func (t *turn) encloseSent(l LeaveDraft) {
	if len(l.Letters) > 0 {
		c := t.changeEvidence(l.From)
		c.Enclosed = &Enclosure{Claim: t.Inbox, Day: l.From, Pieces: slices.Clone(l.Letters)}
	}
}

// looseLetters takes back the letters of a leave that is not written any more.
func (t *turn) looseLetters() {
	if t.Session.Side == nil {
		return
	}
	var held []int64
	if s := t.side(); s != nil {
		held = s.Leave.Letters
	}
	if c := t.out.Evidence; c != nil && c.Enclosed != nil {
		held = append(slices.Clone(held), c.Enclosed.Pieces...)
	}
	loose := slices.DeleteFunc(slices.Clone(t.Session.Side.Leave.Letters), func(id int64) bool { return slices.Contains(held, id) })
	if len(loose) == 0 {
		return
	}
	if t.out.Evidence == nil {
		t.changeEvidence(t.Today)
	}
	t.out.Evidence.Loose = loose
}

// letterLate takes a picture without a leave being written for the letter of days
// away that were claimed before: on such a day, or when its words say so.
func (t *turn) letterLate(ctx context.Context) (bool, error) {
	said := letterWords.MatchString(t.Msg.Text)
	if t.side() != nil || t.Msg.Attachments[0].Kind == bot.Location {
		return false, nil
	}
	if a := t.out.Session.Album; t.collecting(a) && a.Claim != 0 {
		t.encloseMore(a.Claim)
		return true, nil
	}
	if w, _ := t.day(t.Today); !said && (t.Msg.Text != "" || w.Duty.State == roster.Due || t.out.Session.Stage != StageIdle || t.About != nil) {
		return false, nil
	}
	old, err := t.rec.Absences(ctx, t.Person.ID, t.Today.Add(-reach))
	if err != nil {
		return false, err
	}
	for _, o := range slices.Backward(old) {
		if o.Claim == 0 || o.From.After(t.Today) && !said || o.To.Before(t.Today) && !said {
			continue
		}
		return true, t.encloseLate(ctx, o)
	}
	return false, nil
}

// encloseMore adds a further piece of an album, which was told with its first.
func (t *turn) encloseMore(claim int64) {
	p, refusal := t.piece()
	if refusal.Text != "" {
		t.reply(refusal)
		return
	}
	p.Letter, p.Claim = true, claim
	t.changeEvidence(t.Today).Add = &p
}

// encloseLate adds the letter and tells whoever decides, once for an album.
func (t *turn) encloseLate(ctx context.Context, o OwnAbsence) error {
	p, refusal := t.piece()
	if refusal.Text != "" {
		t.reply(refusal)
		return nil
	}
	p.Letter, p.Claim = true, o.Claim
	t.changeEvidence(o.From).Add = &p
	t.audit("absence.letter", fmt.Sprintf("%s %s %s", o.Kind, o.From, o.To))
	head, found, err := t.rec.Superior(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	t.out.Session.Album = nil
	if t.Msg.Album != "" {
		t.out.Session.Album = &Album{ID: t.Msg.Album, N: 1, Until: t.Now.Add(albumPause), Claim: o.Claim}
	}
	data := Data{"Nama": t.say.Vocative(*t.Person), "Jenis": t.absenceName(o.Kind), "Hari": t.say.Days(o.From, o.To), "Atasan": ""}
	if found {
		data["Atasan"] = ShortName(head.Name)
		t.announceLetter(head, o)
	}
	t.reply(t.say.Say("surat_diterima", data))
	return nil
}

func (t *turn) announceLetter(head Person, o OwnAbsence) {
	say := t.h.Words.To(head)
	m := say.Say("surat_menyusul", Data{
		"Sapa": say.Vocative(head), "Nama": ShortName(t.Person.Name), "Jenis": say.absence(o.Kind), "Hari": say.Days(o.From, o.To),
	})
	c := Claim{ID: o.Claim, Person: *t.Person, Letters: 1}
	m.Buttons = [][]Choice{{letterButton(say, c)}}
	if !o.Confirmed {
		m.Buttons = claimButtons(say, c)
	}
	t.queue(Say{Key: fmt.Sprintf("letter/%d", t.Inbox), Kind: KindNotice, Employee: head.ID, Msg: m})
}

func letterButton(say Speaker, c Claim) Choice {
	return Choice{Label: say.Text("tombol_surat", nil), Action: ActLetter, Args: Args{Claim: c.ID, Employee: c.Person.ID}}
}

// showLetters sends the letters of a claim to whoever decides about it.
func (t *turn) showLetters(ctx context.Context, a Args) error {
	c, found, err := t.rec.Claim(ctx, t.Person.ID, a.Claim)
	if err != nil {
		return err
	}
	if !found {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	letters, err := t.rec.Letters(ctx, t.Person.ID, a.Claim)
	if err != nil {
		return err
	}
	if len(letters) == 0 {
		t.out.Toast = t.say.Text("toast_surat_tidak_ada", nil)
		return nil
	}
	for _, l := range letters {
		t.showLetter(c, l)
	}
	t.audit("letter.read", fmt.Sprintf("employee:%d %s", c.Person.ID, c.From))
	return nil
}

// letterName is what a letter is called that is no picture.
const letterName = "surat.pdf"

// showLetter sends one letter; one that is still on its way follows by itself, once
// however often it is asked for.
func (t *turn) showLetter(c Claim, l Letter) {
	name := ShortName(c.Person.Name)
	m := t.say.Say("surat_judul", Data{"Jenis": t.absenceName(c.Kind), "Nama": name, "Hari": t.say.Days(c.From, c.To)})
	if l.Kept && len(l.Hash) > 0 {
		m.Kept = &Kept{Hash: l.Hash, Without: t.say.Text("surat_tidak_terbuka", nil)}
		if l.PDF {
			m.Kept.Name = letterName
		}
		t.reply(m)
		return
	}
	t.out.Toast = t.say.Text("toast_surat_diambil", nil)
	m.Kept = &Kept{Awaits: l.Inbox, Name: letterName, Without: t.say.Text("surat_tidak_sampai", Data{"Nama": name})}
	t.queue(Say{Key: fmt.Sprintf("letter/%d/for/%d", l.Inbox, t.Person.ID), Kind: KindReply, To: t.Msg.From, Msg: m})
}
