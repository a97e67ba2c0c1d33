package conversations

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// QuestionKind is what sort of answer a question takes.
type QuestionKind string

// Kinds of questions. Activities, quantity, duration, obstacle and confirm are
// the report itself; the others are the city's own questions, asked once a report.
const (
	QActivities QuestionKind = "activities"
	QQuantity   QuestionKind = "quantity"
	QDuration   QuestionKind = "duration"
	QObstacle   QuestionKind = "obstacle"
	QConfirm    QuestionKind = "confirm"
	QText       QuestionKind = "text"
	QNumber     QuestionKind = "number"
	QChoice     QuestionKind = "choice"
	QYesNo      QuestionKind = "yes_no"
)

// When says when a question is asked.
type When string

// Times to ask. Guided: only if the person had to be asked something already,
// so that a complete message never costs a second question.
const (
	Always  When = "always"
	Missing When = "missing"
	Guided  When = "guided"
)

// Question is one question of a flow.
type Question struct {
	Key  string       `toml:"key"`
	Kind QuestionKind `toml:"kind"`
	When When         `toml:"when"`
	// ID and EN are the wording of the city's own questions; the report's
	// questions have theirs in id.toml and en.toml.
	ID      string   `toml:"id"`
	EN      string   `toml:"en"`
	Options []string `toml:"options"`
	Max     int      `toml:"max"` // runes of a text answer; 0 means 500
}

// Flow is a versioned list of questions. The file format:
//
//	name = "harian"      # lower case letters
//	version = 1          # raise it with every change; running drafts keep theirs
//	[[question]]
//	key = "activities"   # a name of its own within the flow
//	kind = "activities"  # activities, quantity, duration, obstacle, confirm,
//	                     # text, number, choice, yes_no
//	when = "always"      # always, missing, guided
//	id = "…"             # the wording, for text, number, choice and yes_no
//	options = ["A", "B"] # the choices, for choice: 2 to 8, 20 characters each
//
// The first question must be of kind activities and the last of kind confirm.
type Flow struct {
	Name      string     `toml:"name"`
	Version   int        `toml:"version"`
	Questions []Question `toml:"question"`
}

// Ref is how a report names the flow it was made with: "harian/1".
func (f Flow) Ref() string { return fmt.Sprintf("%s/%d", f.Name, f.Version) }

// Question finds a question by key.
func (f Flow) Question(key string) (Question, bool) {
	i := slices.IndexFunc(f.Questions, func(q Question) bool { return q.Key == key })
	if i < 0 {
		return Question{}, false
	}
	return f.Questions[i], true
}

//go:embed flow.toml
var defaultFlow string

// DefaultFlow is the built-in daily report.
func DefaultFlow() (Flow, error) { return ParseFlow("flow.toml (built in)", defaultFlow) }

// ParseFlow reads a flow file; its errors name the file, the line and the key.
func ParseFlow(name, text string) (Flow, error) {
	var f Flow
	meta, err := toml.Decode(text, &f)
	if err != nil {
		if pe, ok := errors.AsType[toml.ParseError](err); ok {
			return Flow{}, fmt.Errorf("read flow %s: line %d: %s", name, pe.Position.Line, pe.Message)
		}
		return Flow{}, fmt.Errorf("read flow %s: %w", name, err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		key := extra[0].String()
		return Flow{}, fmt.Errorf("read flow %s: line %d: unknown key %q", name, lineOf(text, key), key)
	}
	if err := f.check(); err != nil {
		return Flow{}, fmt.Errorf("read flow %s: line %d: %w", name, lineOfQuestion(text, err), err)
	}
	return f, nil
}

// flowError is a rule that a flow breaks, at the nth question (0: the head).
type flowError struct {
	question int
	text     string
}

func (e *flowError) Error() string { return e.text }

var flowName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

func (f Flow) check() error {
	switch n := len(f.Questions); {
	case !flowName.MatchString(f.Name):
		return &flowError{0, fmt.Sprintf("key \"name\": %q found, want 1-32 of a-z, 0-9 and _", f.Name)}
	case f.Version < 1:
		return &flowError{0, fmt.Sprintf("key \"version\": %d found, want 1 or more", f.Version)}
	case n < 2 || f.Questions[0].Kind != QActivities || f.Questions[n-1].Kind != QConfirm:
		return &flowError{0, `the first question must be of kind "activities", the last of kind "confirm"`}
	}
	seen := map[string]bool{}
	for i, q := range f.Questions {
		if err := q.check(); err != "" {
			return &flowError{i + 1, fmt.Sprintf("question %d (%s): %s", i+1, q.Key, err)}
		}
		if seen[q.Key] {
			return &flowError{i + 1, fmt.Sprintf("question %d: key %q is used twice", i+1, q.Key)}
		}
		seen[q.Key] = true
	}
	return nil
}

func (q Question) check() string {
	if !flowName.MatchString(q.Key) {
		return fmt.Sprintf("key \"key\": %q found, want 1-32 of a-z, 0-9 and _", q.Key)
	}
	if !slices.Contains([]When{Always, Missing, Guided}, q.When) {
		return fmt.Sprintf("key \"when\": %q found, want always, missing or guided", q.When)
	}
	switch q.Kind {
	case QActivities, QQuantity, QDuration, QObstacle, QConfirm:
		return ""
	case QText, QNumber, QYesNo:
		return q.checkWords()
	case QChoice:
		return q.checkChoice()
	}
	return fmt.Sprintf("key \"kind\": %q found, want activities, quantity, duration, obstacle, confirm, text, number, choice or yes_no", q.Kind)
}

func (q Question) checkWords() string {
	if q.ID == "" {
		return `key "id": the wording is missing`
	}
	if q.When == Missing {
		return `key "when": "missing" is only for quantity and duration`
	}
	return ""
}

func (q Question) checkChoice() string {
	if len(q.Options) < 2 || len(q.Options) > 8 {
		return fmt.Sprintf("key \"options\": %d found, want 2 to 8", len(q.Options))
	}
	for _, o := range q.Options {
		if n := len([]rune(o)); n == 0 || n > 20 {
			return fmt.Sprintf("key \"options\": %q has %d characters, want 1 to 20", o, n)
		}
	}
	return q.checkWords()
}

func lineOf(text, key string) int {
	last := key[strings.LastIndex(key, ".")+1:]
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), last) {
			return i + 1
		}
	}
	return 1
}

// lineOfQuestion is the line where the offending question begins.
func lineOfQuestion(text string, err error) int {
	fe, ok := errors.AsType[*flowError](err)
	if !ok || fe.question == 0 {
		return 1
	}
	n := 0
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "[[question]]") {
			if n++; n == fe.question {
				return i + 1
			}
		}
	}
	return 1
}
