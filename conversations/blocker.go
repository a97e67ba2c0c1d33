package conversations

import (
	"context"
	"fmt"
	"slices"
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
