package telegram

import (
	"strings"

	"github.com/go-telegram/bot/models"

	"ekinerja/bot"
)

// entities turns byte spans into Telegram's UTF-16 ones. Formatting never goes
// through parse_mode: a person's text may hold any character.
func entities(p bot.Part) []models.MessageEntity {
	var out []models.MessageEntity
	for _, s := range p.Bold {
		if s.Start < 0 || s.End > len(p.Text) || s.Start >= s.End {
			continue
		}
		out = append(out, models.MessageEntity{
			Type: models.MessageEntityTypeBold, Offset: bot.UTF16Len(p.Text[:s.Start]), Length: bot.UTF16Len(p.Text[s.Start:s.End]),
		})
	}
	return out
}

func noPreview() *models.LinkPreviewOptions {
	off := true
	return &models.LinkPreviewOptions{IsDisabled: &off}
}

// markup is what stands below a message; nil for nothing. Telegram takes one
// kind only: buttons win over a keyboard, and a keyboard over asking for a reply.
func markup(m bot.MsgOut) (models.ReplyMarkup, error) {
	switch {
	case len(m.Buttons) > 0:
		return buttons(m.Buttons)
	case m.Keyboard != nil && m.Keyboard.Remove:
		return models.ReplyKeyboardRemove{RemoveKeyboard: true}, nil
	case m.Keyboard != nil:
		return keyboard(m.Keyboard), nil
	case m.Reply:
		return models.ForceReply{
			ForceReply:            true,
			InputFieldPlaceholder: shorten(m.Placeholder, maxPlaceholder),
			// Selective means "only who is mentioned or answered", which nobody
			// is in a private chat: there it would switch the reply off.
			Selective: strings.HasPrefix(m.To.ID, "-"),
		}, nil
	}
	return nil, nil //nolint:nilnil // nothing below the message is no error
}

func buttons(rows [][]bot.Button) (models.ReplyMarkup, error) {
	keys := make([][]models.InlineKeyboardButton, 0, len(rows))
	for _, row := range rows {
		line := make([]models.InlineKeyboardButton, len(row))
		for i, b := range row {
			if len(b.Token) > maxToken {
				return nil, final("button token is longer than 64 bytes")
			}
			if (b.Token == "") == (b.URL == "") || b.Label == "" {
				return nil, final("button needs a label and either a token or an address")
			}
			line[i] = models.InlineKeyboardButton{Text: b.Label, CallbackData: b.Token, URL: b.URL}
		}
		keys = append(keys, line)
	}
	return models.InlineKeyboardMarkup{InlineKeyboard: keys}, nil
}

func keyboard(k *bot.Keyboard) models.ReplyMarkup {
	var keys [][]models.KeyboardButton
	if k.AskContact != "" {
		keys = append(keys, []models.KeyboardButton{{Text: k.AskContact, RequestContact: true}})
	}
	for _, row := range k.Rows {
		line := make([]models.KeyboardButton, len(row))
		for i, label := range row {
			line[i] = models.KeyboardButton{Text: label}
		}
		keys = append(keys, line)
	}
	return models.ReplyKeyboardMarkup{Keyboard: keys, ResizeKeyboard: true, OneTimeKeyboard: true}
}

// shorten keeps the first n characters.
func shorten(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
