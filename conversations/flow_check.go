package conversations

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"ekinerja/roster"
)

// What a phone shows whole.
const (
	maxOptions     = 8
	maxOption      = 20 // characters of a button
	maxTicked      = 18 // a tick and a space stand before it
	maxWording     = 300
	defaultMaxText = 500
)

var flowName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// flowCheck looks for everything that is wrong, so that one look mends it all.
type flowCheck struct {
	lines  []string
	faults []fault
	// where the questions that are checked stand
	table string
	n     int
	label string
}

func (c *flowCheck) wrong(key, format string, args ...any) {
	line := 1
	if c.table != "" {
		line = lineIn(c.lines, c.table, c.n, key)
	} else if key != "" {
		line = lineOf(c.lines, key)
	}
	text := fmt.Sprintf(format, args...)
	if key != "" {
		text = fmt.Sprintf("key %q: %s", key, text)
	}
	c.faults = append(c.faults, fault{line: line, text: c.label + text})
}

// flow checks the whole and makes When and If of what the file said.
func (c *flowCheck) flow(f *Flow) {
	if !flowName.MatchString(f.Name) {
		c.wrong("name", "%q found, want 1-32 of a-z, 0-9 and _", f.Name)
	}
	if f.Version < 1 {
		c.wrong("version", "%d found, want 1 or more", f.Version)
	}
	if n := len(f.Questions); n < 2 || f.Questions[0].Kind != QActivities || f.Questions[n-1].Kind != QConfirm {
		c.wrong("", `the first question must be of kind "activities", the last of kind "confirm"`)
	}
	before := map[string]Question{}
	for i := range f.Questions {
		q := &f.Questions[i]
		c.table, c.n, c.label = "question", i+1, fmt.Sprintf("question %d (%s): ", i+1, q.Key)
		c.question(q, before)
		if _, twice := before[q.Key]; twice {
			c.wrong("key", "key %q is used twice; give each question a name of its own", q.Key)
		}
		before[q.Key] = *q
	}
	for i, v := range f.Variants {
		c.table, c.n, c.label = "variant", i+1, fmt.Sprintf("variant %d: ", i+1)
		c.variant(v, before)
	}
	c.table, c.label = "", ""
}

func (c *flowCheck) question(q *Question, before map[string]Question) {
	if !flowName.MatchString(q.Key) {
		c.wrong("key", "%q found, want 1-32 of a-z, 0-9 and _", q.Key)
	}
	if !slices.Contains(questionKinds(), q.Kind) {
		c.wrong("kind", "%q found, want %s", q.Kind, either(questionKinds()))
		return
	}
	c.when(q, before)
	c.circle(q.On, q.People)
	if !q.Own() {
		c.builtIn(*q)
		return
	}
	switch n := len([]rune(q.ID)); {
	case n == 0:
		c.wrong("id", "the wording is missing; write the question in Indonesian")
	case n > maxWording:
		c.wrong("id", "%d characters, want at most %d; people read this on a small phone", n, maxWording)
	}
	if q.When == Missing {
		c.wrong("when", `"missing" is only for quantity and duration; want always, guided or a table of answers`)
	}
	c.options(*q)
	c.limits(*q)
}

func questionKinds() []QuestionKind {
	return []QuestionKind{
		QActivities, QQuantity, QDuration, QObstacle, QConfirm,
		QText, QNumber, QChoice, QChoices, QYesNo, QHowLong, QTimes, QDate, QPhoto, QLocation,
	}
}

func either[S ~string](all []S) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " or " + words[n]
}

// builtIn refuses what the report's own questions do not have.
func (c *flowCheck) builtIn(q Question) {
	for key, set := range map[string]bool{
		"id": q.ID != "", "en": q.EN != "", "options": q.Options != nil, "required": q.Required, "min": q.Min != nil, "max": q.Max != nil,
	} {
		if set {
			c.wrong(key, "only for questions of your own; %s is worded and checked by the program", q.Kind)
		}
	}
	if (len(q.On) > 0 || len(q.People) > 0) && q.Kind != QObstacle {
		c.wrong("on", "%s is asked of everybody; only obstacle and questions of your own have conditions", q.Kind)
	}
	if q.If != nil {
		c.wrong("when", "%s is part of every report; want always, missing or guided", q.Kind)
	}
}

// when reads the time or the condition of a question.
func (c *flowCheck) when(q *Question, before map[string]Question) {
	q.When = Always
	switch w := q.Ask.(type) {
	case string:
		q.When = When(w)
		if !slices.Contains([]When{Always, Missing, Guided}, q.When) {
			c.wrong("when", "%q found, want always, missing or guided", w)
		}
	case map[string]any:
		q.If = map[string][]string{}
		for _, key := range slices.Sorted(maps.Keys(w)) {
			q.If[key] = c.answers(key, w[key], before)
		}
		if len(w) == 0 {
			c.wrong("when", `an empty table; write the answer that must come before, such as {tempat = "Lapangan"}`)
		}
	case nil:
		if !q.Own() {
			c.wrong("when", `"" found, want always, missing or guided`)
		}
	default:
		c.wrong("when", `%v found, want always, missing, guided or a table such as {tempat = "Lapangan"}`, w)
	}
}

// answers are the answers to an earlier question that let a question be asked.
func (c *flowCheck) answers(key string, value any, before map[string]Question) []string {
	var out []string
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case bool: // what people write for a yes-or-no question
			out = append(out, map[bool]string{true: answerYes, false: answerNo}[v])
		default:
			c.wrong("when", "%s = %v found; want an answer in quotes, or a list of answers", key, v)
		}
	}
	old, ok := before[key]
	var possible []string
	switch {
	case !ok:
		c.wrong("when", "no question %q stands before this one; conditions look back only", key)
		return out
	case old.Kind == QChoice || old.Kind == QChoices:
		possible = old.Options
	case old.Kind == QYesNo:
		possible = []string{answerYes, answerNo}
	default:
		c.wrong("when", "question %q is of kind %s; only choice, choices and yes_no can be conditions", key, old.Kind)
		return out
	}
	for _, a := range out {
		if !slices.Contains(possible, a) {
			c.wrong("when", "%q is no answer to %q; want %s", a, key, either(possible))
		}
	}
	return out
}

// circle checks the days and the people for whom something is asked.
func (c *flowCheck) circle(on []roster.Reason, people []roster.Kind) {
	reasons := []roster.Reason{
		roster.ReasonWorkday, roster.ReasonSpecialWorkday, roster.ReasonShift, roster.ReasonFieldDuty,
		roster.ReasonTraining, roster.ReasonWFH, roster.ReasonWFA,
	}
	for _, r := range on {
		if !slices.Contains(reasons, r) {
			c.wrong("on", "%q found, want %s", r, either(reasons))
		}
	}
	kinds := []roster.Kind{roster.PNS, roster.PPPK, roster.PPPKPW, roster.CPNS, roster.NonASN}
	for _, k := range people {
		if !slices.Contains(kinds, k) {
			c.wrong("people", "%q found, want %s", k, either(kinds))
		}
	}
}

func (c *flowCheck) options(q Question) {
	longest := maxOption
	switch q.Kind {
	case QChoice:
	case QChoices:
		longest = maxTicked
	default:
		if q.Options != nil {
			c.wrong("options", "only for choice and choices; remove it or change the kind")
		}
		return
	}
	if n := len(q.Options); n < 2 || n > maxOptions {
		c.wrong("options", "%d found, want 2 to %d", n, maxOptions)
	}
	seen := map[string]bool{}
	for _, o := range q.Options {
		low := strings.ToLower(strings.TrimSpace(o))
		switch n := len([]rune(o)); {
		case low == "" || n > longest:
			c.wrong("options", "%q has %d characters, want 1 to %d", o, n, longest)
		case seen[low]:
			c.wrong("options", "%q is there twice", o)
		case strings.Contains(o, ticksBetween):
			c.wrong("options", "%q holds %q, which stands between answers; write it without", o, ticksBetween)
		}
		seen[low] = true
	}
}

func (c *flowCheck) limits(q Question) {
	switch q.Kind {
	case QText, QNumber, QHowLong, QDate, QChoices:
	default:
		for key, set := range map[string]bool{"min": q.Min != nil, "max": q.Max != nil} {
			if set {
				c.wrong(key, "%s has no limits; remove it", q.Kind)
			}
		}
		return
	}
	if q.Min != nil && q.Max != nil && *q.Min > *q.Max {
		c.wrong("min", "%d is more than max, %d", *q.Min, *q.Max)
	}
	if q.Kind == QNumber || q.Kind == QDate {
		return
	}
	most := map[QuestionKind]int{QText: 2000, QHowLong: 24 * 60, QChoices: max(len(q.Options), 2)}[q.Kind]
	for key, v := range map[string]*int{"min": q.Min, "max": q.Max} {
		if v != nil && (*v < 0 || *v > most || (key == "max" && *v == 0)) {
			c.wrong(key, "%d found, want 1 to %d", *v, most)
		}
	}
}

func (c *flowCheck) variant(v Variant, known map[string]Question) {
	if len(v.OPD) == 0 && len(v.Post) == 0 && len(v.People) == 0 {
		c.wrong("", "say for whom it is: opd, post or people")
	}
	for key, names := range map[string][]string{"opd": v.OPD, "post": v.Post} {
		for _, name := range names {
			if strings.TrimSpace(name) == "" {
				c.wrong(key, "an empty name; write a name or its beginning")
			}
		}
	}
	c.circle(nil, v.People)
	for _, key := range v.Questions {
		if q, ok := known[key]; !ok || !q.Own() {
			c.wrong("questions", "%q is no question of your own in this file", key)
		}
	}
}
