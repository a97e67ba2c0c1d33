package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrRunning says that a server already works on this data directory.
var ErrRunning = errors.New("PostgreSQL is already running")

// ErrOtherVersion says that the data was written by another major version than
// that of the programs found; only the same one can read it.
var ErrOtherVersion = errors.New("data of another PostgreSQL version")

// handover is how long the server of a killed process may take to end; its
// fast shutdown was seen to need less than 0.4 s.
const handover = 10 * time.Second

// directory is a data directory and what lies in it:
//
//	data/         the cluster             lock           held while a server of ours lives
//	data.new-…/   an unfinished initdb    postgres.log   the server's own complaints
//	s/            the socket
type directory string

func (d directory) data() string    { return filepath.Join(string(d), "data") }
func (d directory) pidFile() string { return filepath.Join(d.data(), "postmaster.pid") }
func (d directory) log() string     { return filepath.Join(string(d), "postgres.log") }

// claim makes the directory ours until the returned file is closed.
func (d directory) claim() (*os.File, error) {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(string(d), "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock of data directory: %w", err)
	}
	ours, err := tryLock(f)
	if err == nil && !ours {
		err = d.running()
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("claim data directory: %w", err)
	}
	return f, nil
}

// running says in one sentence what runs here.
func (d directory) running() error {
	p, ok := d.postmaster()
	if !ok {
		return fmt.Errorf("%w: another process is starting it on %s; wait for it or choose another data directory", ErrRunning, d)
	}
	return fmt.Errorf("%w: pid %d since %s on %s; stop it or choose another data directory",
		ErrRunning, p.pid, p.since.Format(time.RFC3339), d)
}

// version is the major version of the cluster, 0 when there is none.
func (d directory) version() (int, error) {
	raw, err := os.ReadFile(filepath.Join(d.data(), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read version of data: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return 0, fmt.Errorf("read version of data: %w", err)
	}
	return major, nil
}

// postmaster is what a server writes about itself into postmaster.pid.
type postmaster struct {
	pid   int
	since time.Time
	ready bool
}

// postmaster reads the file; false when there is none or it is still being written.
func (d directory) postmaster() (postmaster, bool) {
	raw, err := os.ReadFile(d.pidFile())
	if err != nil {
		return postmaster{}, false
	}
	lines := strings.Split(string(raw), "\n")
	if len(lines) < 3 {
		return postmaster{}, false
	}
	pid, err1 := strconv.Atoi(strings.TrimSpace(lines[0]))
	sec, err2 := strconv.ParseInt(strings.TrimSpace(lines[2]), 10, 64)
	ready := len(lines) >= 8 && strings.TrimSpace(lines[7]) == "ready"
	return postmaster{pid: pid, since: time.Unix(sec, 0).UTC(), ready: ready}, err1 == nil && err2 == nil
}

// vacate waits for the server of a process that was killed a moment ago, and for
// sessions that outlive a killed server. It must be called with the directory claimed.
func (d directory) vacate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, handover)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		p, ok := d.postmaster()
		if !ok {
			return nil
		}
		used, known := d.used(p.pid)
		switch {
		case known && !used:
			return d.dropStale(p)
		case !known && !exists(p.pid):
			return nil
		}
		select {
		case <-ctx.Done():
			return d.running()
		case <-tick.C:
		}
	}
}

// dropStale removes a postmaster.pid whose number has gone to a stranger: after a
// restart of a container numbers repeat, and PostgreSQL would take the stranger
// for itself. Otherwise the file stays, it is PostgreSQL's own affair.
func (d directory) dropStale(p postmaster) error {
	if !exists(p.pid) {
		return nil
	}
	if err := os.Remove(d.pidFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove stale postmaster.pid: %w", err)
	}
	return nil
}

// used says whether any process works inside the cluster: postmaster and
// sessions alike have it as their working directory. A process of the given
// number that hides its directory counts. known is false where nothing can be seen.
func (d directory) used(postmaster int) (used, known bool) {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // well formed
	real, err := filepath.EvalSymlinks(d.data())
	if err != nil || len(links) == 0 {
		return false, false
	}
	suspect := fmt.Sprintf("/proc/%d/cwd", postmaster)
	for _, link := range links {
		cwd, err := os.Readlink(link)
		if cwd == real || link == suspect && errors.Is(err, os.ErrPermission) {
			return true, true
		}
	}
	return false, true
}
