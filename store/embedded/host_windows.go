package embedded

import (
	"errors"
	"os"
)

func tryLock(*os.File) (bool, error) {
	return false, errors.New("a private PostgreSQL needs Linux, macOS or WSL; elsewhere set EKINERJA_DATABASE_URL")
}

func unlock(f *os.File) { _ = f.Close() }

func killGroup(p *os.Process) error { return p.Kill() }

func exists(int) bool { return false }

func ownerOf(string) int { return -1 }
