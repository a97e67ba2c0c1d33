package conversations_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// apply makes an outcome true, as the store does.
func (w *modelWalk) apply(out conversations.Outcome) {
	w.out, w.session = out, out.Session
	if r := w.rec.reports[out.Moved]; !r.Head.Submitted {
		delete(w.rec.reports, out.Moved)
	}
	c := out.Report
	if w.touched = false; c == nil {
		return
	}
	old := w.rec.reports[c.Day]
	w.touched = old.Head.Submitted && !c.Submit && !c.Discard
	switch {
	case c.Discard && !old.Head.Submitted:
		delete(w.rec.reports, c.Day)
	case !c.Discard && (c.Submit || !old.Head.Submitted):
		if c.Submit {
			w.learn(c)
			old.Head.Submitted, old.Head.Late, old.Head.SubmittedAt, old.Head.Code = true, c.Late, c.At, "ABCD2345"
			old.Head.Version++
		}
		old.Day, old.Items, old.Obstacle, old.Extra = c.Day, slices.Clone(c.Items), c.Obstacle, c.Extra
		w.rec.reports[c.Day] = old
	}
}

// learn keeps what a sending serves, and the person's own choices for the next time.
func (w *modelWalk) learn(c *conversations.ReportChange) {
	w.served[c.Day] = c.Links
	for i, l := range c.Links {
		if l.By == roster.ByPerson {
			w.rec.plan.Chosen = append([]roster.Chosen{{Description: c.Items[i].Description, Item: l.Item}}, w.rec.plan.Chosen...)
		}
	}
}

// keep notes what now stands on the telephone, by the activities it shows.
func (w *modelWalk) keep(e event) {
	d := w.m.open
	if d != nil && w.m.asking && w.session.Item < len(d.acts) {
		d.at, d.field = d.acts[w.session.Item].id, w.session.Question
	}
	for _, s := range w.out.Say {
		if s.About.Day.IsZero() && len(s.Msg.Buttons) == 0 {
			continue
		}
		q := asking{day: s.About.Day, stage: conversations.Stage(s.About.Question), about: s.About, chat: e.chat}
		if d != nil && (q.stage == conversations.StageField || q.stage == conversations.StageEdit) {
			q.act = d.at
		}
		if !q.day.IsZero() {
			w.asked = append(w.asked, q)
		}
		for _, c := range slices.Concat(s.Msg.Buttons...) {
			if c.Action == conversations.ActAbsent {
				continue // absences are another story
			}
			w.buttons = append(w.buttons, w.made(c, e))
		}
	}
}

// made says what a button was made for: its number is that of the list it is under.
func (w *modelWalk) made(c conversations.Choice, e event) *button {
	b := &button{label: c.Label, action: c.Action, args: c.Args, day: c.Args.Day, chat: e.chat}
	if c.Action == conversations.ActReread {
		b.words = &e
	}
	if c.Action == conversations.ActDrop {
		b.act = w.m.open.at
	}
	if c.Action != conversations.ActPick && c.Action != conversations.ActAssign {
		return b
	}
	if number, _, ok := strings.Cut(c.Label, "."); ok && w.m.open != nil {
		if n, err := strconv.Atoi(number); err == nil && n <= len(w.m.open.acts) {
			b.act = w.m.open.acts[n-1].id
		}
	}
	b.words = &e
	return b
}

// compare looks for any difference between the handler and the model.
func (w *modelWalk) compare(e event) string {
	if w.touched {
		return "a draft was written over a sent report"
	}
	if wrong := w.replies(e); wrong != "" {
		return wrong
	}
	if want, got := w.wanted(), w.stands(); !reflect.DeepEqual(want, got) {
		return "where it stands (-model +handler):\n" + cmp.Diff(want, got, cmp.AllowUnexported(act{}))
	}
	for day, s := range w.m.sent {
		r := w.rec.reports[day]
		got := sending{acts: figures(r.Items), obstacle: r.Obstacle, version: r.Head.Version, late: r.Head.Late, serves: links(w.served[day])}
		if s.acts = told(s.acts); w.m.muddled {
			s.serves = got.serves
		}
		if !reflect.DeepEqual(s, got) || !r.Head.Submitted {
			return fmt.Sprintf("the sent report of %s is %+v, want %+v", day, got, s)
		}
	}
	drafts := map[roster.Day]*tale{}
	maps.Copy(drafts, w.m.left)
	if d := w.m.open; d != nil {
		drafts[d.day] = d
	}
	for day, d := range drafts {
		if got := figures(w.rec.reports[day].Items); !d.resend && !slices.Equal(told(d.acts), got) {
			return fmt.Sprintf("the stored draft of %s is %+v, want %+v", day, got, told(d.acts))
		}
	}
	return ""
}

func links(all []conversations.PlanLink) []link {
	out := []link{}
	for _, l := range all {
		out = append(out, link{l.Item, l.By == roster.ByPerson})
	}
	return out
}

// standing is what can be compared of a conversation.
type standing struct {
	Stage    conversations.Stage
	Day      roster.Day
	Acts     []act
	Obstacle string
	About    string // the activity that is asked about
}

func (w *modelWalk) wanted() standing {
	d := w.m.open
	if d == nil {
		return standing{}
	}
	out := standing{Stage: d.stage, Day: d.day, Obstacle: d.obstacle}
	out.Acts = told(d.acts)
	if i := d.find(d.at); i >= 0 && (d.stage == conversations.StageField || d.stage == conversations.StageEdit) {
		out.About = strconv.Itoa(i) + " " + d.acts[i].name
		if w.m.asking && !d.acts[i].lacks(d.field) {
			out.About += ", of which nothing is to be asked about " + d.field
		}
	}
	return out
}

func (a act) lacks(field string) bool {
	switch field {
	case "description":
		return a.askName
	case "quantity":
		return a.askQty
	case "minutes":
		return a.askMin
	}
	return a.askQty && a.askMin
}

func (w *modelWalk) stands() standing {
	s := w.session
	if s.Stage == conversations.StageIdle {
		return standing{}
	}
	out := standing{Stage: s.Stage, Day: s.Day, Obstacle: s.Obstacle}
	out.Acts = figures(s.Items)
	if i := s.Item; i < len(s.Items) && (s.Stage == conversations.StageField || s.Stage == conversations.StageEdit) {
		out.About = strconv.Itoa(i) + " " + s.Items[i].Description
	}
	return out
}

// told is what of activities is in a report.
func told(acts []act) []act {
	out := make([]act, 0, len(acts))
	for _, a := range acts {
		out = append(out, act{name: a.name, qty: a.qty, unit: a.unit, min: a.min})
	}
	return out
}

func figures(items []parse.Item) []act {
	out := make([]act, 0, len(items))
	for _, it := range items {
		out = append(out, act{name: it.Description, qty: int(it.Quantity.Thousandths() / 1000), unit: it.Unit, min: it.Minutes})
	}
	return out
}

// replies: one answer to whatever is said, none to what is ignored, and what is
// asked is the question that is open.
func (w *modelWalk) replies(e event) string {
	says := w.out.Say
	if w.m.silent {
		if len(says) > 0 || w.out.Toast != "" || !w.out.Ignored {
			return fmt.Sprintf("nothing was to be said: %+v", w.out)
		}
		return ""
	}
	if w.m.quiet && len(says) == 0 && !w.out.Ignored {
		return ""
	}
	if len(says) == 0 && (e.kind != "taps" || w.out.Toast == "") {
		return "no answer"
	}
	if offers := says != nil && slices.ContainsFunc(slices.Concat(says[len(says)-1].Msg.Buttons...), func(c conversations.Choice) bool {
		return c.Action == conversations.ActReread
	}); offers != w.m.offers {
		return fmt.Sprintf("the edit is offered as a change: %v, want %v", offers, w.m.offers)
	}
	for i, s := range says {
		if s.Msg.Text == "" || len(s.Msg.Text) > 4096 || s.To.ID != e.chat {
			return fmt.Sprintf("an answer that is none: %+v", s)
		}
		last := i == len(says)-1
		if asks := len(s.Msg.Buttons) > 0 || !s.About.Day.IsZero(); asks && !last {
			return fmt.Sprintf("two questions at once: %q and %q", s.Msg.Text, says[i+1].Msg.Text)
		}
		if last {
			return w.question(s)
		}
	}
	return ""
}

// question: what is asked last is what is open; it names the activity it is about.
func (w *modelWalk) question(s conversations.Say) string {
	s2 := w.session
	list := slices.ContainsFunc(slices.Concat(s.Msg.Buttons...), func(c conversations.Choice) bool {
		return c.Action == conversations.ActPick || c.Action == conversations.ActServe || c.Action == conversations.ActServed
	})
	switch stage := conversations.Stage(s.About.Question); stage {
	case conversations.StageField, conversations.StageObstacle, conversations.StageEdit, conversations.StageConfirm, conversations.StageAdd:
		if (stage != s2.Stage && !list) || s.About.Day != s2.Day {
			return fmt.Sprintf("asks %+v while %s of %s is open", s.About, s2.Stage, s2.Day)
		}
		if stage == conversations.StageField && s2.Item < len(s2.Items) && !strings.Contains(s.Msg.Text, strings.TrimSuffix(conversations.Clip(s2.Items[s2.Item].Description, 60), "…")) {
			return fmt.Sprintf("%q does not say which activity is meant", s.Msg.Text)
		}
	default:
	}
	return ""
}

// leads: from wherever a walk ends there is a way to send and one to leave.
func (w *modelWalk) leads() string {
	words, want := "batal", len(w.session.Items) > 0 && w.rnd.IntN(2) == 0
	if want {
		words = "kirim"
	}
	for range 3 {
		if w.session.Stage == conversations.StageIdle {
			return ""
		}
		w.pass()
		if wrong := w.step(event{kind: "says", word: words}); wrong != "" {
			return wrong
		}
	}
	if w.session.Stage != conversations.StageIdle {
		return fmt.Sprintf("three %q lead only to %q", words, w.session.Stage)
	}
	return ""
}

// tell writes an event into the story.
func (w *modelWalk) tell(e event) {
	if w.story == nil {
		return
	}
	for _, s := range w.out.Say {
		fmt.Fprintf(w.story, "        » %s\n", strings.ReplaceAll(s.Msg.Text, "\n", "\n          "))
		for _, row := range s.Msg.Buttons {
			for _, c := range row {
				fmt.Fprintf(w.story, "          [%s]\n", c.Label)
			}
		}
	}
	if w.out.Toast != "" {
		fmt.Fprintf(w.story, "        (%s)\n", w.out.Toast)
	}
	fmt.Fprintf(w.story, "%s %s %s", e.now.Format("Mon 15.04.05"), e.kind, e.text)
	if e.at.Before(e.now) {
		fmt.Fprintf(w.story, " (written %s)", e.at.Format("Mon 15.04.05"))
	}
	if e.tap != nil {
		fmt.Fprintf(w.story, "[%s] %s %+v", e.tap.label, e.tap.state, e.tap.args)
	}
	if e.quote != nil {
		fmt.Fprintf(w.story, " (quotes %+v)", e.quote.about)
	}
	if e.early || e.underway {
		fmt.Fprintf(w.story, " (early %v, underway %v)", e.early, e.underway)
	}
	if len(e.twice) > 0 {
		fmt.Fprintf(w.story, " (twice: %+v)", e.twice)
	}
	fmt.Fprintln(w.story)
}
