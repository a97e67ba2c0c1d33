package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// errStranger: an outcome changes the report of a chat that belongs to nobody.
var errStranger = errors.New("nobody is bound to this chat")

// codeLetters are told apart on paper and by telephone; 32 of them, eight
// places: 10¹² codes.
const codeLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// newCode is a receipt's code, as long as [codePlace].
func newCode() string {
	b := make([]byte, len(codePlace))
	_, _ = rand.Read(b) // never fails; the program ends instead
	for i := range b {
		b[i] = codeLetters[int(b[i])%len(codeLetters)]
	}
	return string(b)
}

// report notes a change of a report and tells the code of its receipt, which is
// empty unless it was sent. A change of a report that was sent before lives in
// the session until it is sent: a draft never touches it.
func (wr *writer) report(ctx context.Context, tx pgx.Tx, w *work, c *conversations.ReportChange) (string, error) {
	if c == nil {
		return "", nil
	}
	if w.turn.Person == nil {
		return "", fmt.Errorf("change report: %w", errStranger)
	}
	q, id := db.New(wr), int64(w.turn.Person.ID)
	if c.Discard {
		wr.any("clear draft", q.ClearActivities(ctx, db.ClearActivitiesParams{EmployeeID: id, Day: c.Day, State: "draft"}))
		wr.any("discard draft", q.DiscardDraft(ctx, id, c.Day))
		return "", nil
	}
	extra, err := marshal(notNil(c.Extra))
	if err != nil {
		return "", fmt.Errorf("encode answers: %w", err)
	}
	if !c.Submit {
		wr.any("save draft", q.SaveDraft(ctx, db.SaveDraftParams{
			Day: c.Day, Obstacle: c.Obstacle, Extra: extra, Flow: c.Flow, Minutes: int32(minutesOf(c.Items)), At: w.now, EmployeeID: id,
		}))
		return "", wr.activities(ctx, id, c, "draft")
	}
	return wr.submit(ctx, tx, w, c, extra)
}

// submit notes a sending: the report, its activities, the version for ever, and
// that nothing need ask for it any more.
func (wr *writer) submit(ctx context.Context, tx pgx.Tx, w *work, c *conversations.ReportChange, extra json.RawMessage) (string, error) {
	q, id := db.New(wr), int64(w.turn.Person.ID)
	code, err := codeFor(ctx, tx, w, c.Day)
	if err != nil {
		return "", err
	}
	body, err := marshal(versionBody{
		Employee: w.turn.Person.ID, Day: c.Day, At: c.At, Flow: c.Flow, Items: c.Items, Obstacle: c.Obstacle, Extra: c.Extra,
		Links: c.Links,
	})
	if err != nil {
		return "", fmt.Errorf("encode report: %w", err)
	}
	wr.any("send report", q.SubmitReport(ctx, db.SubmitReportParams{
		Day: c.Day, Obstacle: c.Obstacle, Extra: extra, Flow: c.Flow, Minutes: int32(minutesOf(c.Items)), At: w.now,
		SubmittedAt: c.At, Late: c.Late, Code: &code, EmployeeID: id,
	}))
	if err := wr.activities(ctx, id, c, "submitted"); err != nil {
		return "", err
	}
	if c.Links != nil {
		wr.links(ctx, id, c)
	}
	wr.any("keep version", q.AddReportVersion(ctx, db.AddReportVersionParams{At: w.now, Body: body, EmployeeID: id, Day: c.Day}))
	wr.burden(ctx, w.turn.Person.ID, c)
	wr.any("call off reminders", q.SupersedeUnreported(ctx, db.SupersedeUnreportedParams{At: w.now, EmployeeID: &id, Day: c.Day}))
	return code, nil
}

// codeFor is the code that the report has, or a new one. Of the days that the
// turn has read it is known: nobody else writes reports of a locked conversation.
func codeFor(ctx context.Context, tx pgx.Tx, w *work, day roster.Day) (code string, err error) {
	i := slices.IndexFunc(w.turn.Days, func(d conversations.WorkDay) bool { return d.Day == day })
	if i < 0 {
		code, err = db.New(tx).ReportCode(ctx, int64(w.turn.Person.ID), day)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return "", fmt.Errorf("read receipt code: %w", err)
		}
	} else if r := w.turn.Days[i].Report; r != nil {
		code = r.Code
	}
	if code == "" {
		code = newCode()
	}
	return code, nil
}

// versionBody is a sending as it is kept for ever; fields are only ever added.
type versionBody struct {
	Employee roster.EmployeeID `json:"employee"`
	Day      roster.Day        `json:"day"`
	At       time.Time         `json:"at"`
	Flow     string            `json:"flow"`
	Items    []parse.Item      `json:"items"`
	Obstacle string            `json:"obstacle"`
	Extra    map[string]string `json:"extra"`

	Links []conversations.PlanLink `json:"links,omitempty"`
}

// activities replaces the activities of a report that is in the given state.
func (wr *writer) activities(ctx context.Context, id int64, c *conversations.ReportChange, state string) error {
	q := db.New(wr)
	wr.any("clear activities", q.ClearActivities(ctx, db.ClearActivitiesParams{EmployeeID: id, Day: c.Day, State: state}))
	if len(c.Items) == 0 {
		return nil
	}
	arg := db.AddActivitiesParams{EmployeeID: id, Day: c.Day, State: state}
	for i, it := range c.Items {
		more, err := marshal(it.More)
		if err != nil {
			return fmt.Errorf("encode activity: %w", err)
		}
		if it.More == nil {
			more = json.RawMessage("[]")
		}
		arg.Positions = append(arg.Positions, int32(i))
		arg.Descriptions = append(arg.Descriptions, it.Description)
		arg.Quantities = append(arg.Quantities, it.Quantity.String())
		arg.Units = append(arg.Units, it.Unit)
		arg.Minutes = append(arg.Minutes, int32(max(it.Minutes, 0)))
		arg.Starts = append(arg.Starts, it.Start)
		arg.Ends = append(arg.Ends, it.End)
		arg.More = append(arg.More, more)
		arg.Obstacles = append(arg.Obstacles, it.Obstacle)
		arg.Sources = append(arg.Sources, it.Source)
	}
	wr.any("keep activities", q.AddActivities(ctx, arg))
	return nil
}

func minutesOf(items []parse.Item) int {
	sum := 0
	for _, it := range items {
		sum += max(it.Minutes, 0)
	}
	return sum
}

func notNil(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
