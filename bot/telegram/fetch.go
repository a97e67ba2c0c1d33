package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"ekinerja/bot"
)

const (
	// maxFile, in bytes, is the most that the Bot API gives to download (getFile: 20 MB).
	maxFile      = 20_000_000
	fetchTimeout = 30 * time.Second
)

// ErrFile says that a file cannot be had, now or later: it is too large, its path
// is not one Telegram would give, or the answer is not a file. It is always
// joined with [bot.ErrNoFile].
var ErrFile = fmt.Errorf("file not fetched: %w", bot.ErrNoFile)

var filePath = regexp.MustCompile(`^[A-Za-z0-9_./-]{1,200}$`)

// Fetch opens a file that came with a message, for at most 30 s and 20 MB; a
// longer one ends in ErrFile instead of io.EOF. The caller closes it. The
// address holds the token, so it is made here and kept nowhere.
func (a *Adapter) Fetch(ctx context.Context, fileID string) (io.ReadCloser, error) {
	var f models.File
	err := a.call(ctx, "getFile", tg.GetFileParams{FileID: fileID}, &f)
	if se, ok := errors.AsType[*bot.SendError](err); ok && se.Outcome == bot.Final {
		return nil, fmt.Errorf("look up file: %w: %w", ErrFile, err) // Telegram knows no such file
	}
	if err != nil {
		return nil, fmt.Errorf("look up file: %w", err)
	}
	if !filePath.MatchString(f.FilePath) || strings.Contains(f.FilePath, "..") || strings.HasPrefix(f.FilePath, "/") {
		return nil, fmt.Errorf("%w: path not allowed", ErrFile)
	}
	if f.FileSize > maxFile {
		return nil, fmt.Errorf("%w: %d bytes", ErrFile, f.FileSize)
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	file, err := a.open(ctx, a.base+"/file/bot"+a.cfg.Token.Reveal()+"/"+f.FilePath)
	if err != nil {
		cancel()
		return nil, err
	}
	return &download{body: file, left: maxFile, cancel: cancel, redact: a.redact}, nil
}

func (a *Adapter) open(ctx context.Context, address string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch file: %w", a.redact(err))
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch file: %w", a.redact(err))
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close() // nothing of it is wanted
		if passing(resp.StatusCode) {
			return nil, fmt.Errorf("fetch file: status %d", resp.StatusCode)
		}
		return nil, fmt.Errorf("%w: status %d", ErrFile, resp.StatusCode)
	}
	return resp.Body, nil
}

// passing are the answers after which another try may find the file: a path is
// only good for an hour, then getFile gives a new one.
func passing(status int) bool {
	return status == http.StatusNotFound || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// download is a file on its way, bounded in bytes and time.
type download struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
	redact func(error) error
}

func (d *download) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	if d.left -= int64(n); d.left < 0 {
		return 0, fmt.Errorf("%w: more than %d bytes", ErrFile, int64(maxFile))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, fmt.Errorf("fetch file: %w", d.redact(err))
	}
	return n, err
}

func (d *download) Close() error {
	defer d.cancel()
	if err := d.body.Close(); err != nil {
		return fmt.Errorf("close file: %w", d.redact(err))
	}
	return nil
}
