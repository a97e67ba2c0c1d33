package embedded_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/embedded"
)

// childDir, when set, makes the test binary a program that starts a server
// there, says "ready PID" and then waits to be killed.
const childDir = "EKINERJA_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

func child(dir string) int {
	s, err := embedded.Start(context.Background(), embedded.Config{DataDir: dir, Fast: true})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println("ready", s.PID())
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test dies, if it does not kill us
	return 0
}

// people are the users whom the child is run as.
func people() map[string]*syscall.Credential {
	if os.Geteuid() != 0 {
		return map[string]*syscall.Credential{"present user": nil}
	}
	return map[string]*syscall.Credential{
		"root":   nil,
		"nobody": {Uid: 65534, Gid: 65534},
	}
}

func TestNoOrphanAfterKill(t *testing.T) {
	t.Parallel()
	for name, who := range people() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := openDir(t)
			first := startChild(t, dir, who)
			second := exec.Command(binary(t, dir))
			run(second, dir, who)
			out, err := second.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "already running: pid "+first.server) {
				t.Errorf("a second program: %v, %q; want to hear of pid %s", err, out, first.server)
			}
			if err := first.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = first.cmd.Wait() // "signal: killed"
			begun := time.Now()
			awaitGone(t, dir)
			t.Logf("PostgreSQL was gone %v after its parent", time.Since(begun).Round(time.Millisecond))
		})
	}
}

// The next program must not trip over the one that is just ending.
func TestStartRightAfterKill(t *testing.T) {
	t.Parallel()
	for name, who := range people() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := openDir(t)
			for range 3 {
				c := startChild(t, dir, who)
				if err := c.cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				_ = c.cmd.Wait() // "signal: killed"
			}
		})
	}
}

// A killed server leaves its postmaster.pid; recovery must follow.
func TestStartAfterServerWasKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, embedded.Config{DataDir: dir, Fast: true})
	for range 5 { // sessions that may outlive the server for a moment
		conn, err := pgx.Connect(t.Context(), s.URL())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.Background()) }) // long dead
	}
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Stop(t.Context()); err == nil {
		t.Error("Stop of a killed server has nothing to say")
	}
	again := start(t, embedded.Config{DataDir: dir, Fast: true})
	if got := query(t, again.URL(), "SELECT 'recovered'"); got != "recovered" {
		t.Errorf("got %q", got)
	}
}

// After a restart of a container the number in postmaster.pid may be anyone's.
func TestStartThoughAStrangerHasTheNumber(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, embedded.Config{DataDir: dir, Fast: true})
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	stranger := exec.Command("sleep", "60")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Process.Kill(); _ = stranger.Wait() }()
	stale := fmt.Sprintf("%d\n%s/data\n1700000000\n5432\n%s/s\n\n\nready\n", stranger.Process.Pid, dir, dir)
	if err := os.WriteFile(filepath.Join(dir, "data", "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, embedded.Config{DataDir: dir, Fast: true})
}

type running struct {
	cmd    *exec.Cmd
	server string // process number
}

func startChild(t *testing.T, dir string, who *syscall.Credential) running {
	t.Helper()
	cmd := exec.Command(binary(t, dir))
	run(cmd, dir, who)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	pid, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		t.Fatalf("the child said %q", line)
	}
	return running{cmd, pid}
}

func run(cmd *exec.Cmd, dir string, who *syscall.Credential) {
	cmd.Env = append(os.Environ(), childDir+"="+filepath.Join(dir, "pg"))
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
}

// openDir is a directory that any user may enter and write, unlike t.TempDir.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "ekinerja-kill-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		awaitGone(t, dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// binary is this test's program, where every user may run it.
func binary(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(dir, "child")
	if _, err := os.Stat(to); err == nil {
		return to
	}
	raw, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o755); err != nil {
		t.Fatal(err)
	}
	return to
}

// awaitGone waits until no process works in the cluster below dir.
func awaitGone(t *testing.T, dir string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	give, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		found := ""
		links, _ := filepath.Glob("/proc/[0-9]*/cwd")
		for _, link := range links {
			cwd, err := os.Readlink(link)
			if err == nil && cwd == filepath.Join(dir, "pg", "data") {
				found = link
			}
		}
		if found == "" {
			return
		}
		select {
		case <-give.Done():
			t.Fatal(errors.New("PostgreSQL is an orphan: " + found))
		case <-tick.C:
		}
	}
}
