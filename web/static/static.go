// Package static holds the files that pages load: scripts, styles, pictures.
// They are part of the program, so a page works without the internet.
//
// It knows nothing about what the pages show. Whose work they are and under
// which licence is in README.md.
package static

import (
	"embed"
	"net/http"
)

//go:embed *.js *.css *.svg
var files embed.FS

// Handler serves the files by their names. They may be kept for an hour only:
// a visitor after an upgrade should not see yesterday's page.
func Handler() http.Handler {
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600")
		serve.ServeHTTP(w, r)
	})
}
