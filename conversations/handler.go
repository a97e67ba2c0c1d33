package conversations

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// Handler decides what one message does. It keeps nothing between turns.
type Handler struct {
	Words *Words
	Flow  Flow
	City  string // as people call the office: "Pemkot Surakarta"
	// Hours are those of the policy; the zero value is the default.
	Hours roster.Hours
	// Review is how reports are read, Help who is asked to remove an obstacle, Offices
	// what holders of roles are shown.
	Review  ReviewRules
	Help    Help
	Offices OfficeRules
}

// turn is a Turn with what its handling needs at hand.
type turn struct {
	Turn
	h   *Handler
	rec Records
	say Speaker
	// look reads plans and habits, for the turns that need them.
	look lookup
	// sight is whether the open question could be read when the words were written.
	sight sight
	// flow is the version of the questions that the session was begun with.
	flow Flow
	out  Outcome
	// evidence came with the words that are being read, and is not placed yet.
	evidence *NewEvidence
}

// Handle decides one turn. An error means that nothing was decided; the message
// will be tried again. The cases, in the order of what may decide them:
//
//	network news ─ group ─ stranger ─ button ─ edit ─ odd content ─ command ─ words
func (h *Handler) Handle(ctx context.Context, in Turn, rec Records) (Outcome, error) {
	t := &turn{Turn: in, h: h, rec: rec, out: Outcome{Session: in.Session.clone()}}
	t.say = h.Words.In(h.language(in))
	t.lookInto(ctx)
	var err error
	if t.flow, err = h.flowOf(ctx, in.Session.Flow, rec); err == nil {
		err = t.route(ctx)
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("handle message %d: %w", in.Inbox, err)
	}
	t.weigh()
	t.looseLetters()
	t.out.Session.number()
	return t.out, nil
}

// language is the person's own; a stranger's client may hint English.
func (h *Handler) language(in Turn) string {
	if in.Person != nil {
		return in.Person.Lang
	}
	if strings.HasPrefix(in.Msg.Language, "en") {
		return "en"
	}
	return "id"
}

func (t *turn) route(ctx context.Context) error {
	switch {
	case t.Msg.Kind == bot.KindBlocked || t.Msg.Kind == bot.KindBack:
		t.out.Reach = t.Msg.Kind
		return nil
	case t.Msg.Kind == bot.KindMoved:
		return nil // the address is changed by whoever stores the message
	case t.Flood:
		t.out.Ignored = true
		t.reply(t.say.Say("terlalu_cepat", nil))
		return nil
	case t.Msg.Group:
		return t.group(ctx)
	case t.Person == nil && t.Former != nil:
		return t.former(ctx)
	case t.Person == nil:
		return t.stranger(ctx)
	}
	if err := t.refreshEvidence(ctx); err != nil {
		return err
	}
	if t.Msg.Kind == bot.KindTimer {
		return t.deadline(ctx)
	}
	t.closeStaleSession()
	if handled, err := t.sideMedia(ctx); handled || err != nil {
		return err
	}
	switch t.Msg.Kind {
	case bot.KindTap:
		return t.tapped(ctx)
	case bot.KindEdit:
		if t.Msg.Text == "" && len(t.Msg.Attachments) > 0 { // a live location moved
			t.out.Ignored = true
			return nil
		}
		return t.edited()
	case bot.KindContact:
		return t.knownContact()
	case bot.KindOther:
		return t.odd()
	default:
	}
	if len(t.Msg.Attachments) > 0 {
		return t.media(ctx)
	}
	return t.words(ctx)
}

// words handles typed text: a command by its slash, else what it means here.
func (t *turn) words(ctx context.Context) error {
	text := strings.TrimSpace(t.Msg.Text)
	if cmd, arg, ok := command(text); ok {
		return t.command(ctx, cmd, arg)
	}
	if handled, err := t.besides(ctx, text); handled || err != nil {
		return err
	}
	reading := parse.Read(text)
	if t.out.Session.Stage == StageReturn {
		return t.returnWith(ctx, text, reading.Intent)
	}
	if handled, err := t.meant(ctx, reading); handled || err != nil {
		return err
	}
	return t.answer(ctx, text, reading)
}

// meant handles what people say instead of a command. Where free words are
// awaited ("Ada kendala?"), only the ways out are heard: anything else is the
// answer.
func (t *turn) meant(ctx context.Context, r parse.Reading) (bool, error) {
	switch r.Intent {
	case parse.Empty:
		t.reply(t.say.Say("kosong", nil))
		return true, nil
	case parse.Cancel:
		return true, t.command(ctx, "batal", "")
	case parse.Help:
		return true, t.command(ctx, "bantuan", "")
	default:
	}
	switch t.spokenTo() {
	case StageObstacle, StageExtra:
		return false, nil
	case StageIdle, StageConfirm, StageAdd:
		if handled, err := t.statusOfDay(ctx, r.Intent); handled || err != nil {
			return handled, err
		}
	default:
	}
	switch r.Intent {
	case parse.Status:
		return true, t.command(ctx, "status", "")
	case parse.Start:
		return true, t.command(ctx, "lapor", "")
	case parse.SameAsYesterday:
		return true, t.sameAsLatest(ctx, t.targetDay())
	case parse.Greeting:
		t.reply(t.say.Say("salam_balik", Data{"Salam": t.say.Greeting(t.Now), "Nama": t.say.Vocative(*t.Person)}))
	case parse.Thanks:
		t.reply(t.say.Say("sama_sama", nil))
	default:
		return false, nil
	}
	return true, nil
}

// spokenTo is the stage of the quoted question, or of the open one.
func (t *turn) spokenTo() Stage {
	if t.About != nil {
		switch q := Stage(t.About.Question); q {
		case StageField, StageObstacle, StageExtra, StageEdit:
			return q
		default:
		}
	}
	return t.out.Session.Stage
}

// statusOfDay hears "saya sakit" and "nihil" where no question is open.
func (t *turn) statusOfDay(ctx context.Context, i parse.Intent) (bool, error) {
	switch i {
	case parse.Leave, parse.Sick, parse.FieldDuty, parse.Training, parse.OffShift, parse.WFH:
		return true, t.claim(ctx, t.targetDay(), absenceOf(i))
	case parse.None:
		return true, t.absenceChoices(t.targetDay(), "nihil")
	default:
	}
	return false, nil
}

func absenceOf(i parse.Intent) roster.AbsenceKind {
	switch i {
	case parse.Leave:
		return roster.AnnualLeave
	case parse.Sick:
		return roster.SickDay
	case parse.FieldDuty:
		return roster.FieldDuty
	case parse.Training:
		return roster.Training
	case parse.OffShift:
		return roster.ShiftOff
	default:
		return roster.FromHome
	}
}

// command splits "/lapor@bot kemarin" into its word and its argument.
func command(text string) (cmd, arg string, ok bool) {
	if token, ok := joining(text); ok {
		return "start", token, true
	}
	if !strings.HasPrefix(text, "/") || len(text) < 2 {
		return "", "", false
	}
	cmd, arg, _ = strings.Cut(text[1:], " ")
	cmd, _, _ = strings.Cut(cmd, "@")
	cmd, rest, found := strings.Cut(cmd, "\n")
	if found {
		arg = rest + " " + arg
	}
	return strings.ToLower(cmd), strings.TrimSpace(arg), true
}

// joining finds the invitation in words such as "DAFTAR Zb3…": networks whose links
// carry a text instead of a parameter have people send it.
func joining(text string) (token string, ok bool) {
	const tokenSize = 22
	words := strings.Fields(text)
	if len(words) != 2 || !strings.EqualFold(words[0], "daftar") || len(words[1]) != tokenSize {
		return "", false
	}
	return words[1], true
}

// odd answers what we cannot read, saying what we can.
func (t *turn) odd() error {
	id := "isi_lain"
	switch t.Msg.Odd {
	case "sticker", "voice", "video_note", "video", "audio", "animation", "poll":
		id = "isi_" + t.Msg.Odd
	}
	t.reply(t.say.Say(id, nil))
	return nil
}

// reply queues a message to the chat that wrote. Its key is the message it
// answers, so a turn that is run again says nothing twice.
func (t *turn) reply(m Message, about ...About) {
	s := Say{Kind: KindReply, To: t.Msg.From, Msg: m}
	if len(about) > 0 {
		s.About = about[0]
	}
	t.queue(s)
}

func (t *turn) queue(s Say) {
	if s.Key == "" {
		s.Key = fmt.Sprintf("reply/%d/%d", t.Inbox, len(t.out.Say))
	}
	t.out.Say = append(t.out.Say, s)
}

func (t *turn) audit(action string, subject any) {
	t.out.Audit = append(t.out.Audit, Audit{Actor: t.actor(), Action: action, Subject: fmt.Sprint(subject)})
}

func (t *turn) actor() string {
	if t.Person == nil {
		return t.Msg.From.String()
	}
	return fmt.Sprintf("employee:%d", t.Person.ID)
}

// day finds a day among the turn's days.
func (t *turn) day(d roster.Day) (WorkDay, bool) {
	for _, w := range t.Days {
		if w.Day == d {
			return w, true
		}
	}
	return WorkDay{Day: d}, false
}

// at is the provider's time of the message; a tap carries none, then it is now.
func (t *turn) at() time.Time {
	if t.Msg.At.IsZero() {
		return t.Now
	}
	return t.Msg.At
}

// Quarantined are the words for a person whose message could not be handled; it
// is kept, and later ones go on.
func (h *Handler) Quarantined(p Person) Say {
	return Say{Msg: h.Words.To(p).Say("gangguan_pesan", nil)}
}
