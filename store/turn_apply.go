package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/store/db"
)

// apply makes a work's outcome true: what must be read first goes first, in tx;
// the rest is noted and written together with that of the group's other works.
func (t *Turns) apply(ctx context.Context, tx pgx.Tx, w1 *writer, w *work) error {
	out := w.out
	if err := t.applyRare(ctx, tx, w, out); err != nil {
		return err
	}
	w1.moved(ctx, w, out.Moved)
	code, err := w1.report(ctx, tx, w, out.Report)
	if err != nil {
		return err
	}
	if err := w1.turn(w, out); err != nil {
		return err
	}
	w1.person(ctx, w, out)
	w1.review(ctx, w, out)
	if err := t.lead(ctx, tx, w1, w); err != nil {
		return err
	}
	w1.contacted(ctx, w, out.Contacted)
	w1.clarified(ctx, w, out.Clarified)
	w1.presence(ctx, w, out)
	if err := w1.evidence(ctx, w, out.Evidence); err != nil {
		return err
	}
	if err := w1.session(w, out); err != nil {
		return err
	}
	says := w.address(out.Say, code)
	w.toldBefore(says, out.Link)
	w.says = len(says) > 0
	w1.says = append(w1.says, says...)
	return nil
}

// turn settles the message itself: its row, its button, the person's words.
func (wr *writer) turn(w *work, out conversations.Outcome) error {
	state := "done"
	if out.Ignored {
		state = "ignored"
	}
	wr.done.ids, wr.done.states = append(wr.done.ids, w.inbox), append(wr.done.states, state)
	if tap := w.turn.Tap; tap != nil && tap.State == conversations.TapFresh {
		wr.used.hashes, wr.used.inboxes = append(wr.used.hashes, w.button.TokenHash), append(wr.used.inboxes, w.inbox)
		if w.button.Uncertain {
			wr.arrived.Ids = append(wr.arrived.Ids, w.button.OutboxID)
			wr.arrived.MessageIds = append(wr.arrived.MessageIds, w.turn.Msg.MessageID)
		}
	}
	if out.Answer == nil {
		return nil
	}
	if w.turn.Person == nil {
		return fmt.Errorf("keep answer: %w", errStranger)
	}
	wr.answer(w, *out.Answer)
	return nil
}

// person settles what changes about people and chats.
func (wr *writer) person(ctx context.Context, w *work, out conversations.Outcome) {
	q, m := db.New(wr), w.turn.Msg
	if out.SetLang != "" && w.turn.Person != nil {
		wr.one("set language", q.SetLanguage(ctx, out.SetLang, int64(w.turn.Person.ID)))
	}
	if state := reachOf(out.Reach); state != "" {
		wr.any("mark address", q.MarkReach(ctx, db.MarkReachParams{
			At: w.now, State: state, Network: string(m.From.Network), ChatID: m.From.ID,
		}))
	}
	if m.Kind == bot.KindMoved && m.MovedTo != "" {
		wr.move(ctx, m.From, m.MovedTo)
	}
	if w.turn.Person != nil {
		for _, a := range out.Acted {
			wr.any("note supervisor's act", q.MarkActed(ctx, db.MarkActedParams{
				Action: a.Action, At: &w.now, EscalationID: a.Escalation, Viewer: int64(w.turn.Person.ID), EmployeeID: int64(a.Employee),
			}))
		}
	}
	wr.audit(ctx, w, out.Audit)
}

func reachOf(k bot.Kind) string {
	switch k {
	case bot.KindBlocked:
		return "blocked"
	case bot.KindBack:
		return "live"
	default:
		return ""
	}
}

func (wr *writer) audit(ctx context.Context, w *work, lines []conversations.Audit) {
	if len(lines) == 0 {
		return
	}
	arg := db.AddAuditParams{At: w.now}
	for _, a := range lines {
		arg.Actors = append(arg.Actors, a.Actor)
		arg.Actions = append(arg.Actions, a.Action)
		arg.Subjects = append(arg.Subjects, a.Subject)
		detail := json.RawMessage(`{"inbox":` + strconv.FormatInt(w.inbox, 10) + `}`)
		if a.Why != "" {
			why, err := json.Marshal(map[string]any{"inbox": w.inbox, "why": a.Why})
			if err == nil { // a text is always encoded
				detail = why
			}
		}
		arg.Details = append(arg.Details, detail)
	}
	wr.any("keep record", db.New(wr).AddAudit(ctx, arg))
}

// session notes where the person stands now, fenced by the version that was read.
func (wr *writer) session(w *work, out conversations.Outcome) (err error) {
	if w.body, err = marshal(out.Session); err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	wr.saved.Keys = append(wr.saved.Keys, w.key)
	wr.saved.Versions = append(wr.saved.Versions, w.version)
	wr.saved.Bodies = append(wr.saved.Bodies, w.body)
	return nil
}

// codePlace is what a receipt says where its code belongs; the code is as long,
// so bold spans stay right.
const codePlace = "{{KODE}}"

// toldBefore sends what a linking turn says to the person, naming no chat, to the
// chat that they had before: whoever holds that telephone must learn of it.
func (w *work) toldBefore(says []conversations.Say, l *conversations.Link) {
	if l == nil || len(w.formerly) == 0 {
		return
	}
	for i := range says {
		if says[i].Employee == l.Employee && says[i].To.ID == "" {
			says[i].To = w.formerly[len(w.formerly)-1]
		}
	}
}

// address fills in what only the store knows: the receipt's code, whose chat
// the sender's is, and that a person is answered where the message came from.
func (w *work) address(says []conversations.Say, code string) []conversations.Say {
	for i := range says {
		s := &says[i]
		if code != "" {
			s.Msg.Text = strings.ReplaceAll(s.Msg.Text, codePlace, code)
		}
		if !w.home {
			continue
		}
		if me := w.turn.Person.ID; s.To == w.turn.Msg.From && s.Employee == 0 {
			s.Employee = me
		} else if s.Employee == me && s.To.ID == "" && w.turn.Msg.Kind != bot.KindBlocked {
			s.To = w.turn.Msg.From
		}
	}
	return says
}
