package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// ErrNoBinaries says that no usable PostgreSQL programs exist here and none
// could be fetched.
var ErrNoBinaries = errors.New("no PostgreSQL programs: install PostgreSQL (apt-get install postgresql) or set EKINERJA_DATABASE_URL")

// oldest is the first major version whose SQL we use.
const oldest = 14

// places are searched after PATH, in this order; each pattern newest first.
var places = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
}

// programs is a directory with postgres and initdb, and its version.
type programs struct {
	dir   string
	full  string // "15.18"
	major int
}

func (p programs) path(name string) string { return filepath.Join(p.dir, name) }

// finder looks for programs; its fields are what tests replace.
type finder struct {
	env      func(string) string
	lookPath func(string) (string, error)
	places   []string
	cache    string // where fetched programs lie
}

// candidates lists directories that hold both programs, best first. explicit,
// and after it EKINERJA_PG_BIN, exclude everything else: who names a directory
// does not want a surprise.
func (f finder) candidates(explicit string) ([]string, error) {
	if dir := cmp.Or(explicit, f.env("EKINERJA_PG_BIN")); dir != "" {
		if !complete(dir) {
			return nil, fmt.Errorf("%s does not hold postgres and initdb: %w", dir, ErrNoBinaries)
		}
		return []string{dir}, nil
	}
	var dirs []string
	if p, err := f.lookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	for _, pattern := range f.places {
		found, _ := filepath.Glob(pattern) // our own patterns are well formed
		slices.SortFunc(found, func(a, b string) int { return number(b) - number(a) })
		dirs = append(dirs, found...)
	}
	dirs = append(dirs, filepath.Join(f.cache, "bin"))
	seen := map[string]bool{}
	return slices.DeleteFunc(dirs, func(d string) bool {
		drop := seen[d] || !complete(d)
		seen[d] = true
		return drop
	}), nil
}

func complete(dir string) bool {
	for _, name := range []string{"postgres", "initdb"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

var digits = regexp.MustCompile(`\d+`)

// number is the last number in a path: the version in all known places.
func number(path string) int {
	all := digits.FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1]) // digits by the pattern
	return n
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// inspect asks the programs in dir for their version, as the given identity and
// from inside home: it fails exactly when the server could not be started so.
func inspect(ctx context.Context, dir, home string, who identity) (programs, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version")
	cmd.Dir, cmd.Env, cmd.SysProcAttr = home, environment(), who.attr()
	var out []byte
	err := tethered(func() (err error) { out, err = cmd.Output(); return err })
	if err != nil {
		return programs{}, fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return programs{}, fmt.Errorf("read version of %s: %q", cmd.Path, out)
	}
	major, _ := strconv.Atoi(string(m[2])) // digits by the pattern
	return programs{dir: dir, full: string(m[1]), major: major}, nil
}

// environment is all that the server's programs see: none of our secrets, and
// no PG* or locale setting of the person who starts us.
func environment() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, key := range []string{"PATH", "TMPDIR", "LD_LIBRARY_PATH"} {
		if v, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+v)
		}
	}
	return env
}
