package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk keeps blobs below a folder, in one folder for each first byte of their
// names. Many processes may share it, also over NFS: a blob appears by a rename.
type Disk struct{ root string }

// NewDisk keeps blobs below root, which is made with the first blob.
func NewDisk(root string) *Disk { return &Disk{root: root} }

func (d *Disk) path(h Hash) string {
	name := h.String()
	return filepath.Join(d.root, name[:2], name)
}

// Put implements [Store]: a temporary file, fsync, rename, fsync of the folder.
// A crash leaves at most a file in "new", which nobody reads.
func (d *Disk) Put(_ context.Context, h Hash, data []byte) error {
	to := d.path(h)
	if info, err := os.Stat(to); err == nil && info.Size() == int64(len(data)) {
		return nil
	}
	for _, dir := range []string{filepath.Dir(to), filepath.Join(d.root, "new")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("store blob: %w", err)
		}
	}
	f, err := os.CreateTemp(filepath.Join(d.root, "new"), "blob-*")
	if err != nil {
		return fmt.Errorf("store blob: %w", err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		return fmt.Errorf("store blob: %w", errors.Join(err, os.Remove(f.Name())))
	}
	if err := errors.Join(syncDir(filepath.Dir(to)), syncDir(d.root)); err != nil {
		return fmt.Errorf("store blob: %w", err)
	}
	return nil
}

func syncDir(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open implements [Store].
func (d *Disk) Open(_ context.Context, h Hash) (io.ReadCloser, error) {
	f, err := os.Open(d.path(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	return f, nil
}

// Delete implements [Store].
func (d *Disk) Delete(_ context.Context, h Hash) error {
	err := os.Remove(d.path(h))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}
