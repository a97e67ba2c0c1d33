package conversations

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// An obstacle that somebody else can remove goes to them with one tap below the
// receipt of its report:
//
//	kind ─▶ open ── Terima ──▶ accepted ── Selesai ──▶ done ── Sudah beres ──▶ closed
//	          ▲                 │    ▲                  │  └ nobody answers ──▶ closed
//	          └ Bukan bagian ◀──┘    └────── Belum ◀────┘
//	            kami (why)
//
// Who is responsible is data of the policy; else, and after a refusal, it goes up
// the reporter's line, to whoever has not had it yet, and at its end to nobody: then
// the weekly list shows it to the head of the office.

// Actions about obstacles.
const (
	ActHelp    Action = "help"    // the obstacle of Day is one of kind Value
	ActBlocker Action = "blocker" // the obstacle of Employee on Day takes step Question
)

// Help is who is asked for help, and how long it may take. The zero Help offers none.
type Help struct {
	Kinds []HelpKind
	// Days are the working days that removing takes when the kind says nothing.
	Days int
}

// HelpKind is one sort of obstacle, and where it goes.
type HelpKind struct {
	Key    string
	ID, EN string // its button
	Days   int    // working days; 0 as [Help.Days]
	Routes []HelpRoute
}

// HelpRoute names who is responsible: a post, a person, or the head of a place. The
// first route whose OPD is the reporter's, or that is for all, and which leads to
// somebody, decides.
type HelpRoute struct {
	OPD           string // of the reporter; empty: every office
	Post, Number  string // a post's code, a staff number
	ToOPD, ToUnit string
}

func (h Help) kind(key string) (HelpKind, bool) {
	i := slices.IndexFunc(h.Kinds, func(k HelpKind) bool { return k.Key == key })
	if i < 0 {
		return HelpKind{}, false
	}
	return h.Kinds[i], true
}

func (h Help) days(k HelpKind) int {
	switch {
	case k.Days > 0:
		return k.Days
	case h.Days > 0:
		return h.Days
	}
	return 3
}

// label is the kind's button in a language.
func (s Speaker) kindOf(k HelpKind) string {
	if s.lang == "en" && k.EN != "" {
		return k.EN
	}
	return k.ID
}

// BlockerState is how far an obstacle is.
type BlockerState string

// The states; the drawing is above.
const (
	BlockerOpen     BlockerState = "open"
	BlockerAccepted BlockerState = "accepted"
	BlockerDone     BlockerState = "done"
	BlockerClosed   BlockerState = "closed"
)

// Blocker is an obstacle on its way.
type Blocker struct {
	ID       int64
	Reporter Person
	Holder   Person // zero: nobody
	Day, Due roster.Day
	Kind     string
	Said     string
	State    BlockerState
	MadeAt   time.Time
	Tried    []roster.EmployeeID // who has had it
}

// NewBlocker sends an obstacle of the writer's to somebody; Holder 0: nobody was found.
type NewBlocker struct {
	Day, Due   roster.Day
	Kind, Said string
	Holder     roster.EmployeeID
}

// BlockerStep is one step: Did is what was done, as the record calls it.
type BlockerStep struct {
	ID     int64
	Was    BlockerState
	State  BlockerState
	Did    string
	Note   string
	Holder roster.EmployeeID
	Due    roster.Day
}

// Helpers are obstacles and who removes them.
type Helpers interface {
	// Blocker is the obstacle of reporter's day, if viewer is the reporter or has it;
	// else false.
	Blocker(ctx context.Context, viewer, reporter roster.EmployeeID, day roster.Day) (Blocker, bool, error)
	// Blockers are those that a person has or has told of, oldest first, at most ten.
	Blockers(ctx context.Context, id roster.EmployeeID) ([]Blocker, error)
	// Routed is who a route leads to today; false for nobody with a chat.
	Routed(ctx context.Context, to HelpRoute) (Person, bool, error)
}

// helpOffer is what a receipt says below an obstacle: one tap asks for help.
func (t *turn) helpOffer(s Session, m Message) Message {
	kinds := t.h.Help.Kinds
	if s.Obstacle == "" || len(kinds) == 0 {
		return m
	}
	m = Join(m, t.say.Say("perlu_bantuan", nil))
	for row := range slices.Chunk(kinds, 3) {
		var line []Choice
		for _, k := range row {
			line = append(line, Choice{Label: Clip(t.say.kindOf(k), 20), Action: ActHelp, Args: Args{Day: s.Day, Value: k.Key}})
		}
		m.Buttons = append(m.Buttons, line)
	}
	return m
}

// tappedBlocker handles the buttons.
func (t *turn) tappedBlocker(ctx context.Context, action Action, a Args) error {
	if action == ActHelp {
		return t.askHelp(ctx, a)
	}
	b, found, err := t.rec.Blocker(ctx, t.Person.ID, a.Employee, a.Day)
	if err != nil {
		return err
	}
	if !found || !t.mayStep(b, a.Question) {
		t.out.Toast = t.say.Text("sudah_tercatat", nil)
		return nil
	}
	switch a.Question {
	case "accept":
		t.step(b, BlockerStep{State: BlockerAccepted, Did: "accepted", Holder: b.Holder.ID, Due: b.Due})
		t.holderSays(b, "bantuan_diterima")
		t.tellReporter(b, "bantuan_diterima_pelapor", t.Person.Name, b.Due)
	case "done":
		t.step(b, BlockerStep{State: BlockerDone, Did: "done", Holder: b.Holder.ID, Due: b.Due})
		t.reply(t.say.Say("bantuan_selesai", Data{"Nama": ShortName(b.Reporter.Name)}))
		t.askDone(b)
	case "ok":
		t.step(b, BlockerStep{State: BlockerClosed, Did: "confirmed", Holder: b.Holder.ID, Due: b.Due})
		t.reply(t.say.Say("bantuan_beres", nil))
		t.tellHolder(b, b.Holder, "bantuan_beres_penangan", b.Due)
	case "not_yet":
		return t.notYet(ctx, b)
	default:
		t.out.Session.Side = &Side{Kind: SideBlocker, Day: b.Day, Lead: LeadSide{Employee: b.Reporter.ID}}
		t.sideAsk("bantuan_bukan_mengapa", nil, nil)
	}
	return nil
}

// mayStep reports whether the person may take a step now.
func (t *turn) mayStep(b Blocker, step string) bool {
	mine, told := b.Holder.ID == t.Person.ID, b.Reporter.ID == t.Person.ID
	switch step {
	case "accept":
		return mine && b.State == BlockerOpen
	case "done", "not_ours":
		return mine && (b.State == BlockerOpen || b.State == BlockerAccepted)
	case "ok", "not_yet":
		return told && b.State == BlockerDone
	}
	return false
}

func (t *turn) step(b Blocker, s BlockerStep) {
	s.ID, s.Was = b.ID, b.State
	t.lead().Moved = &s
	t.audit("blocker."+s.Did, b.ID)
	t.out.Toast = t.say.Text("toast_dicatat", nil)
}

// askHelp sends the obstacle of a day's report to whoever can remove it.
func (t *turn) askHelp(ctx context.Context, a Args) error {
	k, known := t.h.Help.kind(a.Value)
	r, found, err := t.rec.Report(ctx, t.Person.ID, a.Day)
	if err != nil {
		return err
	}
	if !known || !found || r.Obstacle == "" {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	if _, asked, err := t.rec.Blocker(ctx, t.Person.ID, t.Person.ID, a.Day); err != nil || asked {
		t.out.Toast = t.say.Text("toast_bantuan_sudah", nil)
		return err
	}
	b := Blocker{Reporter: *t.Person, Day: a.Day, Kind: k.Key, Said: r.Obstacle}
	if b.Holder, err = t.responsible(ctx, k, b); err != nil {
		return err
	}
	if b.Due, err = t.workdayOf(ctx, t.Person.ID, t.h.Help.days(k)); err != nil {
		return err
	}
	t.lead().Blocked = &NewBlocker{Day: a.Day, Due: b.Due, Kind: k.Key, Said: r.Obstacle, Holder: b.Holder.ID}
	t.audit("blocker.asked", fmt.Sprintf("%s %s", a.Day, k.Key))
	id := "bantuan_diminta"
	if b.Holder.ID == 0 {
		id = "bantuan_tanpa_penangan"
	}
	t.reply(t.say.Say(id, Data{"Nama": ShortName(b.Holder.Name), "Jabatan": b.Holder.Post, "Batas": t.say.Day(b.Due)}))
	if b.Holder.ID != 0 {
		t.queue(t.helpAsked(b, fmt.Sprintf("blocker/%d/asked", t.Inbox)))
	}
	return nil
}

// helpAsked puts an obstacle to its holder.
func (t *turn) helpAsked(b Blocker, key string) Say {
	say := t.h.Words.To(b.Holder)
	k, _ := t.h.Help.kind(b.Kind)
	m := say.Say("bantuan_masuk", Data{
		"Sapa": say.Vocative(b.Holder), "Nama": ShortName(b.Reporter.Name), "OPD": b.Reporter.OPD, "Jenis": say.kindOf(k),
		"Kendala": Clip(b.Said, 250), "Tgl": say.ShortDay(b.Day), "Batas": say.Day(b.Due),
	})
	m.Buttons = stepButtons(say, b, "accept")
	return Say{Key: key, Kind: KindNotice, Employee: b.Holder.ID, Msg: m}
}

// choice is a button that takes a step.
func (b Blocker) choice(label, step string) Choice {
	return Choice{Label: label, Action: ActBlocker, Args: Args{Question: step, Employee: b.Reporter.ID, Day: b.Day}}
}

// stepButtons are the holder's: first is "accept" or "done".
func stepButtons(say Speaker, b Blocker, first string) [][]Choice {
	do := func(label, step string) Choice { return b.choice(say.Text(label, nil), step) }
	if first == "accept" {
		return [][]Choice{{do("tombol_terima", "accept"), do("tombol_bukan_bagian", "not_ours")}}
	}
	return [][]Choice{{do("tombol_sudah_selesai", "done"), do("tombol_bukan_bagian", "not_ours")}}
}

// responsible is who removes obstacles of a kind: whom the policy names, else the
// nearest superior of the reporter who has not had it; zero for nobody.
func (t *turn) responsible(ctx context.Context, k HelpKind, b Blocker) (Person, error) {
	had := func(p Person) bool { return p.ID == b.Reporter.ID || slices.Contains(b.Tried, p.ID) }
	for _, r := range k.Routes {
		if r.OPD != "" && r.OPD != b.Reporter.OPD {
			continue
		}
		if p, found, err := t.rec.Routed(ctx, r); err != nil {
			return Person{}, err
		} else if found && !had(p) {
			return p, nil
		}
	}
	at := b.Reporter.ID
	for range roster.MaxClimb {
		p, found, err := t.rec.Superior(ctx, at)
		if err != nil || !found {
			return Person{}, err
		}
		if !had(p) {
			return p, nil
		}
		at = p.ID
	}
	return Person{}, nil
}

// workdayOf is the n-th working day after today of a person.
func (t *turn) workdayOf(ctx context.Context, id roster.EmployeeID, n int) (roster.Day, error) {
	days, err := t.rec.Workdays(ctx, id, t.Today.Add(1), t.Today.Add(2*n+21))
	if err != nil || len(days) < n {
		return t.Today.Add(n), err
	}
	return days[n-1], nil
}

// blockerWords are the reason why an obstacle is somebody else's.
func (t *turn) blockerWords(ctx context.Context, text string) error {
	s := t.side()
	if parse.Read(text).Intent == parse.Cancel {
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return nil
	}
	t.out.Session.Side = nil
	b, found, err := t.rec.Blocker(ctx, t.Person.ID, s.Lead.Employee, s.Day)
	if err != nil {
		return err
	}
	if !found || !t.mayStep(b, "not_ours") {
		t.reply(t.say.Say("sudah_tercatat", nil))
		return nil
	}
	k, _ := t.h.Help.kind(b.Kind)
	b.Tried = append(b.Tried, t.Person.ID)
	next, err := t.responsible(ctx, k, b)
	if err != nil {
		return err
	}
	due, err := t.workdayOf(ctx, b.Reporter.ID, t.h.Help.days(k))
	if err != nil {
		return err
	}
	t.step(b, BlockerStep{State: BlockerOpen, Did: "not_ours", Note: Clip(parse.Clean(text), 200), Holder: next.ID, Due: due})
	b.Holder, b.Due = next, due
	id, told := "bantuan_dialihkan", "bantuan_dialihkan_pelapor"
	if next.ID == 0 {
		id, told = "bantuan_dialihkan_habis", "bantuan_dialihkan_pelapor_habis"
	} else {
		t.queue(t.helpAsked(b, fmt.Sprintf("blocker/%d/%d", b.ID, t.Inbox)))
	}
	t.reply(t.say.Say(id, Data{"Nama": ShortName(next.Name)}))
	t.tellReporter(b, told, next.Name, due)
	return nil
}

// notYet gives an obstacle back to whoever said that it was gone.
func (t *turn) notYet(ctx context.Context, b Blocker) error {
	k, _ := t.h.Help.kind(b.Kind)
	due, err := t.workdayOf(ctx, b.Reporter.ID, t.h.Help.days(k))
	if err != nil {
		return err
	}
	t.step(b, BlockerStep{State: BlockerAccepted, Did: "not_yet", Holder: b.Holder.ID, Due: due})
	t.reply(t.say.Say("bantuan_belum", Data{"Nama": ShortName(b.Holder.Name)}))
	t.tellHolder(b, b.Holder, "bantuan_belum_penangan", due)
	return nil
}

// holderSays answers the holder, with what can be done next.
func (t *turn) holderSays(b Blocker, id string) {
	m := t.say.Say(id, Data{"Nama": ShortName(b.Reporter.Name), "Batas": t.say.Day(b.Due)})
	m.Buttons = stepButtons(t.say, b, "done")
	t.reply(m)
}

func (t *turn) tellHolder(b Blocker, to Person, id string, due roster.Day) {
	if to.ID == 0 {
		return
	}
	say := t.h.Words.To(to)
	m := say.Say(id, Data{"Sapa": say.Vocative(to), "Nama": ShortName(b.Reporter.Name), "Kendala": Clip(b.Said, 120), "Batas": say.Day(due)})
	if id == "bantuan_belum_penangan" {
		m.Buttons = stepButtons(say, b, "done")
	}
	t.tell(to, fmt.Sprintf("blocker/%d/%d/holder", b.ID, t.Inbox), m)
}

func (t *turn) tellReporter(b Blocker, id, by string, due roster.Day) {
	say := t.h.Words.To(b.Reporter)
	t.tell(b.Reporter, fmt.Sprintf("blocker/%d/%d", b.ID, t.Inbox)+"/reporter", say.Say(id, Data{
		"Sapa": say.Vocative(b.Reporter), "Nama": ShortName(by), "Kendala": Clip(b.Said, 120), "Batas": say.Day(due),
	}))
}

// askDone asks the reporter whether it is gone.
func (t *turn) askDone(b Blocker) {
	say := t.h.Words.To(b.Reporter)
	m := say.Say("bantuan_apakah_beres", Data{"Sapa": say.Vocative(b.Reporter), "Nama": ShortName(t.Person.Name), "Kendala": Clip(b.Said, 120)})
	do := func(label, step string) Choice { return b.choice(say.Text(label, nil), step) }
	m.Buttons = [][]Choice{{do("tombol_sudah_beres", "ok"), do("tombol_belum_beres", "not_yet")}}
	t.tell(b.Reporter, fmt.Sprintf("blocker/%d/%d/ask", b.ID, t.Inbox), m)
}

// blockers lists what the person has, and what the person waits for.
func (t *turn) blockers(ctx context.Context) error {
	all, err := t.rec.Blockers(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		t.reply(t.say.Say("kendala_kosong", nil))
		return nil
	}
	parts := []Message{t.say.Say("kendala_judul", nil)}
	var rows [][]Choice
	for i, b := range all {
		parts = append(parts, t.blockerLine(i+1, b))
		switch step := map[BlockerState]string{BlockerOpen: "accept", BlockerAccepted: "done"}[b.State]; {
		case b.Holder.ID == t.Person.ID && step != "":
			label := map[string]string{"accept": "tombol_terima_nomor", "done": "tombol_selesai_nomor"}[step]
			rows = append(rows, []Choice{
				b.choice(t.say.Text(label, Data{"No": i + 1}), step),
				b.choice(t.say.Text("tombol_bukan_nomor", Data{"No": i + 1}), "not_ours"),
			})
		case b.Reporter.ID == t.Person.ID && b.State == BlockerDone:
			rows = append(rows, []Choice{
				b.choice(t.say.Text("tombol_beres_nomor", Data{"No": i + 1}), "ok"),
				b.choice(t.say.Text("tombol_belum_nomor", Data{"No": i + 1}), "not_yet"),
			})
		}
	}
	m := Lines(parts...)
	m.Buttons = rows
	t.reply(m)
	return nil
}

func (t *turn) blockerLine(no int, b Blocker) Message {
	k, _ := t.h.Help.kind(b.Kind)
	data := Data{
		"No": strconv.Itoa(no), "Nama": ShortName(b.Reporter.Name), "Jenis": t.say.kindOf(k), "Kendala": Clip(b.Said, 120),
		"Batas": t.say.ShortDay(b.Due), "Keadaan": t.say.Text("keadaan_"+string(b.State), nil),
	}
	if b.Reporter.ID == t.Person.ID {
		data["Nama"] = ""
	}
	return t.say.Say("kendala_baris", data)
}
