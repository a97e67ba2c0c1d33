package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
	"ekinerja/bot/whatsapp"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/embedded"
)

//go:embed seed/roster.csv
var seedRoster []byte

// A month's list of the ward, with a 24-hour picket on the 12th.
//
//go:embed seed/sif.csv
var seedSif []byte

//go:embed seed/keys.csv
var seedKeys string

// unlinked people of the seed have no chat: the city is never complete.
const unlinked = "zaenab"

// actor is one person of the simulated city with a phone.
type actor struct {
	key      string // "sri"
	employee roster.Employee
	phone    *fakegram.Person
}

// world is the simulated city in one process: people with phones, the network
// between them, and the real service on a real database.
type world struct {
	settings settings
	clock    *clock
	db       *store.Store
	redis    *embedded.Redis
	net      *fakegram.Server
	group    *fakegram.Group // of the first OPD
	app      *app
	over     chan struct{}     // closed when the city ends
	whatsapp *whatsapp.Adapter // of the next service that is started; nil: none
	service  *demoService      // under the page's buttons; nil without a page
	log      *slog.Logger
	meter    meter // of the next service that is started
	actors   []actor
}

// groupID is the chat of the first OPD's group.
const groupID = -1001720001

// newWorld builds the city on an open database. account makes this run's bot
// another one than earlier runs' on the same database: message ids start anew.
func newWorld(ctx context.Context, s settings, db *store.Store, clk *clock, account int64, log *slog.Logger) (*world, error) {
	w := &world{over: make(chan struct{}), settings: s, clock: clk, db: db, log: log, redis: embedded.StartRedis(clk.Now)}
	w.settings.TelegramToken = fmt.Sprintf("%d:simulated-network", account)
	w.settings.TelegramAPIURL, w.settings.TelegramMode = "http://fakegram.invalid", "poll"
	w.net = fakegram.New(fakegram.Config{
		Token: w.settings.TelegramToken, BotUsername: "ekinerja_solo_bot", BotName: "Laporan Harian Solo", Now: clk.Now,
	})
	if err := w.seed(ctx); err != nil {
		return nil, fmt.Errorf("seed the city: %w", err)
	}
	// Nobody lived in the city while it was put away: that is no outage.
	if _, err := db.Beat(ctx, clk.Now(), 0); err != nil {
		return nil, err
	}
	if err := w.startApp(ctx); err != nil {
		return nil, err
	}
	return w, nil
}

// startApp makes a fresh service on the same city, as after a restart.
func (w *world) startApp(ctx context.Context) (err error) {
	w.app, err = newApp(w.settings, parts{
		store: w.db, clock: w.clock, redis: w.redis, log: w.log,
		http: &http.Client{Transport: fakegram.InProcess(w.net)}, meter: w.meter, whatsapp: w.whatsapp,
	})
	if err != nil {
		return err
	}
	return w.app.Setup(ctx)
}

// seed imports the synthetic roster when the database is empty, and gives
// everybody but one a phone that is already connected.
func (w *world) seed(ctx context.Context) error {
	now := w.clock.Now()
	today := roster.DayOf(now.In(w.settings.loc))
	people, err := w.db.Employees(ctx, today)
	if err != nil {
		return err
	}
	fresh := len(people) == 0
	if fresh {
		if people, err = w.importSeed(ctx, now, today); err != nil {
			return err
		}
	}
	shifts, err := seedShifts(people, today, w.settings.policy.Shifts)
	if err != nil {
		return err
	}
	if err := w.db.PutShifts(ctx, shifts); err != nil {
		return err
	}
	return w.connect(ctx, people, fresh)
}

func (w *world) importSeed(ctx context.Context, now time.Time, today roster.Day) ([]roster.Employee, error) {
	table, err := roster.ReadCSV(bytes.NewReader(seedRoster))
	if err != nil {
		return nil, err
	}
	file, problems := roster.Parse(table, nil)
	if !roster.Accepted(problems) {
		return nil, fmt.Errorf("the seed has %d problems, the first: %s", len(problems), problems[0])
	}
	if err := w.db.ApplyImport(ctx, now, today, file.Employees(), func(int, int) {}); err != nil {
		return nil, err
	}
	return w.db.Employees(ctx, today)
}

// connect gives people phones, in the order of the seed.
func (w *world) connect(ctx context.Context, people []roster.Employee, fresh bool) error {
	byNumber := map[string]roster.Employee{}
	for _, e := range people {
		byNumber[e.Number] = e
	}
	keys, err := csv.NewReader(strings.NewReader(seedKeys)).ReadAll()
	if err != nil {
		return err
	}
	for i, k := range keys[1:] {
		e, ok := byNumber[k[1]]
		if !ok {
			continue
		}
		id := int64(70_001 + i)
		a := actor{key: k[0], employee: e, phone: w.net.Person(id, e.Name, e.Phone)}
		w.actors = append(w.actors, a)
		if a.key == unlinked {
			continue
		}
		a.phone.Open()
		if !fresh {
			continue
		}
		if err := w.db.BindAddress(ctx, w.clock.Now(), e.ID, bot.Address{Network: bot.Telegram, ID: fmt.Sprint(id)}); err != nil {
			return err
		}
	}
	return nil
}

// seedShifts are the ward's list for this month and the next, read as an
// administrator's file is.
func seedShifts(people []roster.Employee, today roster.Day, codes []roster.ShiftCode) ([]roster.Shift, error) {
	var out []roster.Shift
	first := roster.Day{Year: today.Year, Month: today.Month, Date: 1}
	for _, month := range []roster.Day{first, roster.DayOf(time.Date(first.Year, first.Month+1, 1, 0, 0, 0, 0, time.UTC))} {
		list, problems := roster.ReadShifts(bytes.NewReader(shortened(seedSif, month)), roster.ShiftQuery{Month: month, Codes: codes, People: people})
		if !roster.Accepted(problems) {
			return nil, fmt.Errorf("the seed's shifts have %d problems, the first: %s", len(problems), problems[0])
		}
		out = append(out, list.Shifts...)
	}
	return out, nil
}

// shortened leaves the days out that a month has not.
func shortened(list []byte, month roster.Day) []byte {
	const names, longest = 2, 31
	last := time.Date(month.Year, month.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	var b bytes.Buffer
	for line := range strings.Lines(string(list)) {
		cells := strings.Split(strings.TrimSpace(line), ",")
		b.WriteString(strings.Join(cells[:min(len(cells), names+min(last, longest))], ",") + "\n")
	}
	return b.Bytes()
}

// actor finds a person by key; nil when there is none.
func (w *world) actor(key string) *actor {
	for i := range w.actors {
		if w.actors[i].key == key {
			return &w.actors[i]
		}
	}
	return nil
}

// linkGroup makes the first OPD's group and connects it by an invitation, as
// its administrator would.
func (w *world) linkGroup(ctx context.Context, title string) error {
	w.group = w.net.Group(groupID, title)
	inv, err := w.db.CreateGroupInvite(ctx, w.clock.Now(), title, inviteLife)
	if err != nil {
		return err
	}
	head := w.actor("wati").phone
	if _, err := w.group.AddBot(head); err != nil {
		return err
	}
	_, err = w.group.Say(head, "/start@ekinerja_solo_bot "+inv.Token)
	return err
}

// verify seals the record and looks for anything that must never be in the database.
func (w *world) verify(ctx context.Context) ([]store.Finding, error) {
	if _, err := w.db.Seal(ctx); err != nil {
		return nil, err
	}
	found, err := w.db.Verify(ctx, w.clock.Now(), w.settings.rubrics)
	if err != nil {
		return nil, err
	}
	lost, err := w.db.VerifyBlobs(ctx, w.app.keeper.Blobs)
	if lost.Count > 0 {
		found = append(found, lost)
	}
	return found, err
}

// close ends the network and the service; the database is its owner's.
func (w *world) close() {
	close(w.over)
	w.app.Close()
	w.net.Close()
	w.redis.Close()
}
