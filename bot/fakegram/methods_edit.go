package fakegram

import (
	"context"
	"reflect"
	"time"
)

// deletableFor is how long a bot can delete a message after it was sent.
const deletableFor = 48 * time.Hour

func (s *Server) editMessageText(_ context.Context, c *call) (any, error) {
	if err := refuseUnsimulated(c, "rich_message"); err != nil {
		return nil, err
	}
	text, entities, err := checkText(c.str("text"), c.list("entities"), maxText)
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, breach("message text is empty")
	}
	return s.edit(c, func(w *apiMessage) error {
		if w.Text == "" {
			return badRequest("there is no text in the message to edit")
		}
		w.Text, w.Entities = text, entities
		return nil
	})
}

func (s *Server) editMessageCaption(_ context.Context, c *call) (any, error) {
	caption, entities, err := checkText(c.str("caption"), c.list("caption_entities"), maxCaption)
	if err != nil {
		return nil, err
	}
	return s.edit(c, func(w *apiMessage) error {
		if len(w.Photo) == 0 && w.Document == nil {
			return badRequest("there is no caption in the message to edit")
		}
		w.Caption, w.CaptionEntities = caption, entities
		return nil
	})
}

func (s *Server) editMessageReplyMarkup(_ context.Context, c *call) (any, error) {
	return s.edit(c, func(*apiMessage) error { return nil })
}

// edit changes a message of the bot. As in the Bot API, an edit without
// reply_markup takes the buttons away.
func (s *Server) edit(c *call, change func(*apiMessage) error) (any, error) {
	if err := refuseUnsimulated(c, "parse_mode", "business_connection_id", "inline_message_id"); err != nil {
		return nil, err
	}
	if !c.has("chat_id") || !c.has("message_id") {
		return nil, breach("message identifier is not specified")
	}
	m, err := checkMarkup(c.object("reply_markup"), c.chatID() < 0)
	if err != nil {
		return nil, err
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
	e := chat.live(c.num("message_id"))
	if e == nil {
		return nil, badRequest("message to edit not found")
	}
	// Only messages without a markup or with inline buttons can be edited.
	if e.wire.From.ID != s.bot.ID || e.keyboard != nil {
		return nil, badRequest("message can't be edited")
	}
	after := e.wire
	if err := change(&after); err != nil {
		return nil, err
	}
	if after.ReplyMarkup = m.inline; same(&e.wire, &after) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	after.EditDate = max(c.at.Unix(), after.Date)
	e.wire, e.buttons, e.editedAt = after, m.buttons, c.at
	chat.emit(EventEdited, e)
	return e.wire, nil
}

func same(a, b *apiMessage) bool {
	return a.Text == b.Text && a.Caption == b.Caption &&
		equalEntities(a.Entities, b.Entities) && equalEntities(a.CaptionEntities, b.CaptionEntities) &&
		reflect.DeepEqual(a.ReplyMarkup, b.ReplyMarkup)
}

func equalEntities(a, b []Entity) bool { return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b) }

func (s *Server) deleteMessage(_ context.Context, c *call) (any, error) {
	chat := s.Chat(c.chatID())
	if chat == nil {
		return nil, errChatNotFound
	}
	chat.mu.Lock()
	defer chat.mu.Unlock()
	if err := chat.refusal(); err != nil {
		return nil, err
	}
	e := chat.live(c.num("message_id"))
	switch {
	case e == nil:
		return nil, badRequest("message to delete not found")
	case chat.info.ID < 0 && e.wire.From.ID != s.bot.ID:
		return nil, badRequest("message can't be deleted")
	case c.at.Sub(e.at) > deletableFor:
		return nil, badRequest("message can't be deleted for everyone")
	}
	e.deleted = true
	chat.emit(EventDeleted, e)
	return true, nil
}
