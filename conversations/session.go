package conversations

import (
	"time"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// Stage is where a session stands; the drawing is in the package comment.
type Stage string

// Stages of a session.
const (
	StageIdle     Stage = ""
	StageField    Stage = "field"    // one missing field of one activity was asked
	StageObstacle Stage = "obstacle" // asked whether anything stood in the way
	StageExtra    Stage = "extra"    // one of the flow's own questions was asked
	StageConfirm  Stage = "confirm"  // the summary was shown
	StageEdit     Stage = "edit"     // one activity is to be written anew
	StageAdd      Stage = "add"      // further activities are to be written
	StageReturn   Stage = "return"   // a superior was asked why a report goes back
	StageContact  Stage = "contact"  // an invitation was opened, the contact is awaited
)

// Session is one person's position. Its zero value is an idle session.
// It is stored as JSON; fields are only ever added.
type Session struct {
	Stage Stage      `json:"stage,omitempty"`
	Day   roster.Day `json:"day,omitzero"`
	// Question and Item say what is asked now.
	Question string       `json:"question,omitempty"`
	Item     int          `json:"item,omitempty"`
	Items    []parse.Item `json:"items,omitempty"`
	// Origins is, for each item, the message it was read from (see [turn.origin]), so
	// that an edit of that message changes it; empty for copied and rewritten ones.
	Origins []string      `json:"origins,omitempty"`
	Doubts  []parse.Doubt `json:"doubts,omitempty"` // what must still be asked
	// Places are the numbers by which messages and buttons mean the items, and
	// NextPlace is the next one.
	Places    []int `json:"places,omitempty"`
	NextPlace int   `json:"next_place,omitempty"`
	// Parked are drafts of other days, left where they stood.
	Parked []Session `json:"parked,omitempty"`
	// SaidAt is the provider's time of the last words that changed the draft.
	SaidAt time.Time `json:"said_at,omitzero"`
	// Said are the last words that answered a question, of activity SaidTo; see
	// [turn.echo] and [turn.before].
	Said     string            `json:"said,omitempty"`
	SaidTo   int               `json:"said_to,omitempty"`
	Obstacle string            `json:"obstacle,omitempty"`
	Asked    map[string]bool   `json:"asked,omitempty"` // once-only questions already asked
	Extra    map[string]string `json:"extra,omitempty"`
	// Ticked are the options of the open question that takes several.
	Ticked []string `json:"ticked,omitempty"`
	// Burden is what the report has cost its writer so far.
	Burden Burden `json:"burden,omitzero"`
	// Links say which item of the plan each activity serves; NoPlan that there is
	// none. Usual are the activities whose minutes we proposed.
	Links  []PlanLink  `json:"links,omitempty"`
	NoPlan bool        `json:"no_plan,omitempty"`
	Usual  []UsualNote `json:"usual,omitempty"`
	// AskedAt is when the open question was put; what was written before, or in
	// the same breath, continues what came before it.
	AskedAt time.Time `json:"asked_at,omitzero"`
	// Guided: something had to be asked, so the short questions are asked too.
	Guided bool `json:"guided,omitempty"`
	// Resend: the day's report was sent before; sending makes a new version.
	Resend bool `json:"resend,omitempty"`
	// Returning is the report that goes back once its superior has said why.
	Returning *Args `json:"returning,omitempty"`
	// Reopened: a superior sent the report back, so its day is open again.
	Reopened bool `json:"reopened,omitempty"`
	// Auto: the deadline sends the draft, not its writer.
	Auto bool   `json:"auto,omitempty"`
	Flow string `json:"flow,omitempty"`
	// Evidence is what was sent beside words for Day; Album is one that is coming in.
	Evidence []Evidence `json:"evidence,omitempty"`
	Album    *Album     `json:"album,omitempty"`
	// Invite is the token of an opened invitation, awaiting the own contact.
	Invite string `json:"invite,omitempty"`
	// Side is a short dialogue beside the report, nil for none.
	Side *Side `json:"side,omitempty"`
	// SentFrom is what the report sent last was read from, nil for none.
	SentFrom *SentFrom `json:"sent_from,omitempty"`
}

// SentFrom is, for each activity of a sent report, the message it was read from.
type SentFrom struct {
	Day     roster.Day `json:"day"`
	Origins []string   `json:"origins"`
}

// Action is what a button does.
type Action string

// Actions of buttons.
const (
	ActSend       Action = "send"        // send the draft of Day
	ActChange     Action = "change"      // choose an activity to change
	ActPick       Action = "pick"        // change activity Item
	ActDrop       Action = "drop"        // drop activity Item
	ActAdd        Action = "add"         // write further activities
	ActBack       Action = "back"        // back to the summary
	ActDiscard    Action = "discard"     // throw the draft away
	ActObstacle   Action = "obstacle"    // tell an obstacle
	ActNoObstacle Action = "no_obstacle" // nothing stood in the way
	ActAnswer     Action = "answer"      // Value answers the asked question
	ActSame       Action = "same"        // take the latest report as a draft
	ActStart      Action = "start"       // begin the report of Day
	ActLang       Action = "lang"        // Value is the language
	ActAbsent     Action = "absent"      // claim an absence of kind Value on Day
	ActOpen       Action = "open"        // show Employee of Escalation
	ActNudge      Action = "nudge"       // remind Employee (0: all) of Escalation
	ActMark       Action = "mark"        // mark Employee of Escalation as Value
	ActMove       Action = "move"        // make the draft one of Day
	ActTick       Action = "tick"        // tick option Value of Question, or take the tick away
	ActTicked     Action = "ticked"      // the ticks are the answer to Question
	ActReread     Action = "reread"      // message Question of Day's sent report says Value now
	ActSkip       Action = "skip"        // leave Question out
	ActAssign     Action = "assign"      // Value answers Question of Item
	ActUsual      Action = "usual"       // add the proposed activity Value
	ActMinutes    Action = "minutes"     // activity Question took Value minutes, as usual
	ActServe      Action = "serve"       // choose what activity Question serves
	ActServed     Action = "served"      // activity Question serves item Value of the plan
	ActLeave      Action = "leave"       // Question says what, about days away
	ActApprove    Action = "approve"     // confirm Claim
	ActRefuse     Action = "refuse"      // refuse Claim because of Value; empty asks why
	ActWithdraw   Action = "withdraw"    // take the report of Day back because of Value
	ActSnooze     Action = "snooze"      // put the reminder of Day off for Item minutes
	ActAskTime    Action = "ask_time"    // be asked at Value from now on
	ActRead       Action = "read"        // show the report of Employee on Day
	ActQueue      Action = "queue"       // list the reports that wait, page Value
	ActReview     Action = "review"      // show the report of Employee and Day; the first one without
	ActGrade      Action = "grade"       // approve it, version Item, as Value
	ActReturn     Action = "return"      // send it back, after asking why
	ActPass       Action = "pass"        // leave it for later
	ActMarkAll    Action = "mark_all"    // approve what waited at the moment Escalation (µs)
	ActUnmark     Action = "unmark"      // take back the verdicts of message Escalation
)

// shows reports whether an action only shows something, so that a second tap
// may show it again; the others happen once.
func (a Action) shows() bool {
	if a == ActEvidenceFor || a == ActEvidenceAt || a == ActLetter || a == ActOffice {
		return true
	}
	switch a {
	case ActProof, ActScore, ActRead, ActOpen, ActChange, ActPick, ActAdd, ActBack, ActStart, ActObstacle, ActServe, ActQueue, ActReview, ActReturn, ActPass:
		return true
	default:
		return false
	}
}
