package conversations

import (
	"ekinerja/bot"
	"ekinerja/roster"
)

// CloseDraft is the message that tells a conversation that the deadline of a day
// has come. It goes through the inbox like any other, so that it meets the
// person's own messages in order, once.
func CloseDraft(to bot.Address, d roster.Day) bot.MsgIn {
	return bot.MsgIn{From: to, Kind: bot.KindTimer, ExternalID: "close:" + to.String() + ":" + d.String(), Text: d.String()}
}

// deadline sends a finished draft for its writer: who wrote a whole report and
// forgot the last tap has reported. A draft with an open question stays a draft;
// the morning's reminder speaks of it. What is sent can still be changed.
func (t *turn) deadline() error {
	day, err := roster.ParseDay(t.Msg.Text)
	s := t.out.Session
	w, known := t.day(day)
	finished := err == nil && known && s.Stage == StageConfirm && s.Day == day && len(s.Items) > 0 && len(s.Doubts) == 0
	if !finished || s.Resend || (w.Report != nil && w.Report.Submitted) {
		t.out.Ignored = true
		return nil
	}
	t.out.Session.Auto = true
	return t.send(t.Now)
}
