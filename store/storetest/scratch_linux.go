package storetest

import (
	"os"
	"syscall"
)

// roomy is a directory in memory when more than 1 GB is free there (containers
// often give 64 MB), else the usual one.
func roomy() string {
	const memory, enough = "/dev/shm", 1 << 30
	var st syscall.Statfs_t
	if err := syscall.Statfs(memory, &st); err == nil && st.Bavail*uint64(st.Bsize) > enough {
		return memory
	}
	return os.TempDir()
}

// apart keeps the terminal's Ctrl-C from a helper that must outlive us.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// tethered ends a server with us, however we end.
func tethered() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
