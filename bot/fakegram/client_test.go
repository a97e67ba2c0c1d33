package fakegram

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// client is the unmodified library on the network, answering with handle.
func client(t *testing.T, n *network, handle bot.HandlerFunc, more ...bot.Option) *bot.Bot {
	t.Helper()
	options := append([]bot.Option{
		bot.WithServerURL(n.url), bot.WithDefaultHandler(handle),
		bot.WithErrorsHandler(func(err error) {
			if t.Context().Err() == nil {
				t.Errorf("library: %v", err)
			}
		}),
	}, more...)
	b, err := bot.New(testToken, options...) // calls getMe
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// storyteller answers every update with what the library can send.
func storyteller(t *testing.T) bot.HandlerFunc {
	t.Helper()
	picture := testPNG(t, 40, 30)
	return func(ctx context.Context, b *bot.Bot, u *models.Update) {
		var err error
		switch {
		case u.CallbackQuery != nil:
			q := u.CallbackQuery
			_, err = b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: "Tersimpan"})
			if err == nil {
				m := q.Message.Message
				_, err = b.EditMessageText(ctx, &bot.EditMessageTextParams{ChatID: m.Chat.ID, MessageID: m.ID, Text: m.Text + " ✓ " + q.Data})
			}
		case u.Message == nil:
		case u.Message.Document != nil:
			err = echoDocument(ctx, b, u.Message)
		case u.Message.ReplyToMessage != nil:
			_, err = b.SendPhoto(ctx, &bot.SendPhotoParams{
				ChatID: u.Message.Chat.ID, Caption: "skor",
				Photo: &models.InputFileUpload{Filename: "skor.png", Data: bytes.NewReader(picture)},
			})
		case u.Message.Text == "tulis":
			_, err = b.SendMessage(ctx, &bot.SendMessageParams{
				ChatID: u.Message.Chat.ID, Text: "Apa yang dikerjakan?",
				ReplyMarkup: &models.ForceReply{ForceReply: true, InputFieldPlaceholder: "Tulis di sini"},
			})
		default:
			_, err = b.SendMessage(ctx, &bot.SendMessageParams{
				ChatID: u.Message.Chat.ID, Text: "Hadir?",
				Entities:        []models.MessageEntity{{Type: models.MessageEntityTypeBold, Offset: 0, Length: 5}},
				ReplyParameters: &models.ReplyParameters{MessageID: u.Message.ID},
				ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
					{{Text: "Hadir", CallbackData: "h:1"}, {Text: "Izin", CallbackData: "i:1"}},
				}},
			})
		}
		if err != nil && ctx.Err() == nil {
			t.Errorf("answer an update: %v", err)
		}
	}
}

func echoDocument(ctx context.Context, b *bot.Bot, m *models.Message) error {
	f, err := b.GetFile(ctx, &bot.GetFileParams{FileID: m.Document.FileID})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.FileDownloadLink(f), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	_, err = b.SendDocument(ctx, &bot.SendDocumentParams{
		ChatID:   m.Chat.ID,
		Document: &models.InputFileUpload{Filename: "balas-" + m.Document.FileName, Data: bytes.NewReader(data)},
	})
	return err
}

// story is a person's talk with the storyteller.
func story(t *testing.T, n *network) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	p := n.Person(7, "Siti", "628111")
	await := func(after Sent, kind string) Message {
		t.Helper()
		m, err := p.Chat().Await(ctx, after.MessageID, func(m Message) bool { return m.Kind == kind })
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	start := must(t)(p.Start(""))
	question := await(start, "text")
	if question.ReplyTo != start.MessageID || len(question.Buttons) != 1 || question.Entities[0].Type != "bold" {
		t.Errorf("question = %+v", question)
	}
	must(t)(p.Tap(question.ID, "Hadir"))
	edited, err := p.Chat().Await(ctx, start.MessageID, func(m Message) bool { return m.Edited })
	if err != nil {
		t.Fatal(err)
	}
	if edited.ID != question.ID || edited.Text != "Hadir? ✓ h:1" || edited.Buttons != nil || edited.Toasts[0].Text != "Tersimpan" {
		t.Errorf("edited = %+v", edited)
	}
	ask := await(must(t)(p.Send("tulis")), "text")
	if k := ask.Keyboard; k == nil || !k.ForceReply || k.Placeholder != "Tulis di sini" {
		t.Errorf("keyboard = %+v", k)
	}
	photo := await(must(t)(p.Reply(ask.ID, "laporan")), "photo")
	if data, mime, ok := n.File(photo.FileID); !ok || mime != "image/png" || len(data) == 0 || photo.Text != "skor" {
		t.Errorf("photo = %+v, %s, %v", photo, mime, ok)
	}
	doc := await(must(t)(p.SendDocument("bukti.pdf", []byte("%PDF-1.7 isi"), "")), "document")
	if data, _, _ := n.File(doc.FileID); doc.Document != "balas-bukti.pdf" || string(data) != "%PDF-1.7 isi" {
		t.Errorf("document = %+v: %q", doc, data)
	}
	n.noViolations(t)
}

func TestLibraryByLongPoll(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	b := client(t, n, storyteller(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); b.Start(ctx) }()
	story(t, n)
	cancel()
	<-done
}

func TestLibraryByWebhook(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	b := client(t, n, storyteller(t), bot.WithWebhookSecretToken("rahasia-1"))
	hook := httptest.NewServer(b.WebhookHandler())
	t.Cleanup(hook.Close)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go b.StartWebhook(ctx)
	if _, err := b.SetWebhook(ctx, &bot.SetWebhookParams{URL: hook.URL, SecretToken: "rahasia-1", MaxConnections: 4}); err != nil {
		t.Fatal(err)
	}
	story(t, n)
	info, err := b.GetWebhookInfo(ctx)
	if err != nil || info.URL != hook.URL || info.MaxConnections != 4 {
		t.Errorf("info = %+v, %v", info, err)
	}
}
