package storetest_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"ekinerja/store/embedded"
	"ekinerja/store/storetest"
)

// again runs one test of this binary in a process of its own.
func again(t *testing.T, test string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.count=1", "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

func TestMissingPrograms(t *testing.T) {
	t.Parallel()
	nothing := t.TempDir()
	for name, c := range map[string]struct {
		test string
		env  []string
		fail bool
		says string
	}{
		"PostgreSQL, local": {"TestEveryTestHasItsOwnDatabase", []string{"CI=", "EKINERJA_TEST_DATABASE_URL=", "EKINERJA_PG_BIN=" + nothing}, false, "NOT TESTED: PostgreSQL is missing"},
		"PostgreSQL, CI":    {"TestEveryTestHasItsOwnDatabase", []string{"CI=true", "EKINERJA_TEST_DATABASE_URL=", "EKINERJA_PG_BIN=" + nothing}, true, "PostgreSQL is missing, and CI is true"},
		"Redis, local":      {"TestEveryTestHasItsOwnKeys", []string{"CI=", "PATH=" + nothing}, false, "tested against an imitation"},
		"Redis, CI":         {"TestEveryTestHasItsOwnKeys", []string{"CI=true", "PATH=" + nothing}, true, "redis-server is missing, and CI is true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := again(t, c.test, c.env...).CombinedOutput()
			if (err != nil) != c.fail || !strings.Contains(string(out), c.says) {
				t.Errorf("ended with %v; want failure %v and %q in\n%s", err, c.fail, c.says, out)
			}
		})
	}
}

// Many test binaries may share one server: the template is made once, and
// nothing but the template stays.
func TestManyBinariesShareAServer(t *testing.T) {
	t.Parallel()
	s, err := embedded.Start(t.Context(), embedded.Config{DataDir: t.TempDir(), Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	var g errgroup.Group
	for range 3 {
		g.Go(func() error {
			out, err := again(t, "TestEveryTestHasItsOwnDatabase", "EKINERJA_TEST_DATABASE_URL="+s.URL()).CombinedOutput()
			if err != nil {
				t.Errorf("%s", out)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	var left string
	const sql = `SELECT string_agg(datname, ' ') FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'`
	if err := connect(t, s.URL()).QueryRow(t.Context(), sql).Scan(&left); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(left, "tpl_") || strings.Contains(left, " ") {
		t.Errorf("databases left: %q, want one template", left)
	}
}

// holdDir, when set, makes TestHold tell where its servers live and then wait.
const holdDir = "EKINERJA_TEST_HOLD"

func TestHold(t *testing.T) {
	t.Parallel()
	if os.Getenv(holdDir) == "" {
		return // work for the next test's child only
	}
	conn := connect(t, storetest.New(t))
	var data string
	if err := conn.QueryRow(t.Context(), "SHOW data_directory").Scan(&data); err != nil {
		t.Fatal(err)
	}
	socket := strings.TrimPrefix(storetest.Redis(t), "unix://")
	_, _ = os.Stdout.WriteString("hold " + filepath.Dir(data) + " " + filepath.Dir(socket) + "\n")
	<-t.Context().Done()
}

func TestNothingStaysOfAKilledBinary(t *testing.T) {
	t.Parallel()
	cmd := again(t, "TestHold", holdDir+"=1", "EKINERJA_TEST_DATABASE_URL=")
	out := &lines{}
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dirs []string
	await(t, "the child's servers", func() bool {
		_, rest, found := strings.Cut(out.String(), "hold ")
		line, _, whole := strings.Cut(rest, "\n")
		dirs = strings.Fields(line)
		return found && whole
	})
	for _, dir := range dirs {
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("before: %v", err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // "signal: killed"
	for _, dir := range dirs {
		await(t, dir+" to go", func() bool {
			_, err := os.Stat(dir)
			return os.IsNotExist(err)
		})
	}
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

// lines is what a child has written so far.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
