package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "ekinerja"

// ladder is the map of the program: for every folder, the folders it may
// import. A rule covers the folders below it, which may import each other; the
// longest name that fits decides, so bot/telegram has a rule of its own.
// Tests may import anything.
//
// A folder that is not here fails the test: a new one needs a reason as good
// as the reasons of these.
var ladder = map[string][]string{
	"bot":           {},
	"bot/telegram":  {"bot"},
	"bot/fakegram":  {"bot"},
	"bot/whatsapp":  {"bot"},
	"bot/fakewa":    {"bot"},
	"roster":        {},
	"scoring":       {"roster"},
	"conversations": {"bot", "roster", "scoring"},
	"jobs":          {"bot", "roster", "scoring", "conversations"},
	"migrations":    {},
	"store":         {"bot", "roster", "scoring", "conversations", "jobs", "migrations"},
	"web":           {"bot", "bot/telegram", "bot/fakegram", "roster", "scoring", "conversations", "jobs", "store"},
	"cmd": {
		"bot", "bot/telegram", "bot/fakegram", "bot/whatsapp", "bot/fakewa", "roster", "scoring", "conversations", "jobs",
		"migrations", "store", "web",
	},
}

func TestLadder(t *testing.T) {
	t.Parallel()
	wrong, files, err := offLadder(os.DirFS("../.."), ladder)
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatal("read no Go file: the test looks in the wrong folder")
	}
	for _, sentence := range wrong {
		t.Error(sentence)
	}
}

// TestLadderCanFail shows the checker wrong programs and reads what it says.
func TestLadderCanFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, source string
		want         []string
	}{
		"downwards is allowed": {
			"scoring/score.go", `import "ekinerja/roster"`, nil,
		},
		"upwards is not": {
			"scoring/score.go", `import "ekinerja/bot"`,
			[]string{"scoring/score.go imports ekinerja/bot: not on the ladder (allowed: roster)"},
		},
		"a folder covers what is below it": {
			"store/embedded/start.go", `import "ekinerja/web"`,
			[]string{"store/embedded/start.go imports ekinerja/web: not on the ladder " +
				"(allowed: bot, roster, scoring, conversations, jobs, migrations)"},
		},
		"the own folders are allowed": {
			"conversations/parse/hours.go", `import "ekinerja/conversations/picture"`, nil,
		},
		"a rule of its own is not its parent's": {
			"conversations/daily.go", `import "ekinerja/bot/telegram"`,
			[]string{"conversations/daily.go imports ekinerja/bot/telegram: not on the ladder " +
				"(allowed: bot, roster, scoring)"},
		},
		"the parent does not know its children's networks": {
			"bot/sender.go", `import "ekinerja/bot/telegram"`,
			[]string{"bot/sender.go imports ekinerja/bot/telegram: not on the ladder (allowed: nothing of ours)"},
		},
		"the bottom knows nobody": {
			"roster/day.go", `import "ekinerja/store/db"`,
			[]string{"roster/day.go imports ekinerja/store/db: not on the ladder (allowed: nothing of ours)"},
		},
		"a folder nobody has heard of": {
			"utils/strings.go", `import "strings"`,
			[]string{"utils/strings.go: folder utils is not on the ladder; a new folder needs a reason"},
		},
		"a program in the root": {
			"main.go", `import "ekinerja/bot"`,
			[]string{"main.go: folder . is not on the ladder; a new folder needs a reason"},
		},
		"tests may look anywhere":             {"roster/day_test.go", `import "ekinerja/store"`, nil},
		"another module is not ours":          {"roster/day.go", `import "ekinerjaku/web"`, nil},
		"the tools are a module of their own": {"tools/tools.go", `import "ekinerja/web"`, nil},
		"hidden and test data folders do not count": {
			"bot/testdata/x.go", `import "ekinerja/web"`, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, filepath.FromSlash(c.file))
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte("package p\n\n"+c.source+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			got, _, err := offLadder(os.DirFS(dir), ladder)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLadderIsALadder keeps the map itself honest: every rung exists, and
// no two folders may import each other.
func TestLadderIsALadder(t *testing.T) {
	t.Parallel()
	for folder, allowed := range ladder {
		for _, below := range allowed {
			if _, ok := ladder[below]; !ok {
				t.Errorf("%s may import %s, which has no rule", folder, below)
			}
			if slices.Contains(ladder[below], folder) {
				t.Errorf("%s and %s may import each other", folder, below)
			}
		}
	}
}

// offLadder says, in one sentence each, which Go files of root stand on no rung
// or import a folder they may not. It also returns how many files it has read,
// because a check of nothing passes too.
func offLadder(root fs.FS, ladder map[string][]string) (wrong []string, files int, err error) {
	err = fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if skipped(file) {
				return fs.SkipDir
			}
			return nil
		case !strings.HasSuffix(file, ".go"), strings.HasSuffix(file, "_test.go"):
			return nil
		}
		imports, err := importsOf(root, file)
		if err != nil {
			return err
		}
		files++
		wrong = append(wrong, judge(file, imports, ladder)...)
		return nil
	})
	return wrong, files, err
}

// skipped reports folders the go command does not build either, and tools,
// which is a module of its own.
func skipped(folder string) bool {
	name := path.Base(folder)
	return folder == "tools" || name == "testdata" || name == "bin" ||
		name != "." && strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// importsOf lists the folders of this module that file imports.
func importsOf(root fs.FS, file string) ([]string, error) {
	source, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		return nil, fmt.Errorf("parse imports: %w", err)
	}
	var folders []string
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("read import of %s: %w", file, err)
		}
		if folder, ours := strings.CutPrefix(name, module+"/"); ours {
			folders = append(folders, folder)
		}
	}
	return folders, nil
}

func judge(file string, imports []string, ladder map[string][]string) (wrong []string) {
	from, ok := rung(path.Dir(file), ladder)
	if !ok {
		return []string{fmt.Sprintf("%s: folder %s is not on the ladder; a new folder needs a reason",
			file, path.Dir(file))}
	}
	allowed := ladder[from]
	for _, folder := range imports {
		to, ok := rung(folder, ladder)
		if ok && (to == from || slices.Contains(allowed, to)) {
			continue
		}
		wrong = append(wrong, fmt.Sprintf("%s imports %s/%s: not on the ladder (allowed: %s)",
			file, module, folder, list(allowed)))
	}
	return wrong
}

// rung is the folder of the ladder that covers folder: itself or its nearest
// parent with a rule.
func rung(folder string, ladder map[string][]string) (string, bool) {
	for ; folder != "."; folder = path.Dir(folder) {
		if _, ok := ladder[folder]; ok {
			return folder, true
		}
	}
	return "", false
}

func list(folders []string) string {
	if len(folders) == 0 {
		return "nothing of ours"
	}
	return strings.Join(folders, ", ")
}
