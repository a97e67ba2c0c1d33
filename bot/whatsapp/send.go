package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"

	"ekinerja/bot"
)

// codeReachOut is the network's refusal to let the number write to somebody.
const codeReachOut = 463

// reachOutRest is how long nothing is sent after it: writing on is what turns a
// restriction into a ban.
const reachOutRest = 30 * time.Minute

var (
	errOffline = errors.New("whatsapp is not connected")
	errBarred  = errors.New("the number is barred for a while")
	errAddress = errors.New("not an address of WhatsApp's")
)

// Send implements [bot.Channel]. Buttons become numbers below the words; a change
// of an earlier message becomes a message of its own, because a changed one is
// seen by nobody who has scrolled on. A message with a Ref that is sent again is
// the same message for the phone.
func (a *Adapter) Send(ctx context.Context, m bot.MsgOut) (string, error) {
	to, err := recipient(m)
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Final, Err: err}
	}
	if m.Callback != "" && m.Text == "" {
		return "", nil // an answer to a tap without words: there is nothing to see
	}
	if rest := a.barred(); rest > 0 {
		return "", &bot.SendError{Outcome: bot.Throttled, RetryAfter: rest, Err: errBarred}
	}
	cli := a.online()
	if cli == nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: errOffline}
	}
	id := messageID(m.Ref)
	if id == "" {
		id = cli.GenerateMessageID()
	}
	msg, err := a.message(ctx, cli, m)
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err} // a file was not uploaded; nothing was said
	}
	if _, err = cli.SendMessage(ctx, to, msg, whatsmeow.SendRequestExtra{ID: id}); err != nil {
		return "", a.failed(err, m.Ref != "")
	}
	return id, nil
}

// recipient is whom a message is for; an answer to a tap names the chat itself.
func recipient(m bot.MsgOut) (types.JID, error) {
	id := m.To.ID
	if m.Callback != "" {
		id = strings.TrimPrefix(m.Callback, CallbackPrefix)
	}
	j, err := types.ParseJID(id)
	if err != nil || j.User == "" || (j.Server != types.HiddenUserServer && j.Server != types.GroupServer) {
		return types.EmptyJID, errAddress
	}
	return j, nil
}

// CallbackPrefix begins the callback id of a choice made on WhatsApp; the chat follows.
const CallbackPrefix = "wa:"

// messageID is the id of the message that a row becomes, however often it is sent;
// empty without a row.
func messageID(ref string) string {
	if ref == "" {
		return ""
	}
	const size = 9
	h := sha256.Sum256([]byte(ref))
	return "3EB0" + strings.ToUpper(hex.EncodeToString(h[:size]))
}

// online is the client while it is logged in, else nil.
func (a *Adapter) online() *whatsmeow.Client {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.client == nil || !a.client.IsLoggedIn() {
		return nil
	}
	return a.client
}

// failed classifies the end of a send. What may have been sent can be sent again
// when it has an id of its own: the phone shows it once.
func (a *Adapter) failed(err error, named bool) error {
	out := &bot.SendError{Outcome: bot.Unclear, Err: fmt.Errorf("send: %T", errors.Unwrap(err))}
	switch {
	case errors.Is(err, whatsmeow.ErrServerReturnedError):
		out.Code = codeOf(err)
		out.Outcome, out.Err = bot.Final, whatsmeow.ErrServerReturnedError
		if out.Code == codeReachOut {
			a.become(Health{State: Restricted, Until: a.cfg.Now().Add(reachOutRest), Reason: strconv.Itoa(codeReachOut)})
			out.Outcome, out.RetryAfter = bot.Throttled, reachOutRest
		}
		if out.Code >= http.StatusInternalServerError {
			out.Outcome = bot.Retry
		}
	case errors.Is(err, whatsmeow.ErrNotConnected), errors.Is(err, whatsmeow.ErrNotLoggedIn):
		out.Outcome, out.Err = bot.Retry, errOffline
	case named:
		out.Outcome = bot.Retry
	}
	return out
}

// codeOf is the number at the end of the library's words for a refusal.
func codeOf(err error) int {
	words := strings.Fields(err.Error())
	if len(words) == 0 {
		return 0
	}
	n, convErr := strconv.Atoi(words[len(words)-1])
	if convErr != nil {
		return 0
	}
	return n
}

// message renders and, with a file, uploads.
func (a *Adapter) message(ctx context.Context, cli *whatsmeow.Client, m bot.MsgOut) (*waE2E.Message, error) {
	words := render(m, a.cfg.Choose)
	switch {
	case len(m.File) > 0:
		up, err := cli.Upload(ctx, m.File, whatsmeow.MediaDocument)
		if err != nil {
			return nil, fmt.Errorf("upload file: %T", err) // its text may name the address
		}
		return &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
			Caption: &words, FileName: &m.FileName, Mimetype: new(http.DetectContentType(m.File)),
			URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
			FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
		}}, nil
	case len(m.Photo) > 0:
		up, err := cli.Upload(ctx, m.Photo, whatsmeow.MediaImage)
		if err != nil {
			return nil, fmt.Errorf("upload picture: %T", err)
		}
		return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
			Caption: &words, Mimetype: new("image/png"), URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
			FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
		}}, nil
	default:
		return &waE2E.Message{Conversation: &words}, nil
	}
}
