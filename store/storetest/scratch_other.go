//go:build !linux

package storetest

import (
	"os"
	"syscall"
)

func roomy() string { return os.TempDir() }

func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

func tethered() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
