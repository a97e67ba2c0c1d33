package whatsapp

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"

	"ekinerja/bot"
)

const (
	filePrefix   = "wa:"
	kindImage    = "i"
	kindDocument = "d"
	maxFile      = 20_000_000 // bytes, as for files of the other network
	fetchTimeout = 30 * time.Second
)

// file is all that is needed to fetch a file later: where it is and its key. The
// network forgets files after some weeks.
type file struct {
	Kind string `json:"k"`
	Path string `json:"p"`
	Key  []byte `json:"m"`
	Sum  []byte `json:"s"`
	Enc  []byte `json:"e"`
	Size int    `json:"n"`
}

// sized is a file's message as the library has it.
type sized interface {
	whatsmeow.DownloadableMessage
	GetFileLength() uint64
}

func fileID(m sized, kind string) string {
	b, err := json.Marshal(file{
		Kind: kind, Path: m.GetDirectPath(), Key: m.GetMediaKey(), Sum: m.GetFileSHA256(), Enc: m.GetFileEncSHA256(),
		Size: int(min(m.GetFileLength(), maxFile+1)),
	})
	if err != nil {
		return "" // strings and bytes always can
	}
	return filePrefix + base64.RawURLEncoding.EncodeToString(b)
}

// IsFile reports whether a file's id is one of this network.
func IsFile(id string) bool { return strings.HasPrefix(id, filePrefix) }

// message is the file's message again, as far as the library needs it.
func (f file) message() whatsmeow.DownloadableMessage {
	if f.Kind == kindDocument {
		return &waE2E.DocumentMessage{DirectPath: &f.Path, MediaKey: f.Key, FileSHA256: f.Sum, FileEncSHA256: f.Enc}
	}
	return &waE2E.ImageMessage{DirectPath: &f.Path, MediaKey: f.Key, FileSHA256: f.Sum, FileEncSHA256: f.Enc}
}

// Fetch opens a file that came with a message, of at most 20 MB, within 30 s.
// [bot.ErrNoFile]: it cannot be had, now or later.
func (a *Adapter) Fetch(ctx context.Context, id string) (io.ReadCloser, error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(id, filePrefix))
	if err != nil {
		return nil, fmt.Errorf("read file id: %w: %w", bot.ErrNoFile, err)
	}
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("read file id: %w: %w", bot.ErrNoFile, err)
	}
	if f.Size > maxFile {
		return nil, fmt.Errorf("fetch file of %d bytes: %w", f.Size, bot.ErrNoFile)
	}
	cli := a.online()
	if cli == nil {
		return nil, errOffline
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	data, err := cli.Download(ctx, f.message())
	if gone(err) {
		return nil, fmt.Errorf("fetch file: %w", bot.ErrNoFile)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch file: %T", err) // its text names the address
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// gone are the ends after which no other try finds the file as it was.
func gone(err error) bool {
	for _, e := range []error{
		whatsmeow.ErrMediaDownloadFailedWith403, whatsmeow.ErrMediaDownloadFailedWith404, whatsmeow.ErrMediaDownloadFailedWith410,
		whatsmeow.ErrInvalidMediaHMAC, whatsmeow.ErrInvalidMediaSHA256, whatsmeow.ErrInvalidMediaEncSHA256, whatsmeow.ErrTooShortFile,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
