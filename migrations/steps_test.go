package migrations

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestLatest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files []string
		want  int64
	}{
		"none":             {nil, 0},
		"out of order":     {[]string{"0010_b.sql", "0002_a.sql"}, 10},
		"other files":      {[]string{"0001_a.sql", "readme.md", "9.txt"}, 1},
		"without a number": {[]string{"0001_a.sql", "x.sql"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := fstest.MapFS{}
			for _, f := range c.files {
				steps[f] = &fstest.MapFile{}
			}
			if got := latest(steps); got != c.want {
				t.Errorf("latest = %d, want %d", got, c.want)
			}
		})
	}
}

func TestStepsGoForwardOnly(t *testing.T) {
	t.Parallel()
	if latest(files) == 0 {
		t.Fatal("no steps are built in")
	}
	names, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		raw, err := files.ReadFile(n.Name())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "+goose Down") {
			t.Errorf("%s has a way back; old programs must not be made to lose data", n.Name())
		}
	}
}
