package demo

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"ekinerja/bot/fakegram"
	"ekinerja/web/static"
)

const (
	columns   = 3 // people side by side at first; the group comes beside them
	panelRows = 40
	// jumpPatience bounds a jump of the clock with all jobs on its way.
	jumpPatience = 3 * time.Minute
)

// page serves the page and its fragments.
type page struct {
	cfg     Config
	lines   []*line
	faults  *faults
	jumping sync.Mutex
}

func (p *page) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.whole)
	mux.HandleFunc("GET /phone/{key}", p.onLine(p.phone))
	mux.HandleFunc("GET /phone/{key}/screen", p.onLine(p.screen))
	mux.HandleFunc("POST /phone/{key}/{act}", p.onLine(p.act))
	mux.HandleFunc("POST /clock/speed", p.speed)
	mux.HandleFunc("POST /clock/{button}", p.jump)
	mux.HandleFunc("POST /fault/{name}", p.fault)
	mux.HandleFunc("GET /faults", p.cards)
	mux.HandleFunc("GET /panel", p.panel)
	mux.HandleFunc("GET /file/{id}", p.file)
	mux.HandleFunc("GET /events", p.events)
	mux.Handle("GET /static/", http.StripPrefix("/static", static.Handler()))
	return mux
}

// view is the whole page.
type view struct {
	Shown  []*line // side by side
	Lines  []*line
	Now    time.Time
	Clock  clockView
	Faults faultView
	Rows   panelView
	// Morning: there is a superior's morning to play.
	Morning bool
}

// clockView is the clock as the page shows it.
type clockView struct {
	Date  string  `json:"date"` // "Senin, 23 November 2026"
	Time  string  `json:"time"` // "15.31"
	Zone  string  `json:"zone"` // "WIB"
	Speed float64 `json:"speed"`
}

func (p *page) now() time.Time { return p.cfg.Clock.Now().In(p.cfg.Location) }

func (p *page) clockView() clockView {
	now := p.now()
	return clockView{Date: longDate(now), Time: hour(now), Zone: now.Format("MST"), Speed: p.cfg.Clock.Speed()}
}

func (p *page) whole(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, wholePage(view{ //nolint:contextcheck // templ hands it on when it renders
		Shown: p.shown(r.FormValue("tampil")), Lines: p.lines, Now: p.now(), Clock: p.clockView(),
		Faults: p.faults.view(), Rows: p.panelView(r.Context()), Morning: p.cfg.Evening != nil,
	}))
}

// shown are the conversations side by side: those asked for ("sri,dewi,grup"),
// else the first three and the group.
func (p *page) shown(asked string) []*line {
	var out []*line
	for key := range strings.SplitSeq(asked, ",") {
		if l := p.line(key); l != nil && !slices.Contains(out, l) && len(out) <= columns {
			out = append(out, l)
		}
	}
	if len(out) > 0 {
		return out
	}
	people := len(p.cfg.Phones)
	return append(slices.Clone(p.lines[:min(columns, people)]), p.lines[people:]...)
}

func (p *page) line(key string) *line {
	i := slices.IndexFunc(p.lines, func(l *line) bool { return l.Key == key })
	if i < 0 {
		return nil
	}
	return p.lines[i]
}

// lineHandler serves something of one conversation.
type lineHandler func(http.ResponseWriter, *http.Request, *line)

func (p *page) onLine(h lineHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l := p.line(r.PathValue("key"))
		if l == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r, l)
	}
}

func (p *page) phone(w http.ResponseWriter, r *http.Request, l *line) {
	p.show(w, r, phone(l.screen(p.cfg.Location), p.lines))
}

func (p *page) screen(w http.ResponseWriter, r *http.Request, l *line) {
	p.show(w, r, screenChange(l.screen(p.cfg.Location)))
}

// act lets somebody do something: send, tap, photo, album, document, sticker, voice, location,
// contact, start, block, unblock.
func (p *page) act(w http.ResponseWriter, r *http.Request, l *line) {
	by := l.Person
	if l.group != nil {
		from := p.line(r.FormValue("from"))
		if from == nil || from.Person == nil {
			http.Error(w, "Pilih dahulu siapa yang menulis.", http.StatusUnprocessableEntity)
			return
		}
		by = from.Person
	}
	text := r.FormValue("text")
	p.done(w, r, l.do(r.PathValue("act"), act{
		by: by, text: text, data: r.FormValue("data"),
		message: id(r, "message"), quote: id(r, "reply_to"), edit: id(r, "edit"),
	}))
}

// id reads a message's number from a form; 0 is none.
func id(r *http.Request, field string) int64 {
	n, _ := strconv.ParseInt(r.FormValue(field), 10, 64) // anything else is none
	return n
}

func (p *page) speed(w http.ResponseWriter, r *http.Request) {
	x, err := strconv.ParseFloat(r.FormValue("x"), 64)
	if err != nil || !(x >= 0 && x <= fastest) {
		http.Error(w, "Kecepatan 0 sampai 600.", http.StatusUnprocessableEntity)
		return
	}
	p.cfg.Clock.SetSpeed(x)
	p.done(w, r, nil)
}

func (p *page) jump(w http.ResponseWriter, r *http.Request) {
	if !p.jumping.TryLock() {
		http.Error(w, "Jam masih bergerak; mohon tunggu sebentar.", http.StatusConflict)
		return
	}
	defer p.jumping.Unlock()
	// A jump is finished even when the visitor leaves: half a day is no state to stop in.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), jumpPatience)
	defer cancel()
	if r.PathValue("button") == "supervisor" && p.cfg.Evening != nil {
		p.done(w, r, p.supervisorMorning(ctx))
		return
	}
	to, ok := destination(r.PathValue("button"), p.now())
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.done(w, r, p.cfg.Clock.Jump(ctx, to))
}

// supervisorMorning lets people be asked and write, and goes on to the hour at which a
// superior has read nothing yet and has heard of everything.
func (p *page) supervisorMorning(ctx context.Context) error {
	if !evening(p.now()) {
		if err := p.cfg.Clock.Jump(ctx, nextAt(p.now(), askHour, askMinute, working)); err != nil {
			return err
		}
	}
	if err := p.cfg.Evening(ctx); err != nil {
		return err
	}
	return p.cfg.Clock.Jump(ctx, nextAt(p.now(), readingHour, readingMin, working))
}

func (p *page) fault(w http.ResponseWriter, r *http.Request) {
	p.done(w, r, p.faults.cause(r.Context(), r.PathValue("name")))
}

// done answers a click. Without scripts the page is loaded anew.
func (p *page) done(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errNoAct), errors.Is(err, errNoFault):
		http.NotFound(w, r)
	case err != nil && excuse(err) != "":
		http.Error(w, excuse(err), http.StatusUnprocessableEntity)
	case err != nil:
		p.cfg.Log.ErrorContext(r.Context(), "act of a visitor", "path", r.URL.Path, "error", err)
		http.Error(w, "Belum berhasil; rinciannya ada di log.", http.StatusInternalServerError)
	case r.Header.Get("HX-Request") == "":
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// excuse says why a phone refuses an act, or nothing when it is not the phone.
func excuse(err error) string {
	for known, words := range map[error]string{
		fakegram.ErrEmpty:     "Pesannya masih kosong.",
		fakegram.ErrTooLong:   "Pesannya lebih dari 4.096 huruf.",
		fakegram.ErrBlocking:  "Bot sedang diblokir dari telepon ini. Buka blokirnya di menu ⋮.",
		fakegram.ErrNoMessage: "Pesan itu sudah tidak ada.",
		fakegram.ErrNoButton:  "Tombol itu sudah tidak ada.",
		fakegram.ErrNotMine:   "Hanya pesan sendiri yang dapat diubah.",
		fakegram.ErrClosed:    "Percakapan ini sudah ditutup.",
	} {
		if errors.Is(err, known) {
			return words
		}
	}
	return ""
}

func (p *page) cards(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, faultCards(p.faults.view())) //nolint:contextcheck // templ hands it on when it renders
}

func (p *page) panel(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, panelTable(p.panelView(r.Context()))) //nolint:contextcheck // templ hands it on when it renders
}

func (p *page) file(w http.ResponseWriter, r *http.Request) {
	data, mime, found := p.cfg.Net.File(r.PathValue("id"))
	if !found {
		http.NotFound(w, r)
		return
	}
	// A bot's file could be a page with a script; only pictures are shown.
	if mime != "image/png" && mime != "image/jpeg" {
		mime = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("Content-Type", mime)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, _ = w.Write(data) // the browser has gone; nobody to tell
}

// show renders a fragment; half a page is never sent.
func (p *page) show(w http.ResponseWriter, r *http.Request, c templ.Component) {
	var body bytes.Buffer
	if err := c.Render(r.Context(), &body); err != nil {
		p.cfg.Log.ErrorContext(r.Context(), "render a fragment", "path", r.URL.Path, "error", err)
		http.Error(w, "Halaman ini belum dapat ditampilkan.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = body.WriteTo(w) // the browser has gone; nobody to tell
}
