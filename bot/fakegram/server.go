package fakegram

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says which bot the server serves and what it keeps. Token and Now are
// required; the rest works when zero.
type Config struct {
	Token       string           // "12345:secret"; the digits are the bot's user id
	BotUsername string           // without @
	BotName     string           // the first name people see
	Now         func() time.Time // dates messages, drives limits
	Logger      *slog.Logger     // nothing is logged when nil
	Seed        uint64           // of the faults' draws

	Limits        Limits // zero means RealLimits; a clock that stands still needs NoLimits
	KeepMessages  int    // messages kept per chat; 0 keeps all
	KeepCalls     int    // calls kept for Calls; 0 means 1,024
	KeepFileBytes int64  // bytes of files kept, oldest forgotten first; 0 means 256 MiB
	// ReadsGroups turns the bot's privacy mode off: it then gets every group
	// message, not only commands, mentions and replies to it.
	ReadsGroups bool
	// WebhookTransport carries webhook posts; nil is plain HTTP. See [InProcess].
	WebhookTransport http.RoundTripper
}

// Server is the network. It implements http.Handler for bots and has methods
// for people. It is safe for concurrent use; Close ends it.
type Server struct {
	cfg     Config
	api     *table
	bot     apiUser
	log     *slog.Logger
	methods map[string]method

	queue   *queue
	faults  *faults
	limiter *limiter
	files   *files
	journal *journal
	watch   *watchers
	taps    *taps

	webhookClient *http.Client

	mu       sync.RWMutex
	chats    map[int64]*Chat
	people   map[int64]*Person
	groups   map[int64]*Group
	commands map[string][]any // of setMyCommands, by scope and language
}

// method carries a checked call out. Its result is marshalled, or written as it
// is when it is a json.RawMessage.
type method func(context.Context, *call) (any, error)

// call is one checked call of the bot.
type call struct {
	args
	method string
	at     time.Time
}

// New opens a network with one bot and nobody else. It panics without a clock:
// that is a mistake in the program.
func New(cfg Config) *Server {
	if cfg.Now == nil || cfg.Token == "" {
		panic("fakegram: Config.Token and Config.Now are required")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.WebhookTransport == nil {
		cfg.WebhookTransport = &http.Transport{MaxIdleConnsPerHost: maxConnections}
	}
	digits, _, _ := strings.Cut(cfg.Token, ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		id = 1
	}
	s := &Server{
		cfg: cfg, api: loadTable(), log: cfg.Logger,
		bot:     apiUser{ID: id, IsBot: true, FirstName: cfg.BotName, Username: cfg.BotUsername},
		faults:  &faults{seed: cfg.Seed},
		limiter: newLimiter(cfg.Limits),
		files:   newFiles(cfg.KeepFileBytes),
		journal: newJournal(cfg.KeepCalls),
		watch:   newWatchers(),
		taps:    newTaps(),
		chats:   map[int64]*Chat{}, people: map[int64]*Person{}, groups: map[int64]*Group{}, commands: map[string][]any{},
		webhookClient: &http.Client{Transport: cfg.WebhookTransport},
	}
	s.queue = newQueue(func(chat, id int64) {
		s.watch.emit(Event{Kind: EventConfirmed, ChatID: chat, UpdateID: id})
	})
	s.methods = s.methodTable()
	return s
}

// Close ends long polls, the webhook and all watches. People can still write,
// but nobody hears them.
func (s *Server) Close() {
	s.queue.mu.Lock()
	s.queue.closed = true
	s.queue.endWebhook()
	if s.queue.poller != nil {
		close(s.queue.poller)
		s.queue.poller = nil
	}
	s.queue.mu.Unlock()
	s.webhookClient.CloseIdleConnections()
	s.watch.close()
}

func (s *Server) now() time.Time { return s.cfg.Now() }

func (s *Server) methodTable() map[string]method {
	return map[string]method{
		"getMe":      s.getMe,
		"getUpdates": s.getUpdates, "setWebhook": s.setWebhook,
		"deleteWebhook": s.deleteWebhook, "getWebhookInfo": s.getWebhookInfo,
		"sendMessage": s.sendMessage, "sendPhoto": s.sendPhoto, "sendDocument": s.sendDocument,
		"editMessageText": s.editMessageText, "editMessageCaption": s.editMessageCaption,
		"editMessageReplyMarkup": s.editMessageReplyMarkup, "deleteMessage": s.deleteMessage,
		"answerCallbackQuery": s.answerCallbackQuery, "sendChatAction": s.sendChatAction,
		"setMyCommands": s.setMyCommands, "getMyCommands": s.getMyCommands, "deleteMyCommands": s.deleteMyCommands,
		"getFile": s.getFile, "getChat": s.getChat,
	}
}

// ServeHTTP serves /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		s.serveFile(w, r, rest)
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, name, _ := strings.Cut(rest, "/")
	switch {
	case !ok:
		writeError(w, notFound(""))
	case token != s.cfg.Token:
		writeError(w, errUnauthorized)
	default:
		s.serveMethod(w, r, name)
	}
}

func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, name string) {
	c := &call{method: name, at: s.now()}
	if s.faults.down(name) {
		s.journal.add(c, errCut)
		panic(http.ErrAbortHandler) // closes the connection, logs nothing
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	result, err := s.run(r, c)
	var body json.RawMessage
	if err == nil {
		body, err = render(result)
	}
	s.journal.add(c, err)
	if err != nil {
		writeError(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // the client may be gone; then it asks again
}

// run decodes, checks, lets faults happen and carries out.
func (s *Server) run(r *http.Request, c *call) (any, error) {
	params, known := s.api.methods[c.method]
	if !known {
		return nil, notFound(": method not found")
	}
	raw, err := decodeRequest(r)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, &apiError{code: http.StatusRequestEntityTooLarge, description: "Request Entity Too Large", violation: true}
	}
	if err != nil {
		return nil, breach(err.Error())
	}
	if c.args, err = params.bind(raw); err != nil {
		return nil, breach(err.Error())
	}
	carryOut := s.methods[c.method]
	if carryOut == nil {
		return nil, notFound(": method " + c.method + " is not simulated")
	}
	cut, err := suffer(r.Context(), s.faults.next(c.method, c.chatID()))
	if err != nil {
		return nil, err
	}
	result, err := carryOut(r.Context(), c)
	if err == nil && cut {
		return nil, errCut
	}
	return result, err
}

// render makes the whole body of a good answer.
func render(result any) (json.RawMessage, error) {
	raw, isRaw := result.(json.RawMessage)
	if !isRaw {
		var err error
		if raw, err = json.Marshal(result); err != nil {
			return nil, &apiError{code: http.StatusInternalServerError, description: "Internal Server Error: " + err.Error()}
		}
	}
	body := make([]byte, 0, len(raw)+len(`{"ok":true,"result":}`))
	body = append(body, `{"ok":true,"result":`...)
	body = append(body, raw...)
	return append(body, '}'), nil
}

// writeError answers an apiError; any other error closes the connection.
func writeError(w http.ResponseWriter, err error) {
	var e *apiError
	if !errors.As(err, &e) {
		panic(http.ErrAbortHandler)
	}
	answer := struct {
		OK          bool             `json:"ok"`
		Code        int              `json:"error_code"`
		Description string           `json:"description"`
		Parameters  map[string]int64 `json:"parameters,omitempty"`
	}{Code: e.code, Description: e.description}
	if e.retryAfter > 0 {
		answer.Parameters = map[string]int64{"retry_after": int64(e.retryAfter)}
	}
	if e.migrateTo != 0 {
		answer.Parameters = map[string]int64{"migrate_to_chat_id": e.migrateTo}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.code)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}
