package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
)

// rosterCmd works on the list of people.
type rosterCmd struct {
	Import rosterImportCmd `cmd:"" help:"Import people from a CSV or XLSX file: shows what would change, then changes it in one transaction."`
	Export rosterExportCmd `cmd:"" help:"Write the roster in the columns that import reads."`
	Invite rosterInviteCmd `cmd:"" help:"Make single-use invitation links, with a printable sheet of QR codes."`
	Retire rosterRetireCmd `cmd:"" help:"End a person's service: nothing is asked of them any more, what is kept stays."`

	Posts    rosterPostsCmd  `cmd:"" help:"Posts and who holds them."`
	Assign   rosterAssignCmd `cmd:"" help:"Put one person on a post: Plh, Plt, Pj or for good."`
	Mutation mutationCmd     `cmd:"" help:"Move many people on one day."`
	Crew     crewCmd         `cmd:"" help:"Crews for whom a foreman reports."`
	Role     rosterRoleCmd   `cmd:"" help:"Roles besides that of a civil servant: who looks after an office, HR, leaders, operators."`
}

type rosterImportCmd struct {
	config
	File    string `arg:"" type:"existingfile" help:"CSV or XLSX with the columns nip, nama, jenis, jabatan, opd, unit, nip_atasan, hp, pola_kerja, bahasa."`
	DryRun  bool   `help:"Show what would change and stop."`
	Yes     bool   `short:"y" help:"Do not ask."`
	SkipBad bool   `help:"Import the good rows although others are bad; lists what was skipped."`
}

// errNotImported tells a script that nothing was changed; the reason was printed.
var errNotImported = errors.New("nothing was imported")

// Run reads, checks, shows the difference, asks, and applies.
func (c rosterImportCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	table, err := readTable(c.File)
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	now := newClock(s.ClockOffset).Now()
	today := roster.DayOf(now.In(s.loc))
	current, err := db.Employees(ctx, today)
	if err != nil {
		return err
	}
	file, problems := roster.Parse(table, current)
	for _, p := range problems {
		_, _ = fmt.Fprintln(io.err, p)
	}
	if !roster.Accepted(problems) && !c.SkipBad {
		return fmt.Errorf("%w: mend the rows above, or leave them out with --skip-bad", errNotImported)
	}
	if lines := badLines(problems); len(lines) > 0 {
		_, _ = fmt.Fprintf(io.out, "%d rows skipped, lines %v\n", len(lines), lines)
	}
	incoming := file.Employees()
	diff := roster.Compare(current, incoming, roster.Part)
	printDiff(io.out, diff)
	if c.DryRun || len(diff.Added)+len(diff.Changed) == 0 {
		return nil
	}
	if !c.Yes && !agreed(io) {
		return errNotImported
	}
	if err := db.ApplyImport(ctx, now, today, changed(diff, incoming), bar[int](io.err, "importing")); err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "imported: %d added, %d changed\n", len(diff.Added), len(diff.Changed))
	return err
}

// badLines are the lines of the rows that cannot be imported, in order.
func badLines(problems []roster.Problem) (lines []int) {
	for _, p := range problems {
		if !p.Warning && (len(lines) == 0 || lines[len(lines)-1] != p.Line) {
			lines = append(lines, p.Line)
		}
	}
	return lines
}

func readTable(path string) (roster.Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return roster.Table{}, err
	}
	defer func() { _ = f.Close() }() // only read
	t, err := roster.ReadTable(f)
	if err != nil {
		return t, fmt.Errorf("read %s: %w", path, err)
	}
	return t, nil
}

// changed are the rows of the file that the diff says to write.
func changed(d roster.Diff, incoming []roster.Employee) []roster.Employee {
	touched := map[string]bool{}
	for _, e := range d.Added {
		touched[e.Number] = true
	}
	for _, c := range d.Changed {
		touched[c.Number] = true
	}
	var out []roster.Employee
	for _, e := range incoming {
		if touched[e.Number] {
			out = append(out, e)
		}
	}
	return out
}

// maxShown is how many changes of a kind are printed one by one.
const maxShown = 30

func printDiff(w io.Writer, d roster.Diff) {
	for i, e := range d.Added {
		if i == maxShown {
			_, _ = fmt.Fprintf(w, "+ … and %d more\n", len(d.Added)-maxShown)
			break
		}
		_, _ = fmt.Fprintf(w, "+ %s  %s (%s)\n", roster.MaskNumber(e.Number), e.Name, e.OPD)
	}
	for i, c := range d.Changed {
		if i == maxShown {
			_, _ = fmt.Fprintf(w, "~ … and %d more\n", len(d.Changed)-maxShown)
			break
		}
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, fmt.Sprintf("%s: %q → %q", f.Field, f.Old, f.New))
		}
		_, _ = fmt.Fprintf(w, "~ %s  %s: %s\n", roster.MaskNumber(c.Number), c.Name, strings.Join(fields, ", "))
	}
	sum := d.Summary()
	for _, o := range sum.OPDs {
		_, _ = fmt.Fprintf(w, "%s: %d added, %d changed (%d transfers), %d unchanged\n",
			o.OPD, o.Added, o.Changed, o.Transfers, o.Unchanged)
	}
	_, _ = fmt.Fprintf(w, "in all: %d added, %d changed (%d transfers), %d unchanged\n",
		len(d.Added), len(d.Changed), sum.Transfers, d.Unchanged)
}

func agreed(io streams) bool {
	_, _ = fmt.Fprint(io.out, "Apply these changes? [y/N] ")
	answer, _ := bufio.NewReader(io.in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "ya":
		return true
	}
	return false
}

// bar prints progress on one line, for a person who waits.
func bar[N int | int64](w io.Writer, what string) func(done, total N) {
	last := N(-1)
	return func(done, total N) {
		if total <= 0 {
			return
		}
		percent := done * 100 / total
		if percent == last {
			return
		}
		last = percent
		end := "\r"
		if done >= total {
			end = "\n"
		}
		_, _ = fmt.Fprintf(w, "%s %3d%% [%-20s]%s", what, percent, strings.Repeat("#", int(percent/5)), end)
	}
}

type rosterExportCmd struct {
	config
	File string `arg:"" help:"File to write; .csv or .xlsx."`
}

// Run writes the active people in the columns that import reads.
func (c rosterExportCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), nil)
	if err != nil {
		return err
	}
	defer db.Close()
	people, err := db.Employees(ctx, roster.DayOf(newClock(s.ClockOffset).Now().In(s.loc)))
	if err != nil {
		return err
	}
	if err := writeRoster(c.File, people); err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%d people written to %s\n", len(people), c.File)
	return err
}

func writeRoster(path string, people []roster.Employee) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if strings.HasSuffix(strings.ToLower(path), ".xlsx") {
		return roster.WriteXLSX(f, people)
	}
	return roster.WriteCSV(f, people)
}

// calendarCmd works on holidays.
type calendarCmd struct {
	Import calendarImportCmd `cmd:"" help:"Replace the special days of the years in a CSV: tanggal,jenis,nama[,dasar]."`
}

type calendarImportCmd struct {
	config
	File string `arg:"" type:"existingfile" help:"CSV with the columns tanggal, jenis (libur, cuti_bersama, hari_kerja_khusus), nama, dasar."`
}

// Run imports the days; the duties they touch are computed anew.
func (c calendarImportCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	days, problems := roster.ReadCalendarCSV(f)
	for _, p := range problems {
		_, _ = fmt.Fprintln(io.err, p)
	}
	if !roster.Accepted(problems) {
		return errNotImported
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), nil)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.ImportCalendar(ctx, days); err != nil {
		return err
	}
	now := newClock(s.ClockOffset)
	turns := store.Turns{Store: db.Store, Now: now.Now, Loc: s.loc, Policy: s.storePolicy()}
	today := roster.DayOf(now.Now().In(s.loc))
	done, err := turns.Redecide(ctx, store.Redo{First: today.Add(-recentDays), Last: today.Add(1), Why: "calendar", Words: s.words})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%d days imported; the duties of %d people were decided anew, %d were told\n", len(days), done.People, done.Told)
	return err
}

// recentDays are those before today whose duties a new calendar still reaches:
// scores are computed again for as long.
const recentDays = 8

// inviteLife is how long an invitation is good for (reliability: 72 hours).
const inviteLife = 72 * time.Hour
