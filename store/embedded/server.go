package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Config says where the server lives and how it treats data.
type Config struct {
	DataDir  string // made when missing; everything of the server lies here
	Binaries string // directory of postgres and initdb; empty: EKINERJA_PG_BIN, then a search
	// Fast gives up durability for speed. For tests only: a power cut, even a
	// crash of the machine, may destroy everything.
	Fast bool
	Log  *slog.Logger // nil: silent
	// Progress hears how many bytes of a fetched archive are unpacked, first
	// with 0 of the total when the transfer begins. Nil: silent.
	Progress func(done, total int64)

	// What tests replace; nil means the real one.
	finder *finder                    // what is on this machine
	fetch  fetcher                    // how an archive comes here
	ways   func(owner int) []identity // who may run the server
}

// Server is a running PostgreSQL of ours.
type Server struct {
	cfg     Config
	dir     directory
	socket  string // directory
	lock    *os.File
	log     *os.File
	who     identity
	bin     programs
	cmd     *exec.Cmd
	done    chan struct{} // closed when the process has ended
	exit    error         // its end; read after done
	stop    sync.Once
	stopErr error
}

// Start runs PostgreSQL on cfg.DataDir and returns when it answers. The first
// start makes the cluster. ctx bounds the start only, not the life of the server.
//
// It fails with [ErrRunning], [ErrOtherVersion] or [ErrNoBinaries]; each error's
// text tells the person what to do.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	root, err := filepath.Abs(cfg.DataDir)
	if err != nil {
		return nil, fmt.Errorf("find data directory: %w", err)
	}
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	if cfg.ways == nil {
		cfg.ways = identities
	}
	s := &Server{cfg: cfg, dir: directory(root), done: make(chan struct{})}
	if s.lock, err = s.dir.claim(); err != nil {
		return nil, err
	}
	if err := s.boot(ctx); err != nil {
		s.release()
		return nil, err
	}
	p, _ := s.dir.postmaster()
	cfg.Log.Info("embedded PostgreSQL is ready", "pid", p.pid, "version", s.bin.full, "dir", root, "as", s.who.name)
	return s, nil
}

func (s *Server) boot(ctx context.Context) error {
	if err := s.dir.vacate(ctx); err != nil {
		return err
	}
	if err := s.choose(ctx); err != nil {
		return err
	}
	if err := s.prepareSocket(); err != nil {
		return err
	}
	if err := s.initialize(ctx); err != nil {
		return err
	}
	if err := s.launch(); err != nil {
		return err
	}
	return s.awaitReady(ctx)
}

// URL is a pgx connection string of the default database.
func (s *Server) URL() string { return s.URLFor("postgres") }

// URLFor is a pgx connection string of the named database.
func (s *Server) URLFor(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/" + database,
		RawQuery: url.Values{"host": {s.socket}, "port": {"5432"}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// PID is the process number of the server.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Version is the server's version: "15.18".
func (s *Server) Version() string { return s.bin.full }

// Done is closed when the server has ended, asked or not.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends the server: sessions are cut, everything committed is kept. When ctx
// ends first the server is killed and recovers at the next start. Later calls
// return what the first returned.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() { s.stopErr = s.shutdown(ctx); s.release() })
	return s.stopErr
}

func (s *Server) shutdown(ctx context.Context) error {
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	select {
	case <-s.done:
	case <-ctx.Done():
		_ = s.cmd.Process.Signal(syscall.SIGQUIT) // an error here means it has just ended
		<-s.done
		return fmt.Errorf("stop PostgreSQL: cut short, it will recover at the next start: %w", ctx.Err())
	}
	if s.exit != nil {
		return fmt.Errorf("stop PostgreSQL: %w", s.exit)
	}
	return nil
}

// release gives back what a running server holds; the data stays.
func (s *Server) release() {
	if s.log != nil {
		s.log.Close()
	}
	if s.socket != "" && filepath.Dir(s.socket) != string(s.dir) {
		os.RemoveAll(s.socket)
	}
	unlock(s.lock)
}

// launch starts the process and watches it, from a thread that lives as long as
// the server (see tethered).
func (s *Server) launch() error {
	var err error
	if s.log, err = openLog(s.dir.log()); err != nil {
		return err
	}
	s.cmd = exec.Command(s.bin.path("postgres"), s.arguments()...)
	s.cmd.Dir, s.cmd.Env, s.cmd.SysProcAttr = string(s.dir), environment(), s.who.attr()
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			s.exit = s.cmd.Wait()
			close(s.done)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	return nil
}

func (s *Server) arguments() []string {
	settings := []string{
		"listen_addresses=", "unix_socket_permissions=0700", "max_connections=100", "timezone=UTC",
		"log_timezone=UTC", "logging_collector=off",
		// The log must hold no one's words: no statements, no rows in details.
		"log_min_error_statement=panic", "log_error_verbosity=terse", "log_min_duration_statement=-1",
	}
	if s.cfg.Fast {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
	} else {
		settings = append(settings, "fsync=on", "synchronous_commit=on", "full_page_writes=on")
	}
	args := []string{"-D", s.dir.data(), "-k", s.socket, "-p", "5432"}
	for _, kv := range settings {
		args = append(args, "-c", kv)
	}
	return args
}

// awaitReady waits until the server says so in postmaster.pid: earlier it
// accepts sessions only to refuse them.
func (s *Server) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if p, ok := s.dir.postmaster(); ok && p.ready && p.pid == s.PID() {
			return nil
		}
		select {
		case <-s.done:
			return fmt.Errorf("start PostgreSQL: it ended (%s) and said: %s", s.cmd.ProcessState, tail(s.dir.log()))
		case <-ctx.Done():
			_ = s.cmd.Process.Signal(syscall.SIGQUIT) // an error here means it has just ended
			<-s.done
			return fmt.Errorf("start PostgreSQL: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// logLimit is the size at which the next start begins a new log; one old one is kept.
const logLimit = 8 << 20

func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, fmt.Errorf("turn over PostgreSQL's log: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL's log: %w", err)
	}
	return f, nil
}

// tail is the end of a log, for an error's text.
func tail(path string) string {
	raw, _ := os.ReadFile(path) // no log, nothing to quote
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return strings.Join(lines[max(0, len(lines)-4):], "; ")
}
