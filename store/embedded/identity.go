package embedded

import (
	"fmt"
	"os"
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
