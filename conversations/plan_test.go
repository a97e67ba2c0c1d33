package conversations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

func (c *chat) plans(texts ...string) {
	for i, s := range texts {
		c.rec.plan.Items = append(c.rec.plan.Items, roster.PlanItem{ID: int64(100 + i), Code: fmt.Sprint(i + 1), Text: s})
	}
}

func TestPlanIsReadOncePerDraft(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string][]string{"without": nil, "with": {"Terverifikasinya berkas PBB"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChat(t)
			c.plans(texts...)
			got := c.types("Verifikasi berkas PBB; 25 berkas; 120 menit")
			if strings.Contains(got, "RHK") != (len(texts) > 0) {
				t.Errorf("the summary: %s", got)
			}
			c.types("bukan 25 tapi 52")
			c.types("bukan 52 tapi 53")
			if c.rec.asked != 1 {
				t.Errorf("the plan was read %d times for one draft", c.rec.asked)
			}
			c.types("kirim")
			if got := len(c.out.Report.Links); got != len(texts) {
				t.Errorf("%d links were sent: %+v", got, c.out.Report.Links)
			}
		})
	}
}

func TestLinkFollowsItsActivity(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.plans("Terverifikasinya berkas PBB", "Terlayaninya wajib pajak")
	c.types("Verifikasi berkas PBB; 25 berkas; 120 menit\nVerifikasi berkas BPHTB; 3 berkas; 30 menit\nDonor darah; 1 kegiatan; 60 menit")
	c.taps("Ubah RHK")
	c.taps("2. Verifikasi berk…")
	c.taps("2. wajib pajak")
	c.taps("Ubah")
	c.taps("1. Verifikasi berk…")
	c.taps("Hapus kegiatan ini")
	c.types("kirim")
	want := []conversations.PlanLink{
		{Of: "verifikasi berkas bphtb", Item: 101, Code: "2", By: roster.ByPerson},
		{Of: "donor darah", By: roster.ByNothing},
	}
	if diff := cmp.Diff(want, c.out.Report.Links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// TestNobodyElsesItemCanBeChosen: a button that names an item outside the
// person's plan of the day changes nothing.
func TestNobodyElsesItemCanBeChosen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := newChat(t)
		c.plans("Terverifikasinya berkas PBB", "Terlayaninya wajib pajak")
		c.types("Verifikasi berkas PBB; 25 berkas; 120 menit")
		value := rapid.OneOf(rapid.Just("100"), rapid.Just("0"), rapid.StringMatching(`-?\d{1,20}`), rapid.String()).Draw(r, "item")
		c.do(bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{State: conversations.TapFresh, Action: conversations.ActServed, Args: conversations.Args{
			Day: c.session.Day, Question: rapid.SampledFrom([]string{"verifikasi berkas pbb", "other", ""}).Draw(r, "of"), Value: value,
		}})
		for _, l := range c.session.Links {
			if l.Item != 0 && l.Item != 100 && l.Item != 101 {
				r.Fatalf("%q chose item %d", value, l.Item)
			}
		}
	})
}

func usuals() []roster.Usual {
	return []roster.Usual{
		{Name: "Verifikasi berkas PBB", Unit: "berkas", Minutes: 120, Agreed: true, Own: true},
		{Name: "Konsultasi wajib pajak", Unit: "orang", Minutes: 60, Own: true},
		{Name: "Menyusun notulen", Own: true},
		{Name: "Rapat koordinasi bidang", Unit: "kegiatan", Minutes: 90},
		{Name: "Verifikasi berkas PBB-P2 sektor perkotaan", Unit: "berkas", Minutes: 45},
	}
}

// TestOneAnswerForSeveralTaps: numbers may be separated as people do.
func TestOneAnswerForSeveralTaps(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"25; 6": "25 6", "25, 6": "25 6", "25,6": "25 6", "25 6": "25 6", "25\n6": "25 6", "25 dan 6": "25 6", "25/6": "25 6",
		"25 berkas, 6 orang": "25 6", "25 berkas 6 orang": "25 6", "dua puluh lima; enam": "25 6", "25": "25 ", "lewati": " ",
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			c := newChat(t)
			c.rec.usuals = usuals()
			c.types("/lapor")
			first := c.last
			c.taps("Verifikasi berkas…")
			c.last = first
			c.taps("Konsultasi wajib…")
			c.types(answer)
			got := c.session.Items[0].Quantity.String() + " " + c.session.Items[1].Quantity.String()
			if got != want {
				t.Errorf("understood %q, want %q: %+v", got, want, c.session.Items)
			}
			if c.session.Items[0].Minutes != 120 || c.session.Items[1].Minutes != 60 {
				t.Errorf("minutes: %+v", c.session.Items)
			}
		})
	}
}

func TestProposedMinutesAreMarkedUntilTheirOwn(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.rec.usuals = usuals()
	c.types("/lapor")
	c.taps("Verifikasi berkas…")
	if got := c.types("25"); !strings.Contains(got, "25 berkas, 120 menit (menit standar)") {
		t.Fatalf("not marked: %s", got)
	}
	if got := c.types("bukan 120 tapi 100"); strings.Contains(got, "standar") {
		t.Errorf("marked although said: %s", got)
	}
	if c.session.Guided {
		t.Error("a tap made the short questions due")
	}
}

// TestProposalsFitAPhone: whatever people do, at most four buttons of at most 20
// characters are proposed, all different, and nothing that is in the draft.
func TestProposalsFitAPhone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := newChat(t)
		for range rapid.IntRange(1, 12).Draw(r, "usuals") {
			c.rec.usuals = append(c.rec.usuals, roster.Usual{
				Name: rapid.StringMatching(`[A-Za-zé]{1,12}( [a-z,;-]{1,12}){0,6}`).Draw(r, "name"), Own: rapid.Bool().Draw(r, "own"),
			})
		}
		c.types("/lapor")
		rows := c.last[0].Msg.Buttons
		if len(rows) > 2 {
			r.Fatalf("%d rows of buttons", len(rows))
		}
		seen := map[string]bool{}
		for _, row := range rows {
			for _, b := range row {
				if n := utf8.RuneCountInString(b.Label); n < 1 || n > 20 || seen[b.Label] {
					r.Fatalf("button %q of %d characters", b.Label, n)
				}
				seen[b.Label] = true
			}
		}
		if len(rows) == 0 {
			return
		}
		first := rows[0][0]
		c.do(bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{State: conversations.TapFresh, Action: first.Action, Args: first.Args})
		if len(c.session.Items) != 1 || c.session.Items[0].Description != first.Args.Value {
			r.Fatalf("the tap made %+v", c.session.Items)
		}
		c.types("lewati")
		c.types("tambah")
		for _, s := range c.last {
			for _, row := range s.Msg.Buttons {
				for _, b := range row {
					if b.Action == conversations.ActUsual && roster.MatchKey(b.Args.Value) == roster.MatchKey(first.Args.Value) {
						r.Fatalf("%q is proposed although it is in the draft", b.Args.Value)
					}
				}
			}
		}
	})
}

func TestOldProposalAfterSending(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.rec.usuals = usuals()
	c.types("/lapor")
	old := c.last
	c.types("Rapat besar; 1 kegiatan; 90 menit")
	c.types("kirim")
	c.rec.reports[roster.MustDay("2026-11-23")] = conversations.Report{
		Day: roster.MustDay("2026-11-23"), Head: conversations.ReportHead{Submitted: true, Version: 1}, Items: c.out.Report.Items,
	}
	c.last = old
	c.taps("Verifikasi berkas…")
	if c.out.Toast != "Laporan ini sudah terkirim." || c.session.Stage != conversations.StageIdle || c.out.Report != nil {
		t.Errorf("toast %q, stage %q, %+v", c.out.Toast, c.session.Stage, c.out.Report)
	}
}

func TestUsualMinutesByOneTap(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.rec.usuals = usuals()
	c.types("verifikasi berkas PBB; 25 berkas")
	got := c.last
	c.taps("120 menit (biasa)")
	if it := c.session.Items[0]; it.Minutes != 120 || len(c.session.Doubts) > 0 {
		t.Fatalf("%+v %+v", it, c.session.Doubts)
	}
	c.types("tidak ada")
	c.types("bukan 120 tapi 90")
	c.last = got
	c.taps("120 menit (biasa)") // another finger on the old button
	if it := c.session.Items[0]; it.Minutes != 90 {
		t.Errorf("an old button overwrote what was said: %+v", it)
	}
}

// TestNamelessActivityIsNamedFirst: of figures alone nobody can say what they serve.
func TestNamelessActivityIsNamedFirst(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.plans("Terverifikasinya berkas PBB", "Terlayaninya wajib pajak")
	c.types("Verifikasi berkas PBB; 25 berkas; 120 menit")
	c.types("63 dokumen, 10 menit")
	got := c.do(bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{
		State: conversations.TapFresh, Action: conversations.ActServe, Args: conversations.Args{Day: c.session.Day},
	})
	if !strings.Contains(got, "RHK kegiatan mana") || strings.Contains(fmt.Sprint(c.last[0].Msg.Buttons), "{2. ") {
		t.Errorf("of two, one without a name: %s %v", got, c.last[0].Msg.Buttons)
	}
	c.taps("1. Verifikasi berk…")
	c.taps("2. wajib pajak")
	if !slices.Contains(c.session.Links, conversations.PlanLink{Of: "verifikasi berkas pbb", Item: 101, Code: "2", By: roster.ByPerson}) {
		t.Errorf("the choice was not taken: %+v", c.session.Links)
	}
}
