package conversations_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// nothingTyped is a message of invisible signs only.
const nothingTyped = "\u200b\u2060"

// event is what a person, or the clock, does next.
type event struct {
	kind    string // says, taps, edits, sticker, deadline
	acts    []act  // activities that are said
	word    string // or one of the words that mean something of their own
	qty     int    // or figures alone
	unit    string
	min     int
	text    string // as it is typed
	chat    string // in which of the person's chats
	msg     int    // the message's number there; for an edit, of the message that is edited
	quote   *asking
	tap     *button
	day     roster.Day // of a deadline
	now, at time.Time
	twice   []asking // questions that may stand twice on the telephone
	// The open question was not on the telephone yet; or it was being sent.
	early, underway bool
}

// asking is what a message of ours asked, and of which activity.
type asking struct {
	day   roster.Day
	stage conversations.Stage
	act   int
	about conversations.About // as it was sent
	chat  string
}

func (q asking) is(o asking) bool { return q.day == o.day && q.stage == o.stage && q.act == o.act }

// short questions are those that a few words answer.
func (q asking) short() bool {
	return q.stage == conversations.StageField || q.stage == conversations.StageObstacle
}

// button is one of ours, and what it was made for.
type button struct {
	label  string
	action conversations.Action
	args   conversations.Args
	day    roster.Day
	act    int
	words  *event // that an ask-back or an edit holds
	state  conversations.TapState
	used   bool
	chat   string
}

// bare: figures and nothing else.
func (e event) bare() bool { return len(e.acts) == 0 && (e.qty > 0 || e.min > 0) }

// own: activities of their own, of which something is measured.
func (e event) own() bool {
	return slices.ContainsFunc(e.acts, func(a act) bool { return a.qty > 0 || a.min > 0 })
}

// origin is the message among all of the person's.
func (e event) origin() string { return e.chat + "/" + strconv.Itoa(e.msg) }

// line is what was typed, in one line.
func (e event) line() string { return strings.Join(strings.Fields(e.text), " ") }

// figures are the first that were said, by themselves or of an activity.
func (e event) figures() act {
	if e.bare() {
		return act{qty: e.qty, unit: e.unit, min: e.min}
	}
	for _, a := range e.acts {
		if a.qty > 0 || a.min > 0 {
			return a
		}
	}
	return act{}
}

// askedBack: the words could answer the open question or one that stands twice, or
// the one before when the open one could not be read yet.
func (e event) askedBack(d *tale) bool {
	open := asking{day: d.day, stage: d.stage, act: d.at}
	switch d.stage {
	case conversations.StageField:
	case conversations.StageObstacle:
		open.act = 0
	default:
		return false
	}
	if e.quote != nil || e.own() || slices.Contains([]string{"kirim", "ubah", "tambah", "lewati"}, e.word) {
		return false
	}
	if e.early && e.bare() && !d.echoed(e) && d.echo != "" && d.find(d.echoOf) >= 0 &&
		(d.stage == conversations.StageObstacle || d.echoOf != d.at) {
		return true
	}
	return slices.ContainsFunc(e.twice, func(q asking) bool {
		return q.day == d.day && !q.is(open) && q.short() && (q.act == 0 || d.find(q.act) >= 0)
	})
}

// write is the event as it is typed.
func (e event) write() string {
	switch {
	case e.word != "":
		return e.word
	case e.bare():
		return strings.Join(nonempty(figure(e.qty, e.unit), figure(e.min, "menit")), ", ")
	}
	lines := make([]string, len(e.acts))
	for i, a := range e.acts {
		lines[i] = strings.Join(nonempty(a.name, figure(a.qty, a.unit), figure(a.min, "menit")), "; ")
	}
	return strings.Join(lines, "\n")
}

func figure(n int, unit string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", n, unit)
}

func nonempty(words ...string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}
