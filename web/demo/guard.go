package demo

import (
	"net"
	"net/http"
	"strings"
)

// maxForm bounds what a form may carry: a message of 4,096 characters, percent-encoded.
const maxForm = 64 << 10

// guarded lets only this machine's own browser use the page: the page moves
// clocks and kills services, and other sites must not do so through the
// visitor's browser.
func guarded(h http.Handler) http.Handler {
	h = http.NewCrossOriginProtection().Handler(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Another name for this address is DNS rebinding.
		if !ownName(r.Host) {
			http.Error(w, "Halaman ini hanya untuk localhost.", http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		h.ServeHTTP(w, r)
	})
}

func ownName(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	return strings.EqualFold(host, "localhost") || host == "127.0.0.1" || host == "::1"
}
