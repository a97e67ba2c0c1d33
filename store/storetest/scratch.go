package storetest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
)

// scratch makes a directory for a server's files: in memory where there is room.
func scratch() (string, error) {
	dir, err := os.MkdirTemp(roomy(), "ekinerja-test-")
	if err != nil {
		return "", fmt.Errorf("make scratch directory: %w", err)
	}
	return dir, nil
}

// sweepAfterDeath removes dir when this process has ended, in whatever way, and
// its server, which ends with us, has removed the file mark. A test binary has no
// moment of its own for that: the shell waits for the end of a pipe that only we
// hold. The caller must keep the result reachable, else its finalizer ends the pipe.
func sweepAfterDeath(dir, mark string) (io.Closer, error) {
	const script = `cat >/dev/null; n=0
while [ -e "$1" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
rm -rf -- "$0"`
	cmd := exec.Command("/bin/sh", "-c", script, dir, mark)
	cmd.SysProcAttr = apart()
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start sweeper: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start sweeper: %w", err)
	}
	return pipe, nil
}
