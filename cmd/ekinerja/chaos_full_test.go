package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// narrow is the size of the disk of C39: a fresh cluster takes about 45 MB, and a
// segment of its log 16.
const narrow = "size=160m"

// narrowPostgres is a server of the case's own on a small disk in memory. Where
// none can be mounted (not root, a closed container) the case is left out loudly.
func narrowPostgres(t *testing.T) servers {
	t.Helper()
	pg := &postgres{dir: t.TempDir()}
	if err := syscall.Mount("tmpfs", pg.dir, "tmpfs", 0, narrow); err != nil {
		t.Logf("*** NOT TESTED: a disk that is full, because none can be mounted: %v ***", err)
		return servers{}
	}
	t.Cleanup(func() {
		_ = pg.server.Stop(context.Background())
		if err := syscall.Unmount(pg.dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount %s: %v", pg.dir, err)
		}
	})
	pg.start(t)
	if code := run(t.Context(), []string{"migrate", "--database-url", pg.server.URL()}, streams{out: &pg.out, err: &pg.out}); code != 0 {
		t.Fatalf("migrate: %s", pg.out.String())
	}
	return servers{postgres: pg.server.URL(), own: pg}
}

// fillDisk fills the database's disk n times while people report; it stays full
// for some seconds. A server that ended by it is started again when there is
// space, as a service manager does.
func fillDisk(r *rig, n int) outcome {
	o := outcome{errorsLogged: true, note: "the server lived on"}
	if r.servers.own == nil {
		r.begin()
		r.live(2 * load)
		o.note = "not played: no disk can be mounted here"
		return o
	}
	r.begin()
	r.live(load)
	ballast := filepath.Join(r.servers.own.dir, "ballast")
	for range n {
		if err := fill(ballast); err != nil {
			r.t.Fatal(err)
		}
		r.live(3 * time.Second)
		if err := os.Remove(ballast); err != nil {
			r.t.Fatal(err)
		}
		select {
		case <-r.servers.own.server.Done():
			_ = r.servers.own.server.Stop(r.t.Context()) // it is gone; this lets go of the directory
			r.servers.own.start(r.t)
			o.note = "the server ended by it and was started again"
		default:
		}
		r.watch.heals()
		r.live(load)
	}
	log, err := os.ReadFile(filepath.Join(r.servers.own.dir, "postgres.log"))
	met := bytes.Count(log, []byte("No space left on device"))
	if err != nil || met == 0 {
		o.blame("the server never met a full disk: %v", err)
	}
	o.note += fmt.Sprintf("; it met the full disk %d times", met)
	return o
}

// fill writes until the disk is full.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	block := bytes.Repeat([]byte{1}, 1<<20)
	for size := len(block); size > 0; {
		_, err = io.Copy(f, bytes.NewReader(block[:size]))
		switch {
		case errors.Is(err, syscall.ENOSPC):
			size /= 2 // to the last byte
		case err != nil:
			return err
		}
	}
	return nil
}
