package embedded

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Inside the archive everything of use lies below inArchive; its symbolic links,
// which the package registry does not carry, are listed in linkList.
const (
	inArchive = "package/native"
	linkList  = "pg-symlinks.json"
)

// install makes target hold the programs of p, or leaves no trace.
func install(ctx context.Context, p pin, target string, fetch fetcher, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return fmt.Errorf("make cache directory: %w", err)
	}
	work, err := os.MkdirTemp(filepath.Dir(target), "fetch-")
	if err != nil {
		return fmt.Errorf("make cache directory: %w", err)
	}
	defer os.RemoveAll(work)
	progress(0, p.size)
	archive, err := fetch(ctx, p, work)
	if err != nil {
		return err
	}
	if err := verify(archive, p.sha256); err != nil {
		return err
	}
	tree := filepath.Join(work, "tree")
	if err := unpack(ctx, archive, tree, progress); err != nil {
		return err
	}
	if err := os.Rename(tree, target); err != nil && !complete(filepath.Join(target, "bin")) {
		return fmt.Errorf("put programs in place: %w", err)
	}
	return nil // or someone else was first, with the same bytes
}

func verify(archive, want string) error {
	f, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("check archive: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("check archive: %w", err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("%w: sha256 is %s, want %s", errChanged, got, want)
	}
	return nil
}

// unpack writes the archive's useful part to dir. [os.Root] keeps every name
// inside dir, whatever the archive says.
func unpack(ctx context.Context, archive, dir string, progress func(done, total int64)) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	defer root.Close()
	f, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	counted := &counter{r: f, total: info.Size(), report: progress}
	if err := untar(ctx, counted, root); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	if err := relink(root); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return nil
}

func untar(ctx context.Context, r io.Reader, root *os.Root) error {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	for files := tar.NewReader(zipped); ctx.Err() == nil; {
		head, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, ours := strings.CutPrefix(path.Clean(head.Name), inArchive+"/")
		if !ours || head.Typeflag != tar.TypeReg {
			continue
		}
		if err := write(root, name, files); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// write makes one file. The registry strips the right to execute: programs get it back.
func write(root *os.Root, name string, content io.Reader) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if path.Dir(name) == "bin" || strings.HasPrefix(name, "lib/") {
		mode = 0o755
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return cmp.Or(err, f.Close())
}

// relink makes the links that the archive lists; each must stay inside.
func relink(root *os.Root) error {
	raw, err := root.ReadFile(linkList)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(raw, &links); err != nil {
		return fmt.Errorf("read %s: %w", linkList, err)
	}
	for _, l := range links {
		source, target := strings.TrimPrefix(l.Source, "native/"), strings.TrimPrefix(l.Target, "native/")
		if !filepath.IsLocal(source) || !filepath.IsLocal(target) {
			return fmt.Errorf("link %s to %s leads outside", l.Target, l.Source)
		}
		to, err := filepath.Rel(path.Dir(target), source)
		if err != nil {
			return err
		}
		if err := root.Symlink(to, target); err != nil {
			return err
		}
	}
	return nil
}

// counter reports how much has been read through it, about a hundred times in all.
type counter struct {
	r       io.Reader
	n, said int64
	total   int64
	report  func(done, total int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.n-c.said > c.total/100 || c.n == c.total && c.said != c.n {
		c.said = c.n
		c.report(c.n, c.total)
	}
	return n, err
}
