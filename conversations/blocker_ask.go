package conversations

import (
	"context"
	"fmt"
	"slices"

	"ekinerja/roster"
)

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
