package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ekinerja/web"
)

func get(t *testing.T, h http.Handler, path string) (int, string, http.Header) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body), w.Header()
}

func TestHealthDoesNotAskTheDatabase(t *testing.T) {
	t.Parallel()
	h := web.Ops(web.OpsConfig{Metrics: web.NewMetrics(), Ready: func(context.Context) error {
		t.Error("health asked whether the service is ready")
		return nil
	}})
	if code, body, _ := get(t, h, "/healthz"); code != http.StatusOK || strings.TrimSpace(body) != `{"status":"ok"}` {
		t.Errorf("status %d: %s", code, body)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   error
		wrong string
		want  int
		body  string
	}{
		"writable":  {nil, "", http.StatusOK, `{"status":"ready"}`},
		"elsewhere": {nil, "posted elsewhere", http.StatusOK, `{"status":"ready","updates":"posted elsewhere"}`},
		"broken":    {errors.New("dial 10.0.0.7: refused"), "", http.StatusServiceUnavailable, `{"status":"database not writable"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := web.Ops(web.OpsConfig{Metrics: web.NewMetrics(), Updates: func() string { return c.wrong }, Ready: func(ctx context.Context) error {
				if _, bounded := ctx.Deadline(); !bounded {
					t.Error("the check may take for ever")
				}
				return c.err
			}})
			code, body, _ := get(t, h, "/readyz")
			if code != c.want || strings.TrimSpace(body) != c.body {
				t.Errorf("status %d: %s", code, body)
			}
		})
	}
}

// Two sets of figures in one process must not meet: tests and the demo have several.
func TestMetricsAreTheirOwn(t *testing.T) {
	t.Parallel()
	a, b := web.NewMetrics(), web.NewMetrics()
	a.Handled(1, nil)
	if _, body, _ := get(t, web.Ops(web.OpsConfig{Metrics: b}), "/metrics"); !strings.Contains(body, `ekinerja_turns_total{result="done"} 0`) {
		t.Error("one set counts for the other")
	}
}

func TestServerHeadersAndLimits(t *testing.T) {
	t.Parallel()
	srv := web.NewServer("127.0.0.1:0", http.NotFoundHandler())
	_, _, head := get(t, srv.Handler, "/")
	if head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(head.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("headers %v", head)
	}
	if srv.ReadHeaderTimeout == 0 || srv.ReadTimeout == 0 || srv.IdleTimeout == 0 || srv.MaxHeaderBytes == 0 {
		t.Errorf("a stranger can hold something open for ever: %+v", srv)
	}
}
