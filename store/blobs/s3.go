package blobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// S3Config names a bucket of an S3-compatible store (Garage, SeaweedFS, Ceph,
// MinIO, VersityGW, AWS). The bucket must exist.
type S3Config struct {
	Endpoint  string // https://s3.example.id
	Region    string
	Bucket    string
	Prefix    string // before every key, may be empty
	AccessKey string
	SecretKey string
	HTTP      *http.Client // nil: one that gives up after a minute
	Now       func() time.Time
}

// S3 keeps blobs in a bucket. Three plain requests are all it needs; the
// signature is the one of AWS's own library.
type S3 struct {
	cfg    S3Config
	base   *url.URL
	http   *http.Client
	signer *v4.Signer
}

const s3Timeout = time.Minute

// NewS3 checks the configuration; it calls nobody.
func NewS3(cfg S3Config) (*S3, error) {
	base, err := url.Parse(strings.TrimRight(cfg.Endpoint, "/"))
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.Path != "" {
		return nil, errors.New("endpoint: want https://host without a path")
	}
	switch {
	case cfg.Bucket == "":
		return nil, errors.New("bucket: empty")
	case cfg.AccessKey == "" || cfg.SecretKey == "":
		return nil, errors.New("access key and secret key: want both")
	case cfg.Now == nil:
		return nil, errors.New("no clock given")
	}
	client := &http.Client{Timeout: s3Timeout}
	if cfg.HTTP != nil {
		*client = *cfg.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	return &S3{cfg: cfg, base: base, http: client, signer: signer}, nil
}

// do makes one signed request; the caller closes the body.
func (s *S3) do(ctx context.Context, method string, h Hash, data []byte) (*http.Response, error) {
	name := h.String()
	at := s.base.JoinPath(s.cfg.Bucket, s.cfg.Prefix, name[:2], name)
	req, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	sum := HashOf(data).String()
	req.Header.Set("X-Amz-Content-Sha256", sum)
	keys := aws.Credentials{AccessKeyID: s.cfg.AccessKey, SecretAccessKey: s.cfg.SecretKey}
	if err := s.signer.SignHTTP(ctx, keys, req, sum, "s3", s.cfg.Region, s.cfg.Now()); err != nil {
		return nil, fmt.Errorf("sign request: %w", err)
	}
	return s.http.Do(req)
}

// refused makes an error of an answer that was not hoped for; its code is what
// S3 calls the reason ("NoSuchBucket", "SignatureDoesNotMatch").
func refused(what string, resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096)) // the status is the error, this only explains it
	_, after, _ := strings.Cut(string(body), "<Code>")
	code, _, _ := strings.Cut(after, "</Code>")
	return fmt.Errorf("%s: status %d %s", what, resp.StatusCode, code)
}

// Put implements [Store]: S3 answers after the object is durable, and an object
// appears whole or not at all.
func (s *S3) Put(ctx context.Context, h Hash, data []byte) error {
	resp, err := s.do(ctx, http.MethodPut, h, data)
	if err != nil {
		return fmt.Errorf("store blob: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return refused("store blob", resp)
	}
	return nil
}

// Open implements [Store].
func (s *S3) Open(ctx context.Context, h Hash) (io.ReadCloser, error) {
	resp, err := s.do(ctx, http.MethodGet, h, nil)
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	err = refused("open blob", resp)
	if resp.StatusCode == http.StatusNotFound && !strings.Contains(err.Error(), "NoSuchBucket") {
		return nil, ErrMissing
	}
	return nil, err
}

// Delete implements [Store].
func (s *S3) Delete(ctx context.Context, h Hash) error {
	resp, err := s.do(ctx, http.MethodDelete, h, nil)
	if err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK, http.StatusNoContent, http.StatusNotFound:
		return nil
	}
	return refused("delete blob", resp)
}
