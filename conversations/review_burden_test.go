package conversations_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// office are the records of a superior with many reports to read: the habits of the
// played week, so that every tenth is late, has an obstacle, or was changed.
type office struct {
	*records

	waiting []conversations.Unread
}

func (o office) Unread(context.Context, roster.EmployeeID) ([]conversations.Unread, error) {
	return o.waiting, nil
}

func (o office) Report(_ context.Context, id roster.EmployeeID, day roster.Day) (conversations.Report, bool, error) {
	obstacle := ""
	if o.waiting[id-1].Obstacle {
		obstacle = "4 berkas tanpa rekap omzet"
	}
	return conversations.Report{Day: day, Obstacle: obstacle, Items: []parse.Item{
		{Description: "Verifikasi SPTPD pajak hotel dan restoran", Minutes: 225, Unit: "berkas"},
		{Description: "Rapat koordinasi bidang", Minutes: 90},
	}}, true, nil
}

func newOffice(n int) office {
	o := office{records: &records{}}
	names := []string{"Sri Wahyuni", "Agus Prasetyo", "Dian Permatasari", "Eko Nugroho", "Fitri Handayani"}
	for i := range n {
		o.waiting = append(o.waiting, conversations.Unread{
			Report: int64(1000 + 7*i), Employee: roster.EmployeeID(i + 1), Name: fmt.Sprintf("%s %d", names[i%len(names)], i), Day: roster.MustDay("2026-11-20"),
			Version: 1, Minutes: 315, Activities: 2, SentAt: time.Date(2026, 11, 20, 15, i, 0, 0, wib), Late: i%10 == 3, Obstacle: i%20 == 7,
		})
	}
	return o
}

// A tap is found and hit in 1.2 s; 200 words are read in a minute, names too.
const (
	tapTakes       = 1200 * time.Millisecond
	wordsPerMinute = 200
)

// morning plays a superior's reading and counts what it costs: the words of what is
// shown, and each tap.
func (o office) morning(t *testing.T, taps ...string) (cost time.Duration, words int, last conversations.Outcome) {
	t.Helper()
	h := newChat(t).h
	head := conversations.Person{ID: 900, Name: "Bambang Setiawan", Sex: roster.Male, Lang: "id", Staff: len(o.waiting)}
	shown := h.Words.To(head).Say("laporan_menunggu", conversations.Data{"Salam": "Sugeng enjang", "Sapa": "Pak Bambang", "Count": 50, "Sejak": "Jum 20/11"})
	read := func(m conversations.Message) { words += len(strings.Fields(m.Text)) }
	read(shown)
	buttons := [][]conversations.Choice{{{Label: "Lihat daftar", Action: conversations.ActQueue}}}
	for i, label := range taps {
		var choice *conversations.Choice
		for _, row := range buttons {
			for _, b := range row {
				if strings.HasPrefix(b.Label, label) {
					choice = &b
				}
			}
		}
		if choice == nil {
			t.Fatalf("no button %q among %v", label, buttons)
		}
		out, err := h.Handle(t.Context(), conversations.Turn{
			Inbox: int64(i + 1), Msg: bot.MsgIn{Kind: bot.KindTap}, Person: &head, Today: roster.MustDay("2026-11-23"), Now: time.Date(2026, 11, 23, 10, 5, 0, 0, wib),
			Tap: &conversations.Tap{State: conversations.TapFresh, Action: choice.Action, Args: choice.Args},
		}, o)
		if err != nil {
			t.Fatal(err)
		}
		last, buttons = out, nil
		for _, s := range out.Say {
			read(s.Msg)
			buttons = append(buttons, s.Msg.Buttons...)
		}
		cost += tapTakes
	}
	return cost + time.Duration(words)*time.Minute/wordsPerMinute, words, last
}

// TestFiftyReportsInTwoMinutes: the budget of docs/burden.md for who leads fifty.
func TestFiftyReportsInTwoMinutes(t *testing.T) {
	t.Parallel()
	cost, words, last := newOffice(50).morning(t, "Lihat daftar", "Setujui semua (50)")
	if len(last.Marks) != 50 {
		t.Errorf("%d reports are approved", len(last.Marks))
	}
	t.Logf("2 taps, %d words, %s", words, cost.Round(time.Second))
	if cost > 2*time.Minute {
		t.Errorf("it takes %s (%d words)", cost.Round(time.Second), words)
	}
}

// TestSample: three of fifty are shown whole, the same ones when the list is opened
// again, others when one report was sent at another moment; and they are noted.
func TestSample(t *testing.T) {
	t.Parallel()
	rows := func(o office) string {
		_, _, out := o.morning(t, "Lihat daftar")
		if out.Lead == nil || len(out.Lead.Sampled) == 0 {
			t.Fatal("no sample is noted")
		}
		return fmt.Sprint(out.Lead.Sampled)
	}
	o := newOffice(50)
	first := rows(o)
	if n := strings.Count(first, "} {") + 1; n != 3 {
		t.Errorf("%d are shown whole: %s", n, first)
	}
	if again := rows(o); again != first {
		t.Errorf("opened again it shows %s, before %s", again, first)
	}
	o.waiting[20].SentAt = o.waiting[20].SentAt.Add(time.Second)
	if other := rows(o); other == first {
		t.Error("the choice does not hang on when the reports were sent")
	}
	_, _, out := newOffice(3).morning(t, "Lihat daftar")
	if len(out.Lead.Sampled) != 1 {
		t.Errorf("of three %d are shown whole", len(out.Lead.Sampled))
	}
}
