package blobs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ekinerja/store/blobs"
)

// keeps is what every store of blobs must do.
func keeps(t *testing.T, s blobs.Store) {
	t.Helper()
	ctx := t.Context()
	if err := blobs.Probe(ctx, s); err != nil {
		t.Fatal(err)
	}
	data := []byte("a picture")
	h := blobs.HashOf(data)
	if _, err := blobs.Read(ctx, s, h); !errors.Is(err, blobs.ErrMissing) {
		t.Errorf("read before it is there: %v", err)
	}
	var all sync.WaitGroup
	for range 8 { // the same blob by many at once
		all.Go(func() {
			if err := s.Put(ctx, h, data); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, err := blobs.Read(ctx, s, h); err != nil || string(got) != string(data) {
		t.Errorf("read %q, %v", got, err)
	}
	for range 2 {
		if err := s.Delete(ctx, h); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := blobs.Read(ctx, s, h); !errors.Is(err, blobs.ErrMissing) {
		t.Errorf("read after it is gone: %v", err)
	}
}

func TestDisk(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "evidence")
	d := blobs.NewDisk(root)
	keeps(t, d)
	data := []byte("another")
	h := blobs.HashOf(data)
	if err := d.Put(t.Context(), h, data); err != nil {
		t.Fatal(err)
	}
	var files []string
	_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, _ error) error {
		if !e.IsDir() {
			info, err := e.Info()
			if err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s may be read by others: %v %v", path, info.Mode(), err)
			}
			files = append(files, strings.TrimPrefix(path, root))
		}
		return nil
	})
	if len(files) != 1 {
		t.Errorf("files: %v", files)
	}
	// What was torn is found out.
	if err := os.WriteFile(filepath.Join(root, h.String()[:2], h.String()), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blobs.Read(t.Context(), d, h); !errors.Is(err, blobs.ErrMissing) {
		t.Errorf("a torn blob is read: %v", err)
	}
	if err := d.Put(t.Context(), h, data); err != nil {
		t.Fatal(err)
	}
	if _, err := blobs.Read(t.Context(), d, h); err != nil {
		t.Errorf("mended by putting it again: %v", err)
	}
}
