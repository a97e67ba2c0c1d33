package conversations

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// Plans are what a person has planned, and what they often do.
type Plans interface {
	// Plan is the person's plan of work as it counts on a day.
	Plan(ctx context.Context, id roster.EmployeeID, day roster.Day) (Plan, error)
	// Usuals are proposals for the person's report of a day, see [roster.Usuals].
	Usuals(ctx context.Context, id roster.EmployeeID, day roster.Day) ([]roster.Usual, error)
}

// Plan is a person's plan of work (RHK) on a day. Who has none is asked nothing
// and sees nothing of plans.
type Plan struct {
	Items  []roster.PlanItem
	Chosen []roster.Chosen // the person's own earlier choices, newest first
}

// PlanLink says which item of the plan an activity serves.
type PlanLink struct {
	Of   string          `json:"of"` // the activity, by [roster.MatchKey]
	Item int64           `json:"item,omitempty"`
	Code string          `json:"code,omitempty"` // empty: an additional duty
	By   roster.ServedBy `json:"by"`
}

// lookup reads what only some turns need of plans. It keeps nothing.
type lookup struct {
	plan   func(roster.Day) (Plan, error)
	usuals func(roster.Day) ([]roster.Usual, error)
}

func (t *turn) lookInto(ctx context.Context) {
	t.look = lookup{
		plan:   func(d roster.Day) (Plan, error) { return t.rec.Plan(ctx, t.Person.ID, d) },
		usuals: func(d roster.Day) ([]roster.Usual, error) { return t.rec.Usuals(ctx, t.Person.ID, d) },
	}
}

// serve links each activity of the draft to the plan, by suggestion where the
// person has not chosen. The plan is read only when an activity is new, and of
// people without one only once a draft.
func (t *turn) serve() error {
	s := &t.out.Session
	if s.NoPlan {
		return nil
	}
	links, fresh := make([]PlanLink, 0, len(s.Items)), false
	for _, it := range s.Items {
		key := roster.MatchKey(it.Description)
		l, known := s.linkOf(key)
		fresh = fresh || !known
		l.Of = key
		links = append(links, l)
	}
	if fresh {
		p, err := t.look.plan(s.Day)
		if err != nil {
			return err
		}
		if s.NoPlan = len(p.Items) == 0; s.NoPlan {
			return nil
		}
		suggest(p, s.Items, links)
	}
	s.Links = links
	return nil
}

// suggest fills the links that are not settled.
func suggest(p Plan, items []parse.Item, links []PlanLink) {
	m := roster.NewMatcher(p.Items, p.Chosen)
	for i := range links {
		if links[i].By != "" {
			continue
		}
		got := m.Suggest(items[i].Description)
		links[i].Item, links[i].By = got.Item, got.By
		if at := itemAt(p.Items, got.Item); at >= 0 {
			links[i].Code = p.Items[at].Code
		}
	}
}

func itemAt(items []roster.PlanItem, id int64) int {
	return slices.IndexFunc(items, func(it roster.PlanItem) bool { return it.ID == id })
}

func (s *Session) linkOf(key string) (PlanLink, bool) {
	i := slices.IndexFunc(s.Links, func(l PlanLink) bool { return l.Of == key })
	if i < 0 {
		return PlanLink{}, false
	}
	return s.Links[i], true
}

// itemOf finds an activity of the draft by its key; -1 when it is gone.
func (s *Session) itemOf(key string) int {
	return slices.IndexFunc(s.Items, func(it parse.Item) bool { return roster.MatchKey(it.Description) == key })
}

// served are the links of a report that is sent, one for each activity. People
// without a plan have none: nil, or empty to take back those of an earlier sending.
func (s *Session) served() []PlanLink {
	var out []PlanLink
	if s.Resend {
		out = []PlanLink{}
	}
	if s.NoPlan || len(s.Links) == 0 {
		return out
	}
	for _, it := range s.Items {
		l, known := s.linkOf(roster.MatchKey(it.Description))
		if !known {
			return out[:0] // the summary was never shown: nothing was agreed
		}
		out = append(out, l)
	}
	return out
}

// draftLines are the activities as the summary shows them: with what was
// proposed marked as such, and the item of the plan that each serves.
func (t *turn) draftLines() (Message, error) {
	if err := t.serve(); err != nil {
		return Message{}, err
	}
	s := &t.out.Session
	rows := make([]Message, len(s.Items))
	for i, it := range s.Items {
		row := t.line(it)
		row.Text += t.usualMark(it) + t.linkMark(it)
		if len(s.Items) > 1 {
			row = prefixed(strconv.Itoa(i+1)+". ", row)
		}
		rows[i] = row
	}
	return Lines(rows...), nil
}

func (t *turn) linkMark(it parse.Item) string {
	l, ok := t.out.Session.linkOf(roster.MatchKey(it.Description))
	switch {
	case !ok || t.out.Session.NoPlan:
		return ""
	case l.Code == "":
		return " " + t.say.Text("menuju_tambahan", nil)
	}
	return " " + t.say.Text("menuju_rhk", Data{"Kode": l.Code})
}

// planRow is the button to change a link, for people with a plan.
func (t *turn) planRow(rows [][]Choice) [][]Choice {
	s := t.out.Session
	if s.NoPlan || len(s.Links) == 0 {
		return rows
	}
	b := Choice{Label: t.say.Text("tombol_ubah_rhk", nil), Action: ActServe, Args: Args{Day: s.Day}}
	if last := len(rows) - 1; s.Obstacle == "" && len(rows[last]) == 1 && rows[last][0].Action == ActObstacle {
		rows[last] = append(rows[last], b)
		return rows
	}
	return append(rows, []Choice{b})
}

// tappedPlan handles the buttons about plans and proposals.
func (t *turn) tappedPlan(ctx context.Context, action Action, a Args) error {
	if !t.open(a.Day) {
		return t.closed(a.Day)
	}
	if w, _ := t.day(a.Day); action == ActUsual && w.Report != nil && w.Report.Submitted && t.out.Session.Day != a.Day {
		t.out.Toast = t.say.Text("sudah_terkirim", nil) // the question of a report that went out
		return nil
	}
	if err := t.enter(ctx, a.Day); err != nil {
		return err
	}
	switch action {
	case ActUsual:
		return t.takeUsual(a.Value)
	case ActMinutes:
		return t.takeMinutes(a)
	case ActServed:
		return t.choose(a)
	default:
		return t.chooser(a.Question)
	}
}

// mostItems is how many items of a plan a message offers.
const mostItems = 8

// chooser asks which item an activity serves; of several activities first which.
func (t *turn) chooser(key string) error {
	s := &t.out.Session
	if len(s.Items) == 0 {
		return t.start()
	}
	if err := t.serve(); err != nil || s.NoPlan {
		if err == nil {
			err = t.summary()
		}
		return err
	}
	if s.Stage == StageIdle {
		s.Stage = StageConfirm // the list is of this draft
	}
	if !slices.ContainsFunc(s.Items, func(it parse.Item) bool { return it.Description != "" }) {
		return t.advance() // what it is called comes first
	}
	i := -1
	if key != "" {
		i = s.itemOf(key)
	} else if len(s.Items) == 1 {
		i = 0
	}
	if i < 0 {
		return t.chooseServing()
	}
	p, err := t.look.plan(s.Day)
	if err != nil {
		return err
	}
	near := roster.NewMatcher(p.Items, nil).Nearest(s.Items[i].Description, mostItems)
	t.reply(t.itemChoices(s.Items[i], near), About{Day: s.Day, Question: string(StageConfirm)})
	return nil
}

func (t *turn) itemChoices(it parse.Item, near []roster.PlanItem) Message {
	day, key := t.out.Session.Day, roster.MatchKey(it.Description)
	parts := []Message{t.say.Say("pilih_rhk", Data{"Kegiatan": Clip(it.Description, 80), "Kini": t.linkMark(it)})}
	var labels []Choice
	for _, p := range near {
		parts = append(parts, Message{Text: p.Code + ". " + Clip(p.Text, 60)})
		labels = append(labels, Choice{
			Label: Clip(p.Code+". "+telling(p.Text), 20), Action: ActServed,
			Args: Args{Day: day, Question: key, Value: strconv.FormatInt(p.ID, 10)},
		})
	}
	m := Lines(parts...)
	m.Buttons = append(inPairs(labels), []Choice{
		{Label: t.say.Text("tombol_tugas_tambahan", nil), Action: ActServed, Args: Args{Day: day, Question: key, Value: "0"}},
		{Label: t.say.Text("tombol_kembali", nil), Action: ActBack, Args: Args{Day: day}},
	})
	return m
}

// telling is an item without the first word that all items have in common:
// "Terverifikasinya", "Tersusunnya". The message has the whole of it.
func telling(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	if rest != "" && strings.HasPrefix(first, "Ter") && strings.HasSuffix(first, "nya") {
		return rest
	}
	return text
}

// chooseServing lets the person pick the activity whose link is to change.
func (t *turn) chooseServing() error {
	s := &t.out.Session
	m := t.say.Say("pilih_kegiatan_rhk", nil)
	for i, it := range s.Items {
		if it.Description == "" { // its name is still to be asked
			continue
		}
		m.Buttons = append(m.Buttons, []Choice{{
			Label: strconv.Itoa(i+1) + ". " + Clip(it.Description, 16), Action: ActServe,
			Args: Args{Day: s.Day, Question: roster.MatchKey(it.Description)},
		}})
	}
	m.Buttons = append(m.Buttons, []Choice{{Label: t.say.Text("tombol_kembali", nil), Action: ActBack, Args: Args{Day: s.Day}}})
	t.reply(m, About{Day: s.Day, Question: string(StageConfirm)})
	return nil
}

// choose makes the tapped item the one that an activity serves. Only an item of
// the person's own plan of that day can be chosen.
func (t *turn) choose(a Args) error {
	s := &t.out.Session
	id, ok := wholeNumber(a.Value)
	if !ok || a.Question == "" || s.itemOf(a.Question) < 0 {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	p, err := t.look.plan(s.Day)
	if err != nil {
		return err
	}
	link := PlanLink{Of: a.Question, Item: id, By: roster.ByPerson}
	at := itemAt(p.Items, id)
	if at < 0 && id != 0 {
		t.out.Toast = t.say.Text("toast_rhk_berubah", nil)
		return t.chooser(a.Question)
	}
	if at >= 0 {
		link.Code = p.Items[at].Code
	}
	s.Links = append(slices.DeleteFunc(slices.Clone(s.Links), func(l PlanLink) bool { return l.Of == a.Question }), link)
	return t.advance()
}

// wholeNumber reads a button's number.
func wholeNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// inPairs puts buttons two a row: four of them fit a small phone.
func inPairs(all []Choice) [][]Choice {
	return slices.Collect(slices.Chunk(all, 2))
}
