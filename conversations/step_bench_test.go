package conversations_test

import (
	"context"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

// BenchmarkStep is one turn without its database: what the handler itself costs.
func BenchmarkStep(b *testing.B) {
	words, err := conversations.NewWords(wib)
	if err != nil {
		b.Fatal(err)
	}
	flow, err := conversations.DefaultFlow()
	if err != nil {
		b.Fatal(err)
	}
	s := &stepper{
		b: b, h: &conversations.Handler{Words: words, Flow: flow, City: "Pemkot Surakarta"},
		rec: &records{reports: map[roster.Day]conversations.Report{}},
	}
	draft := s.step(conversations.Session{}, text("Verifikasi berkas PBB; 25 berkas; 120 menit\nRapat; 1 kegiatan; 60 menit"), nil)
	guided := s.step(conversations.Session{}, text("rapat koordinasi"), nil)
	for name, c := range map[string]struct {
		from conversations.Session
		msg  bot.MsgIn
		tap  *conversations.Tap
	}{
		"message_summary":  {msg: text("Verifikasi berkas PBB; 25 berkas; 120 menit\nRapat; 1 kegiatan; 60 menit")},
		"message_question": {msg: text("rapat koordinasi")},
		"answer_question":  {from: guided.Session, msg: text("1 notulen, 90 menit")},
		"tap_receipt":      {from: draft.Session, msg: bot.MsgIn{Kind: bot.KindTap}, tap: s.sending()},
		"command_status":   {msg: text("/status")},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if out := s.step(c.from, c.msg, c.tap); len(out.Say) != 1 {
					b.Fatalf("said %d messages", len(out.Say))
				}
			}
		})
	}
}

type stepper struct {
	b   *testing.B
	h   *conversations.Handler
	rec *records
}

func text(words string) bot.MsgIn { return bot.MsgIn{Kind: bot.KindText, Text: words} }

func (s *stepper) sending() *conversations.Tap {
	return &conversations.Tap{
		State: conversations.TapFresh, Action: conversations.ActSend,
		Args: conversations.Args{Day: roster.MustDay("2026-11-23")},
	}
}

// step is the turn of a person who owes Monday's report, at 15.40.
func (s *stepper) step(from conversations.Session, msg bot.MsgIn, tap *conversations.Tap) conversations.Outcome {
	s.b.Helper()
	day := roster.MustDay("2026-11-23")
	msg.From, msg.Sender, msg.MessageID = bot.Address{Network: bot.Telegram, ID: "7"}, "7", "1"
	msg.At = time.Date(2026, 11, 23, 15, 40, 0, 0, wib)
	out, err := s.h.Handle(context.Background(), conversations.Turn{
		Inbox: 1, Msg: msg, Today: day, Session: from, Tap: tap, Now: msg.At,
		Person: &conversations.Person{ID: 7, Name: "Sri Wahyuni, S.E.", Sex: roster.Female, Lang: "id", OPD: "Bapenda", Supervisor: "Bambang Setiawan, M.Si."},
		Days: []conversations.WorkDay{{
			Day: day, Asked: true, Duty: roster.Duty{Day: day, State: roster.Due, Reason: roster.ReasonWorkday},
			Times: roster.Times{
				AskAt: day.At(roster.At24(15, 0), wib), Deadline: day.At(roster.At24(21, 0), wib),
				LateUntil: day.Add(1).At(roster.At24(16, 0), wib),
			},
		}},
	}, s.rec)
	if err != nil {
		s.b.Fatal(err)
	}
	return out
}
