package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"ekinerja/store"
)

// outageCmd works on the ledger of outages.
type outageCmd struct {
	Declare outageDeclareCmd `cmd:"" help:"Write down an outage that only people know of, such as one of BKN: deadlines it touched move, late reports are corrected, and everybody concerned is told once."`
	List    outageListCmd    `cmd:"" help:"Show when people could not report, and what they got back for it."`
}

type outageDeclareCmd struct {
	config
	From string `required:"" help:"When it began, in the city's time: \"2026-11-23 14.00\", or \"14.00\" for today."`
	To   string `required:"" help:"When it ended, or will have ended."`
	OPD  string `name:"opd" help:"Only for this OPD, by its name; empty: for everybody."`
	Name string `default:"operator" help:"Short name of what was away, such as bkn."`
	Note string `required:"" help:"What it was, as people will read it: \"aplikasi BKN tidak dapat dibuka\"."`
	By   string `env:"USER" help:"Who declares it, for the ledger."`
}

var outageName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

// errDeclare tells what is wrong with a declaration.
var errDeclare = errors.New("nothing was declared")

// mostDeclared is the longest outage that can be declared: longer is a typo, or
// a matter for the calendar.
const mostDeclared = 7 * 24 * time.Hour

// Run writes it down; a running service does the rest within seconds.
func (c outageDeclareCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	now := newClock(s.ClockOffset).Now().In(s.loc)
	o, err := c.outage(now)
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	id, err := db.AddOutage(ctx, o)
	if err != nil {
		return fmt.Errorf("%w: %w", errDeclare, err)
	}
	_, err = fmt.Fprintf(io.out, "outage %d declared: %s to %s; a running service now moves the deadlines it touched\n",
		id, stamp(o.From, s.loc), stamp(o.To, s.loc))
	return err
}

func (c outageDeclareCmd) outage(now time.Time) (store.Outage, error) {
	o := store.Outage{Channel: "declared:" + c.Name, OPD: c.OPD, DeclaredBy: c.By, Note: strings.TrimSpace(c.Note)}
	var err error
	if o.From, err = parseMoment(c.From, now); err != nil {
		return o, fmt.Errorf("%w: --from: %w", errDeclare, err)
	}
	if o.To, err = parseMoment(c.To, now); err != nil {
		return o, fmt.Errorf("%w: --to: %w", errDeclare, err)
	}
	switch length := o.To.Sub(o.From); {
	case !outageName.MatchString(c.Name):
		return o, fmt.Errorf("%w: --name is %q; accepted: small letters, digits and -", errDeclare, c.Name)
	case o.Note == "" || len([]rune(o.Note)) > 120:
		return o, fmt.Errorf("%w: --note: people read it; 1 to 120 letters", errDeclare)
	case length <= 0:
		return o, fmt.Errorf("%w: it ends before it begins", errDeclare)
	case length > mostDeclared:
		return o, fmt.Errorf("%w: longer than a week; free days belong in the calendar", errDeclare)
	}
	return o, nil
}

// parseMoment reads "2026-11-23 14.00", or "14.00" of today.
func parseMoment(text string, now time.Time) (time.Time, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ":", ".")
	if !strings.Contains(text, "-") {
		text = now.Format(time.DateOnly) + " " + text
	}
	at, err := time.ParseInLocation("2006-01-02 15.04", text, now.Location())
	if err != nil {
		return at, fmt.Errorf("%q is no moment; accepted: \"2026-11-23 14.00\" or \"14.00\"", text)
	}
	return at, nil
}

func stamp(t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return "still running"
	}
	return t.In(loc).Format("2006-01-02 15.04")
}

type outageListCmd struct {
	config
	Most int `default:"50" help:"How many, the newest first."`
}

// Run prints the ledger.
func (c outageListCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	outages, err := db.Outages(ctx, max(1, min(c.Most, 10_000)))
	if err != nil {
		return err
	}
	return printOutages(io.out, outages, s.loc)
}

func printOutages(w io.Writer, outages []store.Outage, loc *time.Location) error {
	if len(outages) == 0 {
		_, err := fmt.Fprintln(w, "no outage is on the ledger")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "no\tchannel\tfrom\tto\tfor\ttold\tcredited\tnote")
	for _, o := range outages {
		whom, credited := "everybody", "not yet"
		if o.OPD != "" {
			whom = o.OPD
		}
		if !o.CreditedAt.IsZero() {
			credited = stamp(o.CreditedAt, loc)
		}
		_, _ = fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n",
			o.ID, o.Channel, stamp(o.From, loc), stamp(o.To, loc), whom, o.Told, credited, o.Note)
	}
	return t.Flush()
}
