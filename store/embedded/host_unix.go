//go:build unix

package embedded

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the file for this process until it is closed or we die, however
// that happens. It reports false when another process holds it.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// unlock gives the file back and closes it. Closing alone would not do: a process
// that is being forked just now has a copy until it becomes another program.
func unlock(f *os.File) {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) // nothing is left to try
	_ = f.Close()
}

// killGroup ends a program and those it started.
func killGroup(p *os.Process) error {
	if err := syscall.Kill(-p.Pid, syscall.SIGKILL); err != nil {
		return p.Kill() // it leads no group
	}
	return nil
}

// exists says whether a process of this number lives, ours to signal or not.
func exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// ownerOf is the user id that owns path, -1 when there is no path.
func ownerOf(path string) int {
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		return -1
	}
	return int(st.Uid)
}
