package fakewa

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
)

const (
	mediaHostName = "mmg.whatsapp.net"
	maxFile       = 100 << 20 // bytes of one upload
	macSize       = 10        // bytes of a file's authentication code
)

// mediaHost is where clients are told to keep files; it is this server.
func mediaHost() node {
	return node{
		Tag: "media_conn", Attrs: attrs{"auth": "simulated", "ttl": 3600, "auth_ttl": 3600, "max_buckets": 12},
		Content: []node{{Tag: "host", Attrs: attrs{"hostname": mediaHostName}}},
	}
}

// serveMedia keeps uploads and hands out downloads; both stay encrypted.
func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
		file, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFile))
		if err != nil {
			http.Error(w, "not read", http.StatusBadRequest)
			return
		}
		path := s.store(file)
		_ = json.NewEncoder(w).Encode(map[string]string{"url": "https://" + mediaHostName + path, "direct_path": path + "?ccb=1"})
	case http.MethodGet:
		s.mu.Lock()
		file, ok := s.media[r.URL.Path]
		s.mu.Unlock()
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(file) // a client that hung up asks again
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// store keeps an encrypted file under a path of its own.
func (s *Server) store(file []byte) string {
	const nameSize = 12
	path := "/v/t62/" + base64.RawURLEncoding.EncodeToString(chance(nameSize)) + ".enc"
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[path] = file
	return path
}

// LoseFiles forgets all files, as the network does after some weeks.
func (s *Server) LoseFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.media)
}

// fileKeys are derived from the key that travels with the message.
type fileKeys struct{ iv, cipher, mac []byte }

func keysOf(key []byte, kind whatsmeow.MediaType) (fileKeys, error) {
	const size = 112
	all, err := hkdf.Key(sha256.New, key, nil, string(kind), size)
	if err != nil {
		return fileKeys{}, fmt.Errorf("derive file keys: %w", err)
	}
	return fileKeys{iv: all[:16], cipher: all[16:48], mac: all[48:80]}, nil
}

func (k fileKeys) code(body []byte) []byte {
	h := hmac.New(sha256.New, k.mac)
	h.Write(k.iv)
	h.Write(body)
	return h.Sum(nil)[:macSize]
}

var errFile = errors.New("the file is missing or damaged")

// Fetch opens a file that a message points at, as the phone does.
func (p *Phone) Fetch(m whatsmeow.DownloadableMessage) ([]byte, error) {
	path, _, _ := strings.Cut(m.GetDirectPath(), "?")
	p.server.mu.Lock()
	file := p.server.media[path]
	p.server.mu.Unlock()
	if len(file) < macSize || (len(file)-macSize)%aes.BlockSize != 0 {
		return nil, errFile
	}
	k, err := keysOf(m.GetMediaKey(), whatsmeow.GetMediaType(m))
	if err != nil {
		return nil, err
	}
	body, code := file[:len(file)-macSize], file[len(file)-macSize:]
	if !hmac.Equal(k.code(body), code) || len(body) == 0 {
		return nil, errFile
	}
	plain := make([]byte, len(body))
	cipher.NewCBCDecrypter(block(k.cipher), k.iv).CryptBlocks(plain, body)
	return plain[:len(plain)-int(plain[len(plain)-1])], nil
}

// uploaded is a file on the server and what a message must say of it.
type uploaded struct {
	url, path         string
	key, sum, encoded []byte
	length            uint64
}

func (p *Phone) upload(plain []byte, kind whatsmeow.MediaType) (uploaded, error) {
	key := chance(keySize)
	k, err := keysOf(key, kind)
	if err != nil {
		return uploaded{}, err
	}
	n := aes.BlockSize - len(plain)%aes.BlockSize
	body := append(slices.Clone(plain), slices.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block(k.cipher), k.iv).CryptBlocks(body, body)
	file := append(body, k.code(body)...)
	path := p.server.store(file)
	sum, encoded := sha256.Sum256(plain), sha256.Sum256(file)
	return uploaded{
		url: "https://" + mediaHostName + path, path: path + "?ccb=1", key: key,
		sum: sum[:], encoded: encoded[:], length: uint64(len(plain)),
	}, nil
}

// SendPhoto sends a picture with a caption, and gives the message's id.
func (p *Phone) SendPhoto(to *Phone, picture []byte, mime, caption string) (string, error) {
	up, err := p.upload(picture, whatsmeow.MediaImage)
	if err != nil {
		return "", err
	}
	return p.Send(to, &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
		Caption: ifAny(caption), Mimetype: &mime, URL: &up.url, DirectPath: &up.path, MediaKey: up.key,
		FileSHA256: up.sum, FileEncSHA256: up.encoded, FileLength: &up.length,
	}})
}

// SendDocument sends a file with a name and a caption, and gives the message's id.
func (p *Phone) SendDocument(to *Phone, file []byte, name, mime, caption string) (string, error) {
	up, err := p.upload(file, whatsmeow.MediaDocument)
	if err != nil {
		return "", err
	}
	return p.Send(to, &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		Caption: ifAny(caption), FileName: &name, Mimetype: &mime, URL: &up.url, DirectPath: &up.path, MediaKey: up.key,
		FileSHA256: up.sum, FileEncSHA256: up.encoded, FileLength: &up.length,
	}})
}

func ifAny(s string) *string {
	if s == "" {
		return nil
	}
	return new(s)
}
