package fakegram

import (
	"bytes"
	"io"
	"net/http"
)

// InProcess carries requests to a handler without any port: give a bot
// &http.Client{Transport: InProcess(server)}, or the server the bot's webhook
// handler as [Config.WebhookTransport]. It also works in a testing/synctest
// bubble. A closed connection is io.ErrUnexpectedEOF.
func InProcess(h http.Handler) http.RoundTripper { return inProcess{h} }

type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	r := req.Clone(req.Context())
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answered := make(chan *recorder, 1)
	go func() {
		w := &recorder{header: http.Header{}}
		w.serve(t.handler, r)
		_ = r.Body.Close() // a RoundTripper must; there is nobody to tell
		answered <- w
	}()
	select {
	case w := <-answered:
		if w.aborted {
			return nil, io.ErrUnexpectedEOF
		}
		return w.response(req), nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// recorder keeps a whole answer.
type recorder struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	aborted bool
}

func (w *recorder) serve(h http.Handler, r *http.Request) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // net/http compares the same way
			w.aborted = true
		} else if p != nil {
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *recorder) response(req *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK) // a handler that wrote nothing
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: req,
	}
}
