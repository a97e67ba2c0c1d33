package conversations

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"ekinerja/roster"
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

	QText     QuestionKind = "text"
	QNumber   QuestionKind = "number"
	QChoice   QuestionKind = "choice"   // one of the options
	QChoices  QuestionKind = "choices"  // several of the options
	QYesNo    QuestionKind = "yes_no"   // kept as "ya" or "tidak"
	QHowLong  QuestionKind = "how_long" // kept as minutes
	QTimes    QuestionKind = "times"    // kept as "08:00-10:00"
	QDate     QuestionKind = "date"     // kept as "2026-11-24"
	QPhoto    QuestionKind = "photo"    // kept as the numbers of the messages they came with
	QLocation QuestionKind = "location" // likewise
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

// Question is one question of a flow. The keys of the file are explained in
// docs/flow.md.
type Question struct {
	Key  string       `toml:"key" json:"key"`
	Kind QuestionKind `toml:"kind" json:"kind"`
	// Ask is the file's "when": one of the times above, or a table of answers
	// that must have been given before. Reading the file makes When and If of it.
	Ask  any                 `toml:"when" json:"-"`
	When When                `toml:"-" json:"when"`
	If   map[string][]string `toml:"-" json:"if,omitempty"`
	// On are the reasons of duty and People the kinds of employment for which the
	// question is asked; empty means all.
	On     []roster.Reason `toml:"on" json:"on,omitempty"`
	People []roster.Kind   `toml:"people" json:"people,omitempty"`
	// ID and EN are the wording of the city's own questions; the report's
	// questions have theirs in id.toml and en.toml.
	ID      string   `toml:"id" json:"id,omitempty"`
	EN      string   `toml:"en" json:"en,omitempty"`
	Options []string `toml:"options" json:"options,omitempty"`
	// Required: there is no "Lewati" until the question has been put twice.
	Required bool `toml:"required" json:"required,omitempty"`
	// Min and Max bound the answer; what they count depends on the kind: value of
	// a number, characters of a text, minutes, choices, days from the report's day.
	Min *int `toml:"min" json:"min,omitempty"`
	Max *int `toml:"max" json:"max,omitempty"`
}

// Own reports whether the question is one of the city's, and not the report itself.
func (q Question) Own() bool {
	switch q.Kind {
	case QActivities, QQuantity, QDuration, QObstacle, QConfirm:
		return false
	default:
		return true
	}
}

// Variant gives some people questions that the others are not asked. The first
// variant that fits a person is theirs.
type Variant struct {
	// OPD and Post are names or beginnings of names, in any case; empty means all.
	OPD    []string      `toml:"opd" json:"opd,omitempty"`
	Post   []string      `toml:"post" json:"post,omitempty"`
	People []roster.Kind `toml:"people" json:"people,omitempty"`
	// Questions are keys of own questions. One that a variant names is asked of
	// that variant's people only; one that no variant names is asked of everybody.
	Questions []string `toml:"questions" json:"questions"`
}

// Flow is a versioned list of questions, as a flow file holds it; docs/flow.md
// explains the format.
type Flow struct {
	Name      string     `toml:"name" json:"name"`
	Version   int        `toml:"version" json:"version"`
	Questions []Question `toml:"question" json:"questions"`
	Variants  []Variant  `toml:"variant" json:"variants,omitempty"`
	// Text is the file that the flow was read from.
	Text string `toml:"-" json:"-"`
}

// Ref is how a report names the flow it was made with: "harian/1".
func (f Flow) Ref() string { return fmt.Sprintf("%s/%d", f.Name, f.Version) }

// Hash is over what the flow asks: remarks and spaces of the file may change
// without a new version, a word of a question may not.
func (f Flow) Hash() [sha256.Size]byte {
	body, err := json.Marshal(f)
	if err != nil { // strings and numbers only; cannot happen
		panic(err)
	}
	return sha256.Sum256(body)
}

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
