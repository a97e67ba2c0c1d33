package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

// flowTryCmd plays a file of questions in the terminal, with the handler that
// serves people and without a database.
type flowTryCmd struct {
	File     string `arg:"" type:"existingfile" help:"TOML file of questions."`
	As       string `default:"workday" enum:"workday,special_workday,shift,field_duty,training,wfh,wfa" help:"What sort of day it is: ${enum}."`
	OPD      string `name:"opd" default:"Kelurahan Jebres" help:"Office of the person who tries."`
	Post     string `default:"Pengadministrasi Umum" help:"Post of the person who tries."`
	Kind     string `default:"PNS" enum:"PNS,PPPK,PPPK_PW,CPNS,NON_ASN" help:"Kind of employment: ${enum}."`
	Lang     string `default:"id" enum:"id,en" help:"Language: ${enum}."`
	Script   string `type:"existingfile" help:"File with what the person does, a line each, instead of the keyboard."`
	Timezone string `default:"Asia/Jakarta" hidden:""`
}

// tryHelp is what one can do in a try.
const tryHelp = "Type as the person would. :1 taps the first button, :foto sends a photo, :lokasi a place; an empty line ends.\n"

// Run plays until the input ends.
func (c flowTryCmd) Run(ctx context.Context, io streams) error {
	flow, err := readFlow(c.File)
	if err != nil {
		return err
	}
	loc, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return fmt.Errorf("%w: %w", errConfig, err)
	}
	words, err := conversations.NewWords(loc)
	if err != nil {
		return err
	}
	in := io.in
	if c.Script != "" {
		f, err := os.Open(c.Script)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		in = f
	}
	// An afternoon on which the question has been asked, whatever the hour is.
	now := roster.DayOf(newClock(0).Now().In(loc)).At(roster.At24(15, 40), loc)
	p := &tryPlay{
		h:   &conversations.Handler{Words: words, Flow: flow, City: "Pemkot Surakarta"},
		rec: &tryRecords{}, now: now, loc: loc, reason: roster.Reason(c.As), out: io.out, echo: c.Script != "",
		person: conversations.Person{
			ID: 1, Name: "Sri Wahyuni", Sex: roster.Female, Lang: c.Lang, OPD: c.OPD, Post: c.Post, Kind: roster.Kind(c.Kind),
			Supervisor: "Bambang Setiawan",
		},
	}
	_, _ = fmt.Fprintf(io.out, "%s, %s\n%s", c.File, flow.Ref(), tryHelp)
	return p.run(ctx, in)
}

// tryPlay is one person's afternoon.
type tryPlay struct {
	h       *conversations.Handler
	rec     *tryRecords
	person  conversations.Person
	reason  roster.Reason
	now     time.Time
	loc     *time.Location
	session conversations.Session
	shown   []conversations.Choice // buttons by number
	inbox   int64
	out     io.Writer
	echo    bool
}

func (p *tryPlay) run(ctx context.Context, in io.Reader) error {
	lines := bufio.NewScanner(in)
	for _, _ = fmt.Fprint(p.out, "> "); lines.Scan(); _, _ = fmt.Fprint(p.out, "> ") {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			break
		}
		if p.echo {
			_, _ = fmt.Fprintln(p.out, line)
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.does(ctx, line); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintln(p.out)
	return lines.Err()
}

// does turns a line into what the network would have brought.
func (p *tryPlay) does(ctx context.Context, line string) error {
	rest, special := strings.CutPrefix(line, ":")
	if !special {
		return p.turn(ctx, bot.MsgIn{Kind: bot.KindText, Text: line}, nil)
	}
	switch rest {
	case "foto":
		return p.turn(ctx, bot.MsgIn{Kind: bot.KindMedia, Attachments: []bot.Attachment{{Kind: bot.Photo, FileID: "foto", Size: 1}}}, nil)
	case "lokasi":
		return p.turn(ctx, bot.MsgIn{Kind: bot.KindMedia, Attachments: []bot.Attachment{{Kind: bot.Location, Lat: -7.5666, Lon: 110.8282}}}, nil)
	}
	n, _ := strconv.Atoi(rest) // 0 is no button either
	if n < 1 || n > len(p.shown) {
		_, _ = fmt.Fprintf(p.out, "no button %q; there are %d\n", rest, len(p.shown))
		return nil
	}
	b := p.shown[n-1]
	return p.turn(ctx, bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{State: conversations.TapFresh, Action: b.Action, Args: b.Args})
}

// errNoRows: a try knows reports only.
var errNoRows = errors.New("this needs the database; a try knows only the report itself")

func (p *tryPlay) turn(ctx context.Context, msg bot.MsgIn, tap *conversations.Tap) error {
	p.inbox++
	p.now = p.now.Add(20 * time.Second)
	msg.From, msg.MessageID, msg.At = bot.Address{Network: bot.Telegram, ID: "1"}, strconv.FormatInt(p.inbox, 10), p.now
	out, err := p.handle(ctx, conversations.Turn{
		Inbox: p.inbox, Msg: msg, Person: &p.person, Days: p.days(), Today: roster.DayOf(p.now), Session: p.session, Tap: tap, Now: p.now,
	})
	if errors.Is(err, errNoRows) {
		_, _ = fmt.Fprintf(p.out, "(%v)\n", err)
		return nil
	}
	if err != nil {
		return err
	}
	p.session = out.Session
	p.show(out)
	p.keep(out.Report)
	return nil
}

// handle catches what asks for rows that a try does not have.
func (p *tryPlay) handle(ctx context.Context, t conversations.Turn) (out conversations.Outcome, err error) {
	defer func() {
		if recover() != nil {
			err = errNoRows
		}
	}()
	return p.h.Handle(ctx, t, p.rec)
}

func (p *tryPlay) days() []conversations.WorkDay {
	today := roster.DayOf(p.now)
	w := conversations.WorkDay{
		Day: today, Asked: true,
		Duty: roster.Duty{
			Day: today, State: roster.Due, Reason: p.reason, Start: roster.At24(7, 30), End: roster.At24(16, 0), ShortForm: p.reason.Elsewhere(),
		},
		Times: roster.Times{
			AskAt: today.At(roster.At24(15, 30), p.loc), Deadline: today.At(roster.At24(21, 0), p.loc), LateUntil: today.Add(1).At(roster.At24(16, 0), p.loc),
		},
	}
	if p.rec.report != nil {
		w.Report = &p.rec.report.Head
	}
	return []conversations.WorkDay{w}
}

func (p *tryPlay) show(out conversations.Outcome) {
	if out.Toast != "" {
		_, _ = fmt.Fprintf(p.out, "« %s\n", out.Toast)
	}
	for _, s := range out.Say {
		head := "< "
		if s.Msg.Edit != "" {
			head = "< (the bubble changes) "
		}
		_, _ = fmt.Fprintln(p.out, head+strings.ReplaceAll(strings.ReplaceAll(s.Msg.Text, "{{KODE}}", "AAAA2222"), "\n", "\n  "))
		if len(s.Msg.Buttons) > 0 {
			p.shown = slices.Concat(s.Msg.Buttons...)
		}
		n := 0
		for _, row := range s.Msg.Buttons {
			for _, b := range row {
				n++
				_, _ = fmt.Fprintf(p.out, "  [:%d %s]", n, b.Label)
			}
			_, _ = fmt.Fprintln(p.out)
		}
	}
}

// keep remembers the report as the database would, and says what a sending keeps.
func (p *tryPlay) keep(c *conversations.ReportChange) {
	switch {
	case c == nil:
		return
	case c.Discard:
		p.rec.report = nil
		return
	}
	head := conversations.ReportHead{Submitted: c.Submit, Activities: len(c.Items)}
	if c.Submit {
		head.Version, head.SubmittedAt, head.Code = 1, c.At, "AAAA2222"
		_, _ = fmt.Fprintf(p.out, "kept with %s: %d activities, own answers %q; it took %d messages and %d taps\n",
			c.Flow, len(c.Items), c.Extra, c.Burden.Messages, c.Burden.Taps)
	}
	p.rec.report = &conversations.Report{Day: c.Day, Head: head, Items: c.Items, Obstacle: c.Obstacle, Extra: c.Extra, Flow: c.Flow}
}

// tryRecords are the rows of somebody who has just begun. What is not here is
// not there in a try.
type tryRecords struct {
	conversations.Records
	report *conversations.Report
}

// Report implements [conversations.Reports].
func (r *tryRecords) Report(context.Context, roster.EmployeeID, roster.Day) (conversations.Report, bool, error) {
	if r.report == nil {
		return conversations.Report{}, false, nil
	}
	return *r.report, true, nil
}

// LatestReport implements [conversations.Reports].
func (*tryRecords) LatestReport(context.Context, roster.EmployeeID, roster.Day) (conversations.Report, bool, error) {
	return conversations.Report{}, false, nil
}

// Plan implements [conversations.Plans].
func (*tryRecords) Plan(context.Context, roster.EmployeeID, roster.Day) (conversations.Plan, error) {
	return conversations.Plan{}, nil
}

// Usuals implements [conversations.Plans].
func (*tryRecords) Usuals(context.Context, roster.EmployeeID, roster.Day) ([]roster.Usual, error) {
	return nil, nil
}

// Flow implements [conversations.Flows].
func (*tryRecords) Flow(context.Context, string) (conversations.Flow, bool, error) {
	return conversations.Flow{}, false, nil
}

// Evidence implements [conversations.Proofs].
func (*tryRecords) Evidence(context.Context, roster.EmployeeID, roster.Day) ([]conversations.Evidence, error) {
	return nil, nil
}
