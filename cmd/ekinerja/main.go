// Command ekinerja asks civil servants what they worked on, keeps their
// answers, reminds the silent, tells supervisors, and posts weekly scores.
//
// It is the only package that knows all others: flags, configuration, wiring,
// start and stop. One file holds one command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"ekinerja/scoring"
)

// cli is every command; the structs carry their flags and their Run.
type cli struct {
	Demo       demoCmd       `cmd:"" help:"Show a working day with simulated phones in the browser; needs nothing installed or configured."`
	Serve      serveCmd      `cmd:"" help:"Serve a real bot."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the database to this version's shape."`
	Roster     rosterCmd     `cmd:"" help:"Import, export and invite people."`
	Plan       planCmd       `cmd:"" help:"Import and export plans of work and activity banks."`
	Outage     outageCmd     `cmd:"" help:"Declare and list outages."`
	Calendar   calendarCmd   `cmd:"" help:"Import holidays and joint leave."`
	Shifts     shiftsCmd     `cmd:"" help:"Import shift lists."`
	Absence    absenceCmd    `cmd:"" help:"Import leave and other absences."`
	Attendance attendanceCmd `cmd:"" help:"Attendance machines: import, pull, who may send, whose PIN is whose."`
	Score      scoreCmd      `cmd:"" help:"Check rules of scoring, explain a score, and see what other rules would change."`
	Preflight  preflightCmd  `cmd:"" help:"Look at a coming day: who will be asked, who cannot be reached, what is broken in the line of command."`
	Simulate   simulateCmd   `cmd:"" help:"Rehearse days and print every message that would go out, when, to whom and why; sends nothing."`
	WhatsApp   whatsappCmd   `cmd:"" name:"whatsapp" help:"The WhatsApp number beside Telegram: link, look, unlink."`
	Flow       flowCmd       `cmd:"" help:"Check and try files of questions."`
	Parse      parseCmd      `cmd:"" help:"Read messages (one JSON string a line) and print what was understood (JSON lines)."`
	Load       loadCmd       `cmd:"" help:"Measure the service under load, with simulated people and real processes."`
	Doctor     doctorCmd     `cmd:"" help:"Say in plain words what is wrong."`
	Verify     verifyCmd     `cmd:"" help:"Look for anything in the database that must never be there; exit 1 when something is."`
	Restored   restoredCmd   `cmd:"" help:"Make a database that came back from a backup fit to serve; run it once, before serve."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// run is main with everything given, so that a test can call it.
func run(ctx context.Context, args []string, io streams) (code int) {
	var c cli
	exited := false
	parser, err := kong.New(&c,
		kong.Name("ekinerja"),
		kong.Description("Daily reports of civil servants, by chat."),
		kong.UsageOnError(),
		kong.Vars{"profiles": strings.Join(scoring.Profiles(), ",")},
		kong.Writers(io.out, io.err),
		kong.Exit(func(n int) { code, exited = n, true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(io),
	)
	if err != nil {
		_, _ = fmt.Fprintln(io.err, "ekinerja:", err)
		return 2
	}
	k, err := parser.Parse(args)
	if exited { // --help
		return code
	}
	if err != nil {
		_, _ = fmt.Fprintln(io.err, "ekinerja:", err)
		return 2
	}
	if err := k.Run(); err != nil && !errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(io.err, "ekinerja:", err)
		if errors.Is(err, errConfig) {
			return 2
		}
		return 1
	}
	return 0
}

// newLog writes structured lines for an operator: ids only.
func newLog(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
