package blobs_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/store/blobs"
)

// bucket is an S3 server with one bucket. It computes signatures by the book
// (AWS Signature Version 4), not by the library that makes ours.
type bucket struct {
	name, key, secret, region string

	mu      sync.Mutex
	objects map[string][]byte
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// signed reports whether a request is signed with the bucket's keys.
func (b *bucket) signed(r *http.Request) bool {
	auth := map[string]string{}
	for part := range strings.SplitSeq(strings.TrimPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 "), ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		auth[k] = v
	}
	at := r.Header.Get("X-Amz-Date")
	scope := at[:min(8, len(at))] + "/" + b.region + "/s3/aws4_request"
	if auth["Credential"] != b.key+"/"+scope {
		return false
	}
	canonical := r.Method + "\n" + r.URL.EscapedPath() + "\n" + r.URL.RawQuery + "\n"
	for name := range strings.SplitSeq(auth["SignedHeaders"], ";") {
		value := r.Header.Get(name)
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		canonical += name + ":" + strings.TrimSpace(value) + "\n"
	}
	canonical += "\n" + auth["SignedHeaders"] + "\n" + r.Header.Get("X-Amz-Content-Sha256")
	sum := sha256.Sum256([]byte(canonical))
	text := "AWS4-HMAC-SHA256\n" + at + "\n" + scope + "\n" + hex.EncodeToString(sum[:])
	key := mac(mac(mac(mac([]byte("AWS4"+b.secret), at[:min(8, len(at))]), b.region), "s3"), "aws4_request")
	return hmac.Equal([]byte(hex.EncodeToString(mac(key, text))), []byte(auth["Signature"]))
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code string) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
	}
	body, _ := io.ReadAll(r.Body)
	sum := sha256.Sum256(body)
	name, found := strings.CutPrefix(r.URL.Path, "/"+b.name+"/")
	switch {
	case !b.signed(r):
		refuse(http.StatusForbidden, "SignatureDoesNotMatch")
		return
	case !found:
		refuse(http.StatusNotFound, "NoSuchBucket")
		return
	case r.Header.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]):
		refuse(http.StatusBadRequest, "XAmzContentSHA256Mismatch")
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch r.Method {
	case http.MethodPut:
		b.objects[name] = body
	case http.MethodGet:
		data, ok := b.objects[name]
		if !ok {
			refuse(http.StatusNotFound, "NoSuchKey")
			return
		}
		_, _ = w.Write(data)
	case http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusNoContent)
	}
}

func newS3(t *testing.T, change func(*blobs.S3Config)) *blobs.S3 {
	t.Helper()
	srv := httptest.NewServer(&bucket{name: "bukti", key: "AKIA1", secret: "s/e+cret", region: "id-solo-1", objects: map[string][]byte{}})
	t.Cleanup(srv.Close)
	cfg := blobs.S3Config{
		Endpoint: srv.URL + "/", Region: "id-solo-1", Bucket: "bukti", Prefix: "kinerja/2026", AccessKey: "AKIA1", SecretKey: "s/e+cret",
		HTTP: srv.Client(), Now: func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) },
	}
	change(&cfg)
	s, err := blobs.NewS3(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestS3(t *testing.T) {
	t.Parallel()
	keeps(t, newS3(t, func(*blobs.S3Config) {}))
	keeps(t, newS3(t, func(c *blobs.S3Config) { c.Prefix = "" }))
}

// TestS3Refusals: the reason is named, the secret is not.
func TestS3Refusals(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*blobs.S3Config){
		"SignatureDoesNotMatch": func(c *blobs.S3Config) { c.SecretKey = "canary-wrong" },
		"NoSuchBucket":          func(c *blobs.S3Config) { c.Bucket = "lain" },
	} {
		s := newS3(t, change)
		for what, err := range map[string]error{
			"probe": blobs.Probe(t.Context(), s),
			"open":  func() error { _, err := s.Open(t.Context(), blobs.HashOf(nil)); return err }(),
		} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("%s: %v, want %s", what, err, want)
			}
		}
	}
	for _, c := range []blobs.S3Config{
		{Bucket: "b", AccessKey: "a", SecretKey: "s"},
		{Endpoint: "https://h/path", Bucket: "b", AccessKey: "a", SecretKey: "s"},
		{Endpoint: "https://h", AccessKey: "a", SecretKey: "s"},
		{Endpoint: "https://h", Bucket: "b", SecretKey: "s"},
	} {
		c.Now = time.Now
		if _, err := blobs.NewS3(c); err == nil {
			t.Errorf("accepted: %+v", c)
		}
	}
}
