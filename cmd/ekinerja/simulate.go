package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"slices"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/jobs"
	"ekinerja/migrations"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/embedded"
)

// simulateCmd rehearses days: the real jobs, with a clock of its own, in a database
// that is thrown away. Nothing is sent, and the configured database is only read.
type simulateCmd struct {
	config
	Date      roster.Day `required:"" help:"First day to rehearse (YYYY-MM-DD)."`
	To        roster.Day `help:"Last day; the first one when left out."`
	Roster    string     `type:"existingfile" help:"Rehearse with the people of this file (as for roster import) instead of those in the database."`
	Answering int        `default:"0" help:"How many of a hundred people who are asked send a report; 0 shows the worst day."`
	Enrolled  int        `default:"100" help:"With --roster: how many of a hundred people have a chat."`
	Every     int        `default:"1" help:"Minutes from one look of the clock to the next."`
	JSON      bool       `name:"json" help:"Print one JSON object a message, and one with the sums."`
	Sums      bool       `help:"Print only the sums."`
}

// rehearsal is a run of days.
type rehearsal struct {
	cmd      simulateCmd
	settings settings
	io       streams
	scratch  *store.Store
	runner   *jobs.Runner
	turns    *store.Turns
	inbox    *store.Inbox
	now      time.Time
	answers  map[time.Time][]answer // by the minute in which they come
	sums     sums
}

type answer struct {
	employee roster.EmployeeID
	day      roster.Day
	chat     bot.Address
}

// sums are what a rehearsal came to.
type sums struct {
	From     roster.Day     `json:"from"`
	To       roster.Day     `json:"to"`
	People   int            `json:"people"`
	Messages int            `json:"messages"`
	Reports  int            `json:"reports"`
	Kinds    map[string]int `json:"kinds"`
	Most     []peak         `json:"peaks"`
	ByPerson int            `json:"most_to_one_person_a_day"`

	spans map[time.Time]int
	each  map[personOnDay]int
}

// Run rehearses the days and prints what would have gone out.
func (c simulateCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	if c.To.IsZero() {
		c.To = c.Date
	}
	switch {
	case c.To.Before(c.Date) || c.To.Sub(c.Date) > 62:
		return fmt.Errorf("%w: --to is a day from --date on, at most two months later", errConfig)
	case c.Answering < 0 || c.Answering > 100 || c.Enrolled < 0 || c.Enrolled > 100 || c.Every < 1 || c.Every > 30:
		return fmt.Errorf("%w: --answering and --enrolled are 0 to 100, --every 1 to 30", errConfig)
	}
	scratch, stop, err := openScratch(ctx)
	if err != nil {
		return err
	}
	defer stop()
	r := newRehearsal(c, s, io, scratch)
	if err := r.fill(ctx); err != nil {
		return err
	}
	for day := c.Date; !day.After(c.To); day = day.Add(1) {
		if err := r.play(ctx, day); err != nil {
			return err
		}
	}
	return r.close()
}

// openScratch starts a private Postgres in a folder that is removed afterwards.
func openScratch(ctx context.Context) (*store.Store, func(), error) {
	dir, err := os.MkdirTemp("", "ekinerja-simulate-")
	if err != nil {
		return nil, nil, err
	}
	clean := func() { _ = os.RemoveAll(dir) } // what stays is in the machine's folder for such things
	srv, err := embedded.Start(ctx, embedded.Config{DataDir: dir, Fast: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		clean()
		return nil, nil, err
	}
	stop := func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = srv.Stop(ctx) // its folder goes with it
		clean()
	}
	if err := migrations.Up(ctx, srv.URL()); err != nil {
		stop()
		return nil, nil, fmt.Errorf("shape the scratch database: %w", err)
	}
	st, err := store.Open(ctx, store.Config{URL: srv.URL()})
	if err != nil {
		stop()
		return nil, nil, err
	}
	return st, func() { st.Close(); stop() }, nil
}

func newRehearsal(c simulateCmd, s settings, io streams, scratch *store.Store) *rehearsal {
	quiet := slog.New(slog.DiscardHandler)
	r := &rehearsal{
		cmd: c, settings: s, io: io, scratch: scratch, answers: map[time.Time][]answer{},
		sums: sums{From: c.Date, To: c.To, Kinds: map[string]int{}, spans: map[time.Time]int{}, each: map[personOnDay]int{}},
	}
	clock := func() time.Time { return r.now }
	r.runner = jobs.New(jobs.Deps{
		Store: store.Jobs{Store: scratch}, Words: s.words, Policy: s.policy, Rubrics: s.rubrics, Loc: s.loc, Log: quiet,
	})
	r.turns = &store.Turns{Store: scratch, Handler: reporting{s.flow.Ref()}, Log: quiet, Now: clock, Loc: s.loc, Policy: s.storePolicy()}
	r.inbox = &store.Inbox{Store: scratch, Now: clock, Hint: func(string) {}}
	return r
}

// reporting sends a plain report of the day that a message names.
type reporting struct{ flow string }

// Handle implements [store.Handler].
func (h reporting) Handle(_ context.Context, t conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
	out := conversations.Outcome{Session: t.Session}
	day, err := roster.ParseDay(t.Msg.Text)
	if err != nil || t.Person == nil {
		return out, err
	}
	out.Report = &conversations.ReportChange{
		Day: day, Submit: true, At: t.Msg.At, Flow: h.flow, Items: []parse.Item{{Description: "latihan", Minutes: 300, Source: "latihan"}},
	}
	return out, nil
}

// fill puts people into the scratch database.
func (r *rehearsal) fill(ctx context.Context) error {
	if r.cmd.Roster != "" {
		return r.fillFromFile(ctx)
	}
	s := r.settings
	var from *store.Store
	if s.DatabaseURL == "" {
		db, err := s.openDatabase(ctx, slog.New(slog.DiscardHandler), bar[int64](r.io.err, "fetching PostgreSQL"))
		if err != nil {
			return err
		}
		defer db.Close()
		from = db.Store
	} else {
		v, err := migrations.Version(ctx, s.DatabaseURL)
		if err != nil {
			return err
		}
		if v != migrations.Latest() { // it is only read, so it is not changed either
			return fmt.Errorf("the database is at version %d, this program's is %d: run ekinerja migrate first, or the program that fits", v, migrations.Latest())
		}
		if from, err = store.Open(ctx, store.Config{URL: s.DatabaseURL, MaxConns: 2}); err != nil {
			return err
		}
		defer from.Close()
	}
	if err := from.CopyTo(ctx, r.scratch, bar[int](r.io.err, "copying")); err != nil {
		return err
	}
	return r.count(ctx)
}

func (r *rehearsal) count(ctx context.Context) error {
	people, err := r.scratch.Employees(ctx, r.cmd.Date)
	r.sums.People = len(people)
	if err == nil && len(people) == 0 {
		return errors.New("there is nobody to rehearse with: import a roster, or name one with --roster")
	}
	return err
}

func (r *rehearsal) fillFromFile(ctx context.Context) error {
	table, err := readTable(r.cmd.Roster)
	if err != nil {
		return err
	}
	file, problems := roster.Parse(table, nil)
	for _, p := range problems {
		_, _ = fmt.Fprintln(r.io.err, p)
	}
	if !roster.Accepted(problems) {
		return fmt.Errorf("%w: mend the rows above", errNotImported)
	}
	start := r.cmd.Date.Add(-1).At(roster.At24(12, 0), r.settings.loc)
	if err := r.scratch.ApplyImport(ctx, start, r.cmd.Date.Add(-31), file.Employees(), bar[int](r.io.err, "importing")); err != nil {
		return err
	}
	if _, err := r.scratch.GiveChats(ctx, start, func(id roster.EmployeeID) bool { return share(int64(id), roster.Day{}) < r.cmd.Enrolled }); err != nil {
		return err
	}
	return r.count(ctx)
}

// share is a number below 100, the same for a person and day in every run.
func share(id int64, day roster.Day) int {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, id, "/", day) // a hash does not fail
	return int(h.Sum32() % 100)
}

// play lets one day pass.
func (r *rehearsal) play(ctx context.Context, day roster.Day) error {
	progress := bar[int](r.io.err, "rehearsing "+day.String())
	end := day.Add(1).At(0, r.settings.loc)
	step := time.Duration(r.cmd.Every) * time.Minute
	for at := day.At(0, r.settings.loc); at.Before(end); at = at.Add(step) {
		r.now = at
		progress(at.Hour(), 24)
		if err := r.answer(ctx); err != nil {
			return err
		}
		if _, err := r.runner.Tick(ctx, at); err != nil {
			return err
		}
		sent, err := r.scratch.Rehearse(ctx, at)
		if err != nil {
			return err
		}
		for _, m := range sent {
			if err := r.note(m); err != nil {
				return err
			}
		}
	}
	progress(24, 24)
	return nil
}

// note counts and prints a message, and plans the answer to a question.
func (r *rehearsal) note(m store.Rehearsed) error {
	day := roster.DayOf(m.At.In(r.settings.loc))
	r.sums.Messages++
	r.sums.Kinds[m.Kind]++
	r.sums.spans[m.At.Truncate(peakSpan)]++
	if m.Employee != 0 {
		who := personOnDay{m.Employee, day}
		r.sums.each[who]++
		r.sums.ByPerson = max(r.sums.ByPerson, r.sums.each[who])
	}
	if m.Kind == string(conversations.KindAsk) && share(int64(m.Employee), m.About) < r.cmd.Answering {
		// Five minutes to an hour later, the same in every run.
		at := m.At.Add(time.Duration(5+share(int64(m.Employee), m.About.Add(1))*55/100) * time.Minute).Truncate(time.Minute)
		r.answers[at] = append(r.answers[at], answer{m.Employee, m.About, m.Chat})
	}
	if r.cmd.Sums {
		return nil
	}
	return r.print(m)
}

// answer sends the reports whose minute has come.
func (r *rehearsal) answer(ctx context.Context) error {
	var keys []string
	var batch []bot.Received
	for at, all := range r.answers {
		if at.After(r.now) {
			continue
		}
		delete(r.answers, at)
		for _, a := range all {
			batch = append(batch, bot.Received{Raw: []byte("{}"), Msg: bot.MsgIn{
				From: a.chat, Sender: a.chat.ID, ExternalID: fmt.Sprintf("m:%d:%s", a.employee, a.day), At: r.now, Kind: bot.KindText, Text: a.day.String(),
			}})
			keys = append(keys, fmt.Sprintf("e%d", a.employee))
		}
	}
	if len(batch) == 0 {
		return nil
	}
	if err := r.inbox.Receive(ctx, "rehearsal", batch); err != nil {
		return err
	}
	for some := range slices.Chunk(keys, 32) {
		for _, h := range r.turns.HandleAll(ctx, some) {
			if h.Err != nil {
				return h.Err
			}
			r.sums.Reports++
		}
	}
	return nil
}
