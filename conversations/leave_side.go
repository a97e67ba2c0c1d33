package conversations

import (
	"context"
	"strings"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// besides hears words that answer a side dialogue; false leaves them to the report.
func (t *turn) besides(ctx context.Context, text string) (bool, error) {
	s := t.side()
	if s == nil {
		return false, nil
	}
	if t.Now.Sub(s.At) > sideFor || t.About != nil && t.About.Question != sideQuestion {
		return false, nil
	}
	switch s.Kind {
	case SideRefuse:
		return true, t.refuseClaim(ctx, s.Claim, text)
	case SideWithdraw:
		return true, t.withdraw(ctx, s.Day, text)
	case SideExplain:
		return t.explainWith(ctx, text)
	default:
		if handled, ours, err := t.besideLead(ctx, s, text); ours || err != nil {
			return handled, err
		}
	}
	return t.leaveWords(ctx, text)
}

// leaveWords reads an answer about days away. A whole activity is no answer to it.
func (t *turn) leaveWords(ctx context.Context, text string) (bool, error) {
	s, r := t.side(), parse.Read(text)
	switch {
	case r.Intent == parse.Cancel:
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return true, nil
	case s.Step == "confirm" && (r.Intent == parse.Send || r.Intent == parse.Yes):
		return true, t.sendLeave(ctx)
	case s.Step == "confirm" && r.Intent == parse.Change:
		return true, t.tappedLeave(ctx, Args{Question: "change"})
	case r.Intent == parse.Help || whole(r):
		return false, nil
	}
	if s.Leave.Kind == "" || s.Step == "kind" {
		kind, rest := kindInWords(strings.TrimPrefix(strings.ToLower(text), "cuti "))
		if kind != "" {
			s.Leave.Kind = kind
			t.readLeave(&s.Leave, rest)
			return true, t.leaveNext(ctx)
		}
	}
	found := t.enclose(&s.Leave)
	if t.readLeave(&s.Leave, text) || found {
		return true, t.leaveNext(ctx)
	}
	if s.Step == "confirm" || s.Step == "change" {
		s.Leave.Note = Clip(parse.Clean(text), 200)
		return true, t.leaveNext(ctx)
	}
	if s.Leave.Kind == "" {
		return true, t.leaveNext(ctx)
	}
	return true, t.askLeaveDays("cuti_tanggal_belum_paham", nil)
}

// sideMedia takes a picture of a letter.
func (t *turn) sideMedia(ctx context.Context) (bool, error) {
	if handled, err := t.crewMedia(ctx); handled || err != nil {
		return handled, err
	}
	s := t.side()
	if s == nil || s.Kind != SideLeave || t.Msg.Kind != bot.KindMedia || t.Now.Sub(s.At) > sideFor || !t.enclose(&s.Leave) {
		return false, nil
	}
	album := t.out.Session.Album
	if err := t.leaveNext(ctx); err != nil {
		return true, err
	}
	t.onceForAlbum(album)
	return true, nil
}

// sideQuestion marks the messages of a side dialogue, so that a quote of one is
// an answer to it.
const sideQuestion = "side"

// side is the running side dialogue, nil for none.
func (t *turn) side() *Side { return t.out.Session.Side }

func (t *turn) sideAsk(sentence string, data Data, buttons [][]Choice) {
	m := t.say.Say(sentence, data)
	m.Buttons = buttons
	t.sideSay(m)
}

func (t *turn) sideSay(m Message) {
	if s := t.side(); s != nil {
		s.At = t.Now
	}
	t.reply(m, About{Question: sideQuestion})
}

// Days is one day or a run of them: "Rabu, 25 November 2026", "25–27 November 2026".
func (s Speaker) Days(from, to roster.Day) string {
	if from == to {
		return s.Day(from)
	}
	return s.Range(from, to)
}
