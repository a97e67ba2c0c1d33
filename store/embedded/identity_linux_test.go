package embedded

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Where user namespaces are forbidden, root's server runs as another user, and
// later as that same user, whatever has become possible meanwhile.
func TestRootDropsToAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // only root has the choice
	}
	forbidden := namespace()
	forbidden.attr = func() *syscall.SysProcAttr { return &syscall.SysProcAttr{Chroot: "/nowhere"} }
	dir, err := os.MkdirTemp("/tmp", "ekinerja-drop-") //nolint:usetesting // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	first := func(int) []identity { return []identity{forbidden, dropTo(nobody, nobody)} }
	for _, ways := range []func(int) []identity{first, nil} {
		s, err := Start(t.Context(), Config{DataDir: dir, Fast: true, ways: ways})
		if err != nil {
			t.Fatal(err)
		}
		if s.who.owner != nobody || ownerOf(filepath.Join(dir, "data")) != nobody {
			t.Errorf("runs as %s, data of %d; want %d", s.who.name, ownerOf(filepath.Join(dir, "data")), nobody)
		}
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	for owner, want := range map[int]int{-1: -1, 0: -1, 65534: 65534} {
		got := identities(owner)
		if os.Geteuid() != 0 {
			want = -1
		}
		if len(got) == 0 || got[0].owner != want {
			t.Errorf("data of %d is first tried as %+v, want owner %d", owner, got, want)
		}
	}
}
