package fakegram

import (
	"context"
	"strings"
)

func (s *Server) sendMessage(_ context.Context, c *call) (any, error) {
	text, entities, err := checkText(c.str("text"), c.list("entities"), maxText)
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, breach("message text is empty")
	}
	return s.deliver(c, func(e *entry) { e.wire.Text, e.wire.Entities = text, entities })
}

func (s *Server) sendPhoto(_ context.Context, c *call) (any, error) {
	f, err := s.givenFile(c, "photo")
	if err != nil {
		return nil, err
	}
	if f.width == 0 {
		if err := f.readPhoto(); err != nil {
			return nil, err
		}
	}
	return s.sendFile(c, f, func(e *entry) { e.wire.Photo = f.photo() })
}

func (s *Server) sendDocument(_ context.Context, c *call) (any, error) {
	f, err := s.givenFile(c, "document")
	if err != nil {
		return nil, err
	}
	if len(f.data) == 0 {
		return nil, breach("file must be non-empty")
	}
	return s.sendFile(c, f, func(e *entry) { e.wire.Document = f.document() })
}

// sendFile delivers f with the caption; the file is kept only if the message is.
func (s *Server) sendFile(c *call, f *file, fill func(*entry)) (any, error) {
	caption, entities, err := checkText(c.str("caption"), c.list("caption_entities"), maxCaption)
	if err != nil {
		return nil, err
	}
	return s.deliver(c, func(e *entry) {
		s.files.keep(f)
		fill(e)
		e.wire.Caption, e.wire.CaptionEntities = caption, entities
	})
}

// givenFile reads an uploaded file or one known by its file_id.
func (s *Server) givenFile(c *call, name string) (*file, error) {
	part, uploaded := c.files[name]
	if attached, ok := strings.CutPrefix(c.str(name), "attach://"); ok {
		if part, uploaded = c.files[attached]; !uploaded {
			return nil, breach("file " + attached + " is not attached")
		}
	}
	if uploaded {
		return newFile(name, part.name, part.data), nil
	}
	id := c.str(name)
	if strings.Contains(id, "://") {
		return nil, breach("sending a file by URL is not simulated")
	}
	f, known := s.files.get(id)
	if !known || f.kind != name {
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	}
	return f, nil
}

// deliver puts a message of the bot on the phone and answers it.
func (s *Server) deliver(c *call, fill func(*entry)) (any, error) {
	if err := refuseUnsimulated(c, "parse_mode", "business_connection_id", "suggested_post_parameters"); err != nil {
		return nil, err
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
	quoted, err := chat.repliedTo(c.object("reply_parameters"))
	if err != nil {
		return nil, err
	}
	if err := s.limiter.take(chat.info.ID, c.at); err != nil {
		return nil, err
	}
	e := chat.post(s.bot, func(e *entry) {
		fill(e)
		e.wire.ReplyTo, e.wire.ReplyMarkup = quoted, m.inline
		e.buttons, e.keyboard = m.buttons, m.keyboard
	})
	chat.emit(EventMessage, e)
	return e.wire, nil
}

// repliedTo answers the message that ReplyParameters point at, nil if none.
func (c *Chat) repliedTo(params map[string]any) (*apiMessage, error) {
	if params == nil {
		return nil, nil
	}
	if other := number(params["chat_id"]); other != 0 && other != c.info.ID {
		return nil, breach("replies to other chats are not simulated")
	}
	e := c.live(number(params["message_id"]))
	if e != nil {
		return e.quote(), nil
	}
	if params["allow_sending_without_reply"] == true {
		return nil, nil
	}
	return nil, badRequest("message to be replied not found")
}
