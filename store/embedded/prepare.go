package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// socketLimit is what the kernel's address of a Unix socket can hold: 107 bytes
// on Linux, 103 elsewhere, less the name that PostgreSQL appends.
const socketLimit = 103 - len("/.s.PGSQL.5432")

// choose settles which programs serve the data and as whom.
func (s *Server) choose(ctx context.Context) error {
	want, err := s.dir.version()
	if err != nil {
		return err
	}
	dirs, err := s.find(ctx)
	if err != nil {
		return err
	}
	var last error
	var other programs
	for _, dir := range dirs {
		bin, who, err := s.runnable(ctx, dir)
		switch {
		case err != nil:
			last = err
		case bin.major < oldest:
			last = fmt.Errorf("%s holds PostgreSQL %s, too old: %d or newer is needed", dir, bin.full, oldest)
		case want != 0 && bin.major != want:
			other = bin
		default:
			s.bin, s.who = bin, who
			return nil
		}
	}
	if other.dir != "" {
		return fmt.Errorf("%w: %s was written by PostgreSQL %d, the programs found are %d (%s); "+
			"install PostgreSQL %d, or set EKINERJA_PG_BIN to its programs, or move the directory away to begin anew",
			ErrOtherVersion, s.dir.data(), want, other.major, other.dir, want)
	}
	return fmt.Errorf("no way to run PostgreSQL here, set EKINERJA_DATABASE_URL or run as an ordinary user: %w", last)
}

// find lists directories of programs, fetching them when there are none.
func (s *Server) find(ctx context.Context) ([]string, error) {
	f := s.cfg.finder
	if f == nil {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = string(s.dir) // no home: keep the programs beside the data
		}
		f = &finder{
			env: os.Getenv, lookPath: exec.LookPath, places: places,
			cache: filepath.Join(cache, "ekinerja", "postgresql-"+pinnedVersion),
		}
	}
	dirs, err := f.candidates(s.cfg.Binaries)
	if err != nil || len(dirs) > 0 {
		return dirs, err
	}
	if err := s.obtain(ctx, f.cache); err != nil {
		return nil, err
	}
	return f.candidates(s.cfg.Binaries)
}

// runnable finds the first identity that can run the programs in dir.
func (s *Server) runnable(ctx context.Context, dir string) (programs, identity, error) {
	var errs []error
	for _, who := range s.cfg.ways(ownerOf(s.dir.data())) {
		err := who.own(string(s.dir))
		if err == nil {
			var bin programs
			if bin, err = inspect(ctx, dir, string(s.dir), who); err == nil {
				return bin, who, nil
			}
		}
		errs = append(errs, fmt.Errorf("as %s: %w", who.name, err))
	}
	return programs{}, identity{}, errors.Join(errs...)
}

// prepareSocket makes the directory of the socket: beside the data, or, where
// that path is too long for a socket's address, a short one that Stop removes.
func (s *Server) prepareSocket() error {
	s.socket = filepath.Join(string(s.dir), "s")
	if len(s.socket) > socketLimit {
		dir, err := os.MkdirTemp("/tmp", "ekinerja-")
		if err != nil {
			return fmt.Errorf("make socket directory: %w", err)
		}
		s.socket = dir
	} else if err := os.MkdirAll(s.socket, 0o700); err != nil {
		return fmt.Errorf("make socket directory: %w", err)
	}
	return s.who.own(s.socket)
}

// initialize makes the cluster once. It is made beside its place and moved
// there when complete, so a start that was cut off leaves nothing half done. The
// name is new each time: an initdb that lost its parent tidies up after itself.
func (s *Server) initialize(ctx context.Context) error {
	const prefix = "data.new-"
	unfinished, _ := filepath.Glob(filepath.Join(string(s.dir), prefix+"*")) // well formed
	for _, dir := range unfinished {
		_ = os.RemoveAll(dir) // what cannot go now goes at the next start
	}
	if major, err := s.dir.version(); err != nil || major != 0 {
		return err
	}
	fresh, err := os.MkdirTemp(string(s.dir), prefix)
	if err != nil {
		return fmt.Errorf("make database cluster: %w", err)
	}
	if err := s.who.own(fresh); err != nil {
		return err
	}
	if err := s.initdb(ctx, fresh); err != nil {
		return fmt.Errorf("make database cluster: %w", err)
	}
	if err := os.Rename(fresh, s.dir.data()); err != nil {
		return fmt.Errorf("make database cluster: %w", err)
	}
	return nil
}

func (s *Server) initdb(ctx context.Context, dir string) error {
	args := []string{"-D", dir, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"}
	if s.cfg.Fast {
		args = append(args, "--no-sync", "--wal-segsize=1")
	} else {
		args = append(args, "--data-checksums")
	}
	cmd := exec.CommandContext(ctx, s.bin.path("initdb"), args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = string(s.dir), environment(), s.who.attr()
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	cmd.WaitDelay = 5 * time.Second
	return tethered(func() error {
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	})
}
