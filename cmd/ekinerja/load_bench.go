package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
)

// bench is everything that runs during one measurement.
type bench struct {
	network  *fakegram.Server
	phones   []*fakegram.Person
	service  *process
	postgres int // process number of its first process
	redis    *process
	peak     map[string]float64
	closers  []func()
}

// process is one that we started.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

const (
	loadToken  = "1720:load"
	loadSecret = "a-secret-for-load-tests"
)

// open starts all parts; what it started is stopped when it fails.
func (c loadCmd) open(ctx context.Context, people int, io streams) (s *bench, err error) {
	s = &bench{peak: map[string]float64{}}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	dir, err := os.MkdirTemp("", "ekinerja-load-")
	if err != nil {
		return s, fmt.Errorf("make a temporary directory: %w", err)
	}
	s.onClose(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil { // Postgres may have to be another user
		return s, err
	}
	at, err := time.Parse(time.RFC3339, loadDay)
	if err != nil {
		return s, err
	}
	clk := newClock(time.Until(at))
	began := time.Now()
	url, err := c.fill(ctx, s, dir, clk, people)
	if err != nil {
		return s, err
	}
	_, _ = fmt.Fprintf(io.err, "a database of %d people was made in %.0f s\n", people+c.Others, time.Since(began).Seconds())
	redis := c.Redis
	if redis == "" {
		redis = s.startRedis(dir, io)
	}
	s.network = fakegram.New(fakegram.Config{
		Token: loadToken, BotUsername: "ekinerja_load_bot", BotName: "Laporan Harian", Now: clk.Now,
		Limits: fakegram.NoLimits(), KeepMessages: 20, KeepCalls: 16,
	})
	s.onClose(s.network.Close)
	api, err := s.serveNetwork(ctx)
	if err != nil {
		return s, err
	}
	for i := range people {
		p := s.network.Person(loadChat(i), "Pegawai "+strconv.Itoa(i), "62"+strconv.Itoa(i))
		p.Open()
		s.phones = append(s.phones, p)
	}
	env := append(c.environment(clk, url, redis), "EKINERJA_TELEGRAM_API_URL=http://"+api)
	return s, s.startService(ctx, env, c.Pprof, io)
}

func loadChat(i int) int64 { return int64(100_001 + i) }

func (s *bench) onClose(f func()) { s.closers = append(s.closers, f) }

// close stops what was started, the last first.
func (s *bench) close() {
	for _, f := range slices.Backward(s.closers) {
		f()
	}
	s.closers = nil
}

// serveNetwork serves the simulated network at the address it returns.
func (s *bench) serveNetwork(ctx context.Context) (addr string, err error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("open a port for the network: %w", err)
	}
	srv := &http.Server{Handler: s.network, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(ln) }() // ends at Close
	s.onClose(func() { _ = srv.Close() })
	return ln.Addr().String(), nil
}

// fill opens the given or a private Postgres and fills it with people.
func (c loadCmd) fill(ctx context.Context, s *bench, dir string, clk *clock, people int) (string, error) {
	set := settings{config: config{DatabaseURL: c.Database, DataDir: dir}}
	db, err := set.openDatabase(ctx, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return "", err
	}
	s.onClose(db.Close)
	backend, err := db.Backend(ctx)
	if err != nil {
		return "", err
	}
	if st, ok := statOf(backend); ok { // a server on another machine is not measured
		s.postgres = st.parent
	}
	return db.url, seedLoad(ctx, db.Store, clk.Now(), people, c.Others)
}

// seedLoad puts people on the roster: first those who will report, with their
// chats, then the others, with none.
func seedLoad(ctx context.Context, db *store.Store, now time.Time, people, others int) error {
	day := roster.DayOf(now)
	have, err := db.Employees(ctx, day)
	if err != nil {
		return err
	}
	if len(have) > 0 {
		return fmt.Errorf("%w: the database of a load test must be empty; this one holds %d people", errConfig, len(have))
	}
	incoming := make([]roster.Employee, people+others)
	for i := range incoming {
		incoming[i] = roster.Employee{
			Number: fmt.Sprintf("L%07d", i), Name: fmt.Sprintf("Pegawai %d", i), Kind: roster.NonASN, Sex: roster.Male,
			OPD: fmt.Sprintf("Dinas %d", i/1000), Unit: fmt.Sprintf("Bidang %d", i/50),
			Phone: fmt.Sprintf("+6281%08d", i), Pattern: roster.FiveDays,
		}
		if i%10 != 0 {
			incoming[i].Supervisor = fmt.Sprintf("L%07d", i/10*10)
		}
	}
	if err := db.ApplyImport(ctx, now, day, incoming, nil); err != nil {
		return err
	}
	all, err := db.Employees(ctx, day)
	if err != nil {
		return err
	}
	for _, e := range all {
		n, err := strconv.Atoi(e.Number[1:])
		if err != nil || n >= people {
			continue
		}
		to := bot.Address{Network: bot.Telegram, ID: strconv.FormatInt(loadChat(n), 10)}
		if err := db.BindAddress(ctx, now, e.ID, to); err != nil {
			return err
		}
	}
	return nil
}

// startRedis runs redis-server where there is one and answers its URL.
func (s *bench) startRedis(dir string, io streams) string {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return ""
	}
	socket := filepath.Join(dir, "redis.sock")
	cmd := exec.Command(path, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir)
	if s.redis, err = start(cmd); err != nil {
		_, _ = fmt.Fprintln(io.err, "redis-server not started:", err)
		return ""
	}
	s.onClose(s.redis.stop)
	return "unix://" + socket
}

// environment configures the service as an operator would, but for the limits.
func (c loadCmd) environment(clk *clock, url, redis string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
		"EKINERJA_DATABASE_URL=" + url, "EKINERJA_REDIS_URL=" + redis, "EKINERJA_TELEGRAM_TOKEN=" + loadToken,
		"EKINERJA_TELEGRAM_MODE=" + c.Mode, "EKINERJA_TELEGRAM_WEBHOOK_SECRET=" + loadSecret,
		"EKINERJA_TELEGRAM_UNLIMITED=true", "EKINERJA_CLOCK_OFFSET=" + time.Until(clk.Now()).String(),
	}
}

// startService runs this very program with "serve".
func (s *bench) startService(ctx context.Context, env []string, profile string, io streams) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0") // a port that is free now
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	cmd := exec.Command(self, "serve")
	cmd.Stderr = io.err
	cmd.Env = append(env, "EKINERJA_LISTEN="+addr, "EKINERJA_PUBLIC_URL=http://"+addr, "EKINERJA_PPROF="+profile)
	if s.service, err = start(cmd); err != nil {
		return fmt.Errorf("start the service: %w", err)
	}
	s.onClose(s.service.stop)
	return nil
}

func start(cmd *exec.Cmd) (*process, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // told by ended
		close(p.ended)
	}()
	return p, nil
}

// stop asks the process to end, and makes it after 30 seconds.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// pass lets d pass and looks at the memory every second.
func (s *bench) pass(ctx context.Context, d time.Duration) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	end := time.NewTimer(d)
	defer end.Stop()
	for {
		select {
		case <-end.C:
			return nil
		case <-tick.C:
			s.weigh()
		case <-s.service.ended:
			return errors.New("the service ended by itself")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pids are the processes that are measured.
func (s *bench) pids() map[string]int {
	out := map[string]int{ofLoad: os.Getpid(), ofService: s.service.cmd.Process.Pid}
	if s.postgres != 0 {
		out[ofPostgres] = s.postgres
	}
	if s.redis != nil {
		out[ofRedis] = s.redis.cmd.Process.Pid
	}
	return out
}

func (s *bench) weigh() {
	for who, pid := range s.pids() {
		if who != ofLoad {
			s.peak[who] = max(s.peak[who], memoryOf(pid))
		}
	}
}

func (s *bench) usage() usage {
	out := usage{}
	for who, pid := range s.pids() {
		if who == ofLoad {
			own, _ := statOf(pid)
			out[who] = own.own
			continue
		}
		out[who] = cpuOf(pid)
	}
	return out
}
