// Package web shows: health, readiness and metrics to operators, webhooks to
// networks, and, in web/demo, simulated phones to visitors.
//
// It knows HTTP and pages. It never decides anything about people or reports
// and holds no SQL: what it shows is handed to it.
package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// readyPatience bounds the check behind /readyz.
const readyPatience = 3 * time.Second

// OpsConfig is what the operator's pages need.
type OpsConfig struct {
	// Ready proves that the service can do its work now: it writes a row.
	Ready func(ctx context.Context) error
	// Updates, when set, says in a few words what is wrong with the way by which
	// updates come, empty for nothing. It makes nobody unready: another process
	// would get as few.
	Updates func() string
	Metrics *Metrics
}

// Ops are the operator's pages: /healthz says that the process lives, /readyz
// that it can store an answer, /metrics how it goes.
func Ops(cfg OpsConfig) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyPatience)
		defer cancel()
		if err := cfg.Ready(ctx); err != nil {
			// The reason may name hosts; it belongs to the log, not to the page.
			answer(w, http.StatusServiceUnavailable, map[string]string{"status": "database not writable"})
			return
		}
		body := map[string]string{"status": "ready"}
		if cfg.Updates != nil {
			if wrong := cfg.Updates(); wrong != "" {
				body["updates"] = wrong
			}
		}
		answer(w, http.StatusOK, body)
	})
	mux.Handle("GET /metrics", cfg.Metrics.handler())
	return mux
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the caller has gone; nobody to tell
}

// NewServer is an HTTP server with limits on everything a stranger can hold open.
func NewServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: guarded(h),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
}

// guarded adds the headers that keep a page to itself.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
		h.ServeHTTP(w, r)
	})
}
