package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/store/db"
)

const (
	// tokenVersion begins every button's token, so that another form can follow.
	tokenVersion = "v1."
	// secretBytes is how much chance is in a token or an invitation: 128 bits.
	secretBytes = 16
	// buttonLife is how long a button may be pressed.
	buttonLife = 14 * 24 * time.Hour
)

// errNoKey says that a message has no key, so it could be sent twice.
var errNoKey = errors.New("message without a key")

// Enqueue queues messages in tx, each [conversations.Say.Key] once for ever; a
// second time neither the message nor its buttons are made. A message for a
// person goes to the newest live address; who has none gets a line "unreachable"
// in the record instead. One statement, however many messages.
func Enqueue(ctx context.Context, tx pgx.Tx, now time.Time, says []conversations.Say) error {
	return enqueue(ctx, db.New(tx), now, says)
}

func enqueue(ctx context.Context, q *db.Queries, now time.Time, says []conversations.Say) error {
	if len(says) == 0 {
		return nil
	}
	arg, err := enqueueParams(now, says)
	if err != nil {
		return err
	}
	if _, err := q.EnqueueMessages(ctx, arg); err != nil {
		return fmt.Errorf("queue messages: %w", err)
	}
	return awaitPieces(ctx, q, now, says)
}

// enqueueParams makes the statement's columns of messages.
func enqueueParams(now time.Time, says []conversations.Say) (db.EnqueueMessagesParams, error) {
	arg := db.EnqueueMessagesParams{At: now, ButtonsExpire: now.Add(buttonLife)}
	for i, s := range says {
		if s.Key == "" {
			return arg, fmt.Errorf("queue a %s: %w", s.Kind, errNoKey)
		}
		body, err := outBody(&arg, s)
		if err != nil {
			return arg, err
		}
		addSay(&arg, i, s, now)
		arg.Bodies = append(arg.Bodies, body)
	}
	return arg, nil
}

func addSay(arg *db.EnqueueMessagesParams, ord int, s conversations.Say, now time.Time) {
	if s.NotBefore.IsZero() {
		s.NotBefore = now
	}
	if k := s.Msg.Kept; k != nil && k.Awaits != 0 {
		s.NotBefore = now.Add(awaitMost)
	}
	day := ""
	if !s.About.Day.IsZero() {
		day = s.About.Day.String()
	}
	photo := s.Msg.Photo
	if f := s.Msg.File; f != nil {
		photo = f.Data // the column holds either
	}
	if photo == nil {
		photo = []byte{}
	}
	arg.Keys = append(arg.Keys, s.Key)
	arg.Kinds = append(arg.Kinds, string(s.Kind))
	arg.Priorities = append(arg.Priorities, int32(PriorityOf(s.Kind)))
	arg.Employees = append(arg.Employees, int64(s.Employee))
	arg.Networks = append(arg.Networks, string(s.To.Network))
	arg.Chats = append(arg.Chats, s.To.ID)
	arg.Photos = append(arg.Photos, photo)
	arg.AboutDays = append(arg.AboutDays, day)
	arg.AboutQuestions = append(arg.AboutQuestions, s.About.Question)
	arg.AboutItems = append(arg.AboutItems, int32(s.About.Item))
	arg.Guards = append(arg.Guards, string(s.Guard))
	arg.NotBefores = append(arg.NotBefores, s.NotBefore)
	arg.Expires = append(arg.Expires, s.ExpiresAt)
	arg.Ords = append(arg.Ords, int32(ord))
}

// outBody is the message as it is stored: without its photo, which has a column
// of its own, and without its address, which may change while it waits.
func outBody(arg *db.EnqueueMessagesParams, s conversations.Say) (json.RawMessage, error) {
	m := s.Msg
	out := outMessage{MsgOut: bot.MsgOut{
		Text: m.Text, Bold: m.Bold, Keyboard: m.Keyboard, Reply: m.Reply, Placeholder: m.Placeholder, Edit: m.Edit,
	}}
	if m.File != nil {
		out.FileName = m.File.Name
	}
	if k := m.Kept; k != nil {
		out.Blob, out.FileName, out.Without, out.Awaits = hex.EncodeToString(k.Hash), k.Name, k.Without, k.Awaits != 0
	}
	for _, row := range m.Buttons {
		buttons := make([]bot.Button, len(row))
		for i, c := range row {
			args, err := marshal(c.Args)
			if err != nil {
				return nil, fmt.Errorf("encode button: %w", err)
			}
			token := tokenVersion + secret()
			buttons[i] = bot.Button{Label: c.Label, Token: token}
			arg.ButtonKeys = append(arg.ButtonKeys, s.Key)
			arg.ButtonHashes = append(arg.ButtonHashes, hashOf(token))
			arg.ButtonActions = append(arg.ButtonActions, string(c.Action))
			arg.ButtonArgs = append(arg.ButtonArgs, args)
		}
		out.Buttons = append(out.Buttons, buttons)
	}
	body, err := marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	return body, nil
}

// PriorityOf is how soon a kind of message goes out, and its class in the rate limit.
func PriorityOf(k conversations.Kind) bot.Priority {
	switch k {
	case conversations.KindReply:
		return bot.PriorityReply
	case conversations.KindAsk, conversations.KindNotice:
		return bot.PriorityQuestion
	case conversations.KindRemind, conversations.KindEscalate:
		return bot.PriorityReminder
	default:
		return bot.PrioritySummary
	}
}

// secret is 22 letters that nobody can guess.
func secret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails; the program ends instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashOf is all that the database knows of a token.
func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
