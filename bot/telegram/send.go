package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"strconv"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"ekinerja/bot"
)

// Limits of the Bot API: UTF-16 units of a text and of a caption, bytes of a
// button's data, characters of a placeholder and of a toast.
const (
	maxText        = 4096
	maxCaption     = 1024
	maxToken       = 64
	maxPlaceholder = 64
	maxToast       = 200
)

// sent is what we need of a message that Telegram confirms.
type sent struct {
	ID int64 `json:"message_id"`
}

// Send implements [bot.Channel]. A text longer than one message goes out as
// several, with the keys below the last; the id returned is the last one's, for
// that is the one to be tapped or quoted. When a later part fails the outcome
// is Unclear, whatever the cause: the whole must not be sent again.
func (a *Adapter) Send(ctx context.Context, m bot.MsgOut) (string, error) {
	if m.Callback != "" {
		return "", a.toast(ctx, m)
	}
	chat, err := strconv.ParseInt(m.To.ID, 10, 64)
	if err != nil || m.To.Network != bot.Telegram {
		return "", final("address is not a telegram chat")
	}
	markup, err := markup(m)
	if err != nil {
		return "", err
	}
	if m.Edit != "" {
		return a.edit(ctx, chat, m, markup)
	}
	steps := a.steps(chat, m, markup)
	var id string
	for i, step := range steps {
		if id, err = step(ctx); err != nil {
			return "", halfway(err, i)
		}
	}
	return id, nil
}

// steps are the calls that make up one message, in order.
func (a *Adapter) steps(chat int64, m bot.MsgOut, keys models.ReplyMarkup) []func(context.Context) (string, error) {
	var steps []func(context.Context) (string, error)
	up, found := uploadOf(m)
	if found && bot.UTF16Len(m.Text) <= maxCaption {
		return append(steps, func(ctx context.Context) (string, error) {
			return a.upload(ctx, chat, up, bot.Part{Text: m.Text, Bold: m.Bold}, keys)
		})
	}
	if found {
		steps = append(steps, func(ctx context.Context) (string, error) {
			return a.upload(ctx, chat, up, bot.Part{}, nil)
		})
	}
	parts := bot.Split(m.Text, m.Bold, maxText)
	for i, part := range parts {
		var below models.ReplyMarkup
		if i == len(parts)-1 {
			below = keys
		}
		steps = append(steps, func(ctx context.Context) (string, error) {
			return a.text(ctx, chat, part, below)
		})
	}
	return steps
}

func halfway(err error, done int) error {
	if se := bot.OutcomeOf(err); done > 0 {
		half := *se
		half.Outcome = bot.Unclear
		return &half
	}
	return err
}

func (a *Adapter) text(ctx context.Context, chat int64, p bot.Part, keys models.ReplyMarkup) (string, error) {
	var out sent
	err := a.call(ctx, "sendMessage", tg.SendMessageParams{
		ChatID: chat, Text: p.Text, Entities: entities(p), LinkPreviewOptions: noPreview(), ReplyMarkup: keys,
	}, &out)
	return number(out.ID), err
}

func (a *Adapter) edit(ctx context.Context, chat int64, m bot.MsgOut, keys models.ReplyMarkup) (string, error) {
	id, err := strconv.Atoi(m.Edit)
	if err != nil {
		return "", final("edited message id is not a number")
	}
	part := bot.Part{Text: m.Text, Bold: m.Bold}
	if bot.UTF16Len(m.Text) > maxText { // an edit cannot grow into two messages
		part = bot.Split(m.Text, m.Bold, maxText-1)[0]
		part.Text += "…"
	}
	if _, inline := keys.(models.InlineKeyboardMarkup); !inline {
		keys = nil // an edit can carry inline buttons only
	}
	err = a.call(ctx, "editMessageText", tg.EditMessageTextParams{
		ChatID: chat, MessageID: id, Text: part.Text, Entities: entities(part), LinkPreviewOptions: noPreview(), ReplyMarkup: keys,
	}, nil)
	if err != nil && !unchanged(err) {
		return "", err
	}
	return m.Edit, nil
}

// unchanged tells that the message already looks as it should.
func unchanged(err error) bool {
	se := bot.OutcomeOf(err)
	return se.Outcome == bot.Final && strings.Contains(strings.ToLower(se.Err.Error()), "message is not modified")
}

// toast answers a tap. Nobody waits for it longer than a few seconds, so
// whatever goes wrong is final, except that a 429 still rests the account.
func (a *Adapter) toast(ctx context.Context, m bot.MsgOut) error {
	err := a.call(ctx, "answerCallbackQuery", tg.AnswerCallbackQueryParams{
		CallbackQueryID: m.Callback, Text: bot.Split(m.Text, nil, maxToast)[0].Text,
	}, nil)
	if err == nil {
		return nil
	}
	se := *bot.OutcomeOf(err)
	se.Outcome = bot.Final
	return &se
}

// upload is a photo or a document to be sent.
type upload struct {
	method, field, name string
	data                []byte
}

// uploadOf is what a message carries besides words, if anything.
func uploadOf(m bot.MsgOut) (upload, bool) {
	switch {
	case len(m.File) > 0:
		return upload{"sendDocument", "document", m.FileName, m.File}, true
	case len(m.Photo) > 0:
		return upload{"sendPhoto", "photo", "photo.png", m.Photo}, true
	}
	return upload{}, false
}

// upload sends a file. These are the calls that JSON cannot carry.
func (a *Adapter) upload(ctx context.Context, chat int64, up upload, p bot.Part, keys models.ReplyMarkup) (string, error) {
	b, err := uploadBody(chat, up, p, keys)
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Final, Err: err}
	}
	var out sent
	err = a.callBody(ctx, up.method, b, &out)
	return number(out.ID), err
}

func uploadBody(chat int64, up upload, p bot.Part, keys models.ReplyMarkup) (body, error) {
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	fields := []struct {
		name  string
		value any
		set   bool
	}{
		{"chat_id", chat, true},
		{"caption", p.Text, p.Text != ""},
		{"caption_entities", entities(p), len(p.Bold) > 0},
		{"reply_markup", keys, keys != nil},
	}
	for _, f := range fields {
		if !f.set {
			continue
		}
		if err := writeField(form, f.name, f.value); err != nil {
			return body{}, err
		}
	}
	file, err := form.CreateFormFile(up.field, up.name)
	if err != nil {
		return body{}, fmt.Errorf("encode file: %w", err)
	}
	_, _ = file.Write(up.data) // a bytes.Buffer never fails
	if err := form.Close(); err != nil {
		return body{}, fmt.Errorf("encode photo: %w", err)
	}
	return body{kind: form.FormDataContentType(), data: buf.Bytes()}, nil
}

func writeField(form *multipart.Writer, name string, value any) error {
	text, plain := value.(string)
	if !plain {
		data, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("encode %s: %w", name, err)
		}
		text = string(data)
	}
	if err := form.WriteField(name, text); err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return nil
}

func final(why string) error { return &bot.SendError{Outcome: bot.Final, Err: errors.New(why)} }
