package fakegram

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// tapLife is how long a tap can be answered. Telegram does not publish it; bots
// see "query is too old" after some minutes.
const tapLife = 15 * time.Minute

// keepTaps is how many taps can wait for an answer.
const keepTaps = 65_536

func (s *Server) getMe(context.Context, *call) (any, error) {
	return apiMe{apiUser: s.bot, CanJoinGroups: true, CanReadAllGroup: s.cfg.ReadsGroups}, nil
}

func (s *Server) getChat(_ context.Context, c *call) (any, error) {
	chat := s.Chat(c.chatID())
	if chat == nil {
		return nil, errChatNotFound
	}
	chat.mu.Lock()
	defer chat.mu.Unlock()
	if err := chat.refusal(); err != nil && !chat.blocked {
		return nil, err
	}
	gifts := map[string]bool{
		"unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true,
		"premium_subscription": true, "gifts_from_channels": true,
	}
	return apiChatFull{apiChat: chat.info, MaxReactions: 11, AcceptedGifts: gifts}, nil
}

// chatActions are the values of sendChatAction's action.
var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
	"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (s *Server) sendChatAction(_ context.Context, c *call) (any, error) {
	if !slices.Contains(chatActions, c.str("action")) {
		return nil, breach("wrong parameter action in request")
	}
	chat := s.Chat(c.chatID())
	if chat == nil {
		return nil, errChatNotFound
	}
	chat.mu.Lock()
	defer chat.mu.Unlock()
	if err := chat.refusal(); err != nil {
		return nil, err
	}
	s.watch.emit(Event{Kind: EventTyping, ChatID: chat.info.ID})
	return true, nil
}

// taps remembers which message a callback query came from.
type taps struct {
	mu    sync.Mutex
	next  int64
	open  map[string]tap
	order []string
}

type tap struct {
	chat    *Chat
	message int64
	user    int64
	at      time.Time
}

func newTaps() *taps { return &taps{next: 4_382_000_000_000_001, open: map[string]tap{}} }

func (t *taps) add(x tap) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := strconv.FormatInt(t.next, 10)
	t.next++
	t.open[id] = x
	t.order = append(t.order, id)
	if len(t.order) > keepTaps {
		delete(t.open, t.order[0])
		t.order = t.order[1:]
	}
	return id
}

func (t *taps) get(id string) (tap, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	x, found := t.open[id]
	return x, found
}

func (s *Server) answerCallbackQuery(_ context.Context, c *call) (any, error) {
	text := c.str("text")
	if utf8.RuneCountInString(text) > maxToast {
		return nil, breach("MESSAGE_TOO_LONG")
	}
	if err := refuseUnsimulated(c, "url"); err != nil {
		return nil, err
	}
	x, found := s.taps.get(c.str("callback_query_id"))
	if !found || c.at.Sub(x.at) > tapLife {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	x.chat.mu.Lock()
	defer x.chat.mu.Unlock()
	if e := x.chat.find(x.message); e != nil {
		e.toasts = append(e.toasts, Toast{UserID: x.user, Text: text, Alert: c.flag("show_alert"), At: c.at})
		x.chat.emit(EventToast, e)
	}
	return true, nil
}

var commandPattern = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func (s *Server) setMyCommands(_ context.Context, c *call) (any, error) {
	list := c.list("commands")
	if len(list) > 100 {
		return nil, breach("can't set more than 100 commands")
	}
	for _, item := range list {
		m, _ := item.(map[string]any)
		name, _ := m["command"].(string)
		about, _ := m["description"].(string)
		if !commandPattern.MatchString(name) {
			return nil, breach("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(about); n < 1 || n > 256 {
			return nil, breach("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[commandScope(c)] = list
	return true, nil
}

func (s *Server) deleteMyCommands(_ context.Context, c *call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.commands, commandScope(c))
	return true, nil
}

func (s *Server) getMyCommands(_ context.Context, c *call) (any, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if list := s.commands[commandScope(c)]; list != nil {
		return list, nil
	}
	return []any{}, nil
}

func commandScope(c *call) string {
	scope := c.object("scope")
	if scope == nil {
		scope = map[string]any{"type": "default"}
	}
	return scopeKey(scope) + c.str("language_code")
}

func scopeKey(scope map[string]any) string {
	key, _ := json.Marshal(scope) // a decoded value always encodes
	return string(key)
}

// BotCommand is an entry of the bot's menu.
type BotCommand struct{ Name, Description string }

// Menu answers the commands of a scope ("default", "all_private_chats") for every
// language without its own, as set by setMyCommands.
func (s *Server) Menu(scope string) []BotCommand {
	s.mu.RLock()
	items := s.commands[scopeKey(map[string]any{"type": scope})]
	s.mu.RUnlock()
	out := make([]BotCommand, 0, len(items))
	for _, item := range items {
		m, _ := item.(map[string]any)
		b := BotCommand{}
		b.Name, _ = m["command"].(string)
		b.Description, _ = m["description"].(string)
		out = append(out, b)
	}
	return out
}
