package fakegram

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // photos are JPEG or PNG
	"image/png"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Limits on files.
const (
	maxPhotoBytes    = 10 << 20
	maxDownload      = 20 << 20 // getFile's limit
	defaultKeepFiles = 256 << 20
	thumbSide        = 90 // pixels of the smallest size of a photo
)

// file is a file in the network. It gets its ids when it is kept.
type file struct {
	kind          string // "photo", "document", "sticker", "voice"
	id            string
	unique        string
	path          string
	name          string
	mime          string
	data          []byte
	width, height int
	thumb         *file // of a photo larger than thumbSide
}

func newFile(kind, name string, data []byte) *file {
	mime, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return &file{kind: kind, name: path.Base(name), mime: mime, data: data}
}

func (f *file) ref() apiFileRef {
	return apiFileRef{FileID: f.id, UniqueID: f.unique, Size: len(f.data)}
}

// photo is the list of sizes, smallest first as in Telegram: a bot that takes
// the first one gets a thumbnail.
func (f *file) photo() []apiPhoto {
	full := apiPhoto{apiFileRef: f.ref(), Width: f.width, Height: f.height}
	if f.thumb == nil {
		return []apiPhoto{full}
	}
	return []apiPhoto{{apiFileRef: f.thumb.ref(), Width: f.thumb.width, Height: f.thumb.height}, full}
}

func (f *file) document() *apiDocument {
	return &apiDocument{apiFileRef: f.ref(), Name: f.name, MIME: f.mime}
}

// files keeps the newest files up to a number of bytes.
type files struct {
	limit int64

	mu     sync.RWMutex
	count  int
	bytes  int64
	byID   map[string]*file
	byPath map[string]*file
	order  []*file
}

func newFiles(limit int64) *files {
	if limit <= 0 {
		limit = defaultKeepFiles
	}
	return &files{limit: limit, byID: map[string]*file{}, byPath: map[string]*file{}}
}

// keep gives f its ids; a file that has them stays as it is.
func (fs *files) keep(f *file) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f.id != "" {
		return
	}
	fs.add(f)
	if f.thumb != nil {
		fs.add(f.thumb)
	}
	for fs.bytes > fs.limit && len(fs.order) > 1 {
		old := fs.order[0]
		fs.order = fs.order[1:]
		fs.bytes -= int64(len(old.data))
		delete(fs.byID, old.id)
		delete(fs.byPath, old.path)
	}
}

func (fs *files) add(f *file) {
	fs.count++
	prefix := map[string]string{"photo": "AgAC", "document": "BQAC", "sticker": "CAAC", "voice": "AwAC"}[f.kind]
	f.id = fmt.Sprintf("%sAgUAAxkBAAI%08d", prefix, fs.count)
	f.unique = fmt.Sprintf("AQAD%08d", fs.count)
	f.path = fmt.Sprintf("%ss/file_%d%s", f.kind, fs.count, extension(f))
	fs.byID[f.id], fs.byPath[f.path] = f, f
	fs.order = append(fs.order, f)
	fs.bytes += int64(len(f.data))
}

func extension(f *file) string {
	switch f.kind {
	case "photo":
		return ".jpg"
	case "sticker":
		return ".webp"
	case "voice":
		return ".oga"
	}
	return path.Ext(f.name)
}

func (fs *files) get(id string) (*file, bool) {
	fs.mu.RLock()
	defer fs.mu.RUnlock()
	f, found := fs.byID[id]
	return f, found
}

// File answers the bytes behind a [Message.FileID] and their MIME type.
func (s *Server) File(id string) (data []byte, mime string, found bool) {
	f, found := s.files.get(id)
	if !found {
		return nil, "", false
	}
	return f.data, http.DetectContentType(f.data), true
}

// readPhoto decodes the whole picture, so that a torn one is found out, and
// makes its thumbnail.
func (f *file) readPhoto() error {
	if len(f.data) == 0 {
		return breach("file must be non-empty")
	}
	if len(f.data) > maxPhotoBytes {
		return breach(fmt.Sprintf("file of size %d bytes is too big for a photo; the maximum size is %d bytes", len(f.data), maxPhotoBytes))
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(f.data))
	if err != nil {
		return breach("IMAGE_PROCESS_FAILED")
	}
	// The Bot API: width and height together at most 10000, ratio at most 20.
	if w, h := size.Width, size.Height; w+h > 10_000 || w > 20*h || h > 20*w {
		return breach("PHOTO_INVALID_DIMENSIONS")
	}
	img, _, err := image.Decode(bytes.NewReader(f.data))
	if err != nil {
		return breach("IMAGE_PROCESS_FAILED")
	}
	f.width, f.height = size.Width, size.Height
	if max(f.width, f.height) > thumbSide {
		f.thumb, err = shrink(img)
	}
	return err
}

// shrink picks pixels; a thumbnail of a simulated phone needs no more.
func shrink(img image.Image) (*file, error) {
	from := img.Bounds()
	longest := max(from.Dx(), from.Dy())
	w, h := max(1, from.Dx()*thumbSide/longest), max(1, from.Dy()*thumbSide/longest)
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			small.Set(x, y, img.At(from.Min.X+x*from.Dx()/w, from.Min.Y+y*from.Dy()/h))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, small); err != nil {
		return nil, fmt.Errorf("make a thumbnail: %w", err)
	}
	f := newFile("photo", "thumb.png", out.Bytes())
	f.width, f.height = w, h
	return f, nil
}

func (s *Server) getFile(_ context.Context, c *call) (any, error) {
	f, found := s.files.get(c.str("file_id"))
	if !found {
		return nil, badRequest("invalid file_id")
	}
	if len(f.data) > maxDownload {
		return nil, badRequest("file is too big")
	}
	return apiFile{apiFileRef: f.ref(), Path: f.path}, nil
}

// serveFile serves /file/bot<token>/<file_path>; rest begins with the token.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, rest string) {
	token, name, _ := strings.Cut(rest, "/")
	if token != s.cfg.Token {
		writeError(w, errUnauthorized)
		return
	}
	if s.faults.down("") {
		panic(http.ErrAbortHandler)
	}
	s.files.mu.RLock()
	f, found := s.files.byPath[name]
	s.files.mu.RUnlock()
	if !found || r.Method != http.MethodGet && r.Method != http.MethodHead {
		writeError(w, notFound(""))
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.data))
}
