package embedded

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
)

// entry is one file of a made-up archive.
type entry struct{ name, body string }

var good = []entry{
	{"package/package.json", `{}`},
	{"package/native/bin/postgres", "#!/bin/sh\n"},
	{"package/native/bin/initdb", "#!/bin/sh\n"},
	{"package/native/lib/libpq.so.5.18", "library"},
	{"package/native/share/postgresql/postgres.bki", "catalogue"},
	{"package/native/pg-symlinks.json", `[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`},
}

// archive writes entries to a file and pins it.
func archive(t *testing.T, entries []entry) (string, pin) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.tgz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	zipped := gzip.NewWriter(io.MultiWriter(f, sum))
	files := tar.NewWriter(zipped)
	for _, e := range entries {
		if err := files.WriteHeader(&tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(e.body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(files.Close(), zipped.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path, pin{sha256: hex.EncodeToString(sum.Sum(nil))}
}

func bring(path string) fetcher {
	return func(context.Context, pin, string) (string, error) { return path, nil }
}

func TestInstall(t *testing.T) {
	t.Parallel()
	path, p := archive(t, good)
	target := filepath.Join(t.TempDir(), "cache", "pg")
	var told []int64
	err := install(t.Context(), p, target, bring(path), func(done, total int64) { told = append(told, done, total) })
	if err != nil {
		t.Fatal(err)
	}
	if !complete(filepath.Join(target, "bin")) {
		t.Error("the programs cannot be run")
	}
	raw, err := os.ReadFile(filepath.Join(target, "lib", "libpq.so.5"))
	if err != nil || string(raw) != "library" {
		t.Errorf("through the link: %q, %v", raw, err)
	}
	if n := len(told); n < 4 || told[0] != 0 || told[n-2] != told[n-1] || told[n-1] == 0 {
		t.Errorf("progress = %v, want from 0 to all", told)
	}
	assertOnly(t, filepath.Dir(target), "pg")
}

func assertOnly(t *testing.T, dir string, want ...string) {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		names = append(names, f.Name())
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("left behind (-want +got):\n%s", diff)
	}
}

func TestInstallTwiceAtOnce(t *testing.T) {
	t.Parallel()
	path, p := archive(t, good)
	target := filepath.Join(t.TempDir(), "cache", "pg")
	var g errgroup.Group
	for range 4 {
		g.Go(func() error { return install(t.Context(), p, target, bring(path), nil) })
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	assertOnly(t, filepath.Dir(target), "pg")
}

func TestInstallLeavesNoTraceOfABadArchive(t *testing.T) {
	t.Parallel()
	offline := errors.New("offline")
	for name, c := range map[string]struct {
		entries []entry
		change  func(*pin, *fetcher)
		says    string
	}{
		"another archive": {good, func(p *pin, _ *fetcher) { p.sha256 = strings.Repeat("0", 64) }, "differs from the pinned one"},
		"no network": {good, func(_ *pin, f *fetcher) {
			*f = func(context.Context, pin, string) (string, error) { return "", offline }
		}, "offline"},
		"a name that leads out": {
			[]entry{{"package/native/../../../out", "x"}, {"package/native/bin/../../native/ok", "x"}, {"package/native//../native/bin/a", "x"}, {"package/native/bin/a", "twice"}},
			nil, "exists",
		},
		"a link that leads out": {
			append(good[:5:5], entry{"package/native/pg-symlinks.json", `[{"source":"native/../../../../etc/passwd","target":"native/lib/x"}]`}),
			nil, "leads outside",
		},
		"a link from outside": {
			append(good[:5:5], entry{"package/native/pg-symlinks.json", `[{"source":"native/lib/x","target":"/tmp/x"}]`}),
			nil, "leads outside",
		},
		"a broken list": {append(good[:5:5], entry{"package/native/pg-symlinks.json", `[`}), nil, "pg-symlinks.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, p := archive(t, c.entries)
			fetch := bring(path)
			if c.change != nil {
				c.change(&p, &fetch)
			}
			cache := filepath.Join(t.TempDir(), "cache")
			err := install(t.Context(), p, filepath.Join(cache, "pg"), fetch, nil)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("install = %v, want %q", err, c.says)
			}
			assertOnly(t, cache)
		})
	}
}

func TestNpmPack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script string // of an npm that is called: npm pack --silent --ignore-scripts --pack-destination DIR NAME
		want   string // base name of the archive; empty: no programs
	}{
		"brings an archive": {`[ "$1" = pack ] && [ "$6" = name@1 ] && echo > "$5/name-1.tgz"`, "name-1.tgz"},
		"is offline":        {`echo "network is down" >&2; exit 1`, ""},
		"brings nothing":    {`exit 0`, ""},
		"is missing":        {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			look := func(string) (string, error) { return "", os.ErrNotExist }
			if c.script != "" {
				npm := filepath.Join(t.TempDir(), "npm")
				if err := os.WriteFile(npm, []byte("#!/bin/sh\n"+c.script+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
				look = func(string) (string, error) { return npm, nil }
			}
			got, err := npmPack(look)(t.Context(), pin{pack: "name@1"}, t.TempDir())
			if c.want == "" {
				if !errors.Is(err, ErrNoBinaries) || !strings.Contains(err.Error(), "EKINERJA_DATABASE_URL") {
					t.Errorf("npmPack = %v, want ErrNoBinaries and what to do", err)
				}
				return
			}
			if err != nil || filepath.Base(got) != c.want {
				t.Errorf("npmPack = %q, %v; want %q", got, err, c.want)
			}
		})
	}
}
