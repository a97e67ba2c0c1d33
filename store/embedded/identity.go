package embedded

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// identity is a way to run the server's programs.
type identity struct {
	name string // for messages: "user namespace"
	// attr is fresh for every process, because callers add to it.
	attr func() *syscall.SysProcAttr
	// owner is the user whom the directories must be given to; -1 keeps them ours.
	owner, group int
}

// tethered runs f, which starts a program of an identity and waits for its end,
// on a thread of its own. The kernel's order to end the program with its parent
// follows the thread that started it, not the process; a shared thread could end
// meanwhile, because another goroutine locked it and returned.
func tethered(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		done <- f()
	}()
	return <-done
}

// own hands a directory of ours to the identity.
func (who identity) own(dir string) error {
	if who.owner < 0 {
		return nil
	}
	if err := os.Chown(dir, who.owner, who.group); err != nil {
		return fmt.Errorf("give %s to the %s: %w", dir, who.name, err)
	}
	return nil
}
