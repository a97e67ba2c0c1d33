package telegram

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"ekinerja/bot"
)

// The wire types hold what we read and no more. The library's own types fail on
// the whole update when any union inside it has a member they do not know yet,
// and an answer must not be lost over, say, a new kind of forward.
type (
	wireUpdate struct {
		ID            int64           `json:"update_id"`
		Message       json.RawMessage `json:"message"`
		EditedMessage json.RawMessage `json:"edited_message"`
		Callback      *wireCallback   `json:"callback_query"`
		MyChatMember  *wireMember     `json:"my_chat_member"`
	}
	wireUser struct {
		ID       int64  `json:"id"`
		Language string `json:"language_code"`
	}
	wireChat struct {
		ID   int64  `json:"id"`
		Type string `json:"type"`
	}
	wireMessage struct {
		ID       int64     `json:"message_id"`
		From     *wireUser `json:"from"`
		Chat     wireChat  `json:"chat"`
		Date     int64     `json:"date"`
		EditDate int64     `json:"edit_date"`
		ReplyTo  *struct {
			ID int64 `json:"message_id"`
		} `json:"reply_to_message"`
		Text      string        `json:"text"`
		Caption   string        `json:"caption"`
		Photo     []wirePhoto   `json:"photo"`
		Document  *wireDocument `json:"document"`
		Location  *wireLocation `json:"location"`
		Album     string        `json:"media_group_id"`
		Contact   *wireContact  `json:"contact"`
		MigrateTo int64         `json:"migrate_to_chat_id"`
	}
	wirePhoto struct {
		FileID string `json:"file_id"`
		Width  int64  `json:"width"`
		Height int64  `json:"height"`
		Size   int64  `json:"file_size"`
	}
	wireDocument struct {
		FileID string `json:"file_id"`
		Name   string `json:"file_name"`
		MIME   string `json:"mime_type"`
		Size   int64  `json:"file_size"`
	}
	wireLocation struct {
		Lat float64 `json:"latitude"`
		Lon float64 `json:"longitude"`
	}
	wireContact struct {
		Phone  string `json:"phone_number"`
		UserID int64  `json:"user_id"`
	}
	wireCallback struct {
		ID      string       `json:"id"`
		From    wireUser     `json:"from"`
		Message *wireMessage `json:"message"` // a short form when it is too old
		Data    string       `json:"data"`
	}
	wireMember struct {
		Chat wireChat `json:"chat"`
		From wireUser `json:"from"`
		Date int64    `json:"date"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	}
)

// odd are the contents that we name but do not read, in the order of asking: an
// animation also carries a document, a venue also a location.
var odd = []string{
	"sticker", "voice", "video_note", "video", "audio", "animation", "poll", "dice", "game", "story",
	"paid_media", "checklist", "invoice", "giveaway", "migrate_from_chat_id", "new_chat_members",
	"left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
	"supergroup_chat_created", "pinned_message", "message_auto_delete_timer_changed",
}

// receive maps one update; it never fails. id is 0 when the update has none.
func (a *Adapter) receive(raw []byte) (in bot.Received, id int64) {
	var u wireUpdate
	if err := json.Unmarshal(raw, &u); err != nil {
		return a.undecodable(raw, err)
	}
	in = bot.Received{Raw: raw, Msg: bot.MsgIn{
		From: bot.Address{Network: bot.Telegram}, ExternalID: fmt.Sprintf("u:%d", u.ID),
		At: a.cfg.Now(), Kind: bot.KindOther, Odd: "unknown",
	}}
	var err error
	switch {
	case u.Message != nil:
		in.Msg, err = fromMessage(u.Message, false)
	case u.EditedMessage != nil:
		in.Msg, err = fromMessage(u.EditedMessage, true)
	case u.Callback != nil:
		in.Msg = fromCallback(u.Callback, a.cfg.Now())
	case u.MyChatMember != nil:
		in.Msg = fromMember(u.MyChatMember)
	}
	if err != nil {
		return a.undecodable(raw, err)
	}
	return in, u.ID
}

// undecodable keeps what cannot be read under the best name that can be found.
func (a *Adapter) undecodable(raw []byte, err error) (in bot.Received, id int64) {
	a.log.Error("telegram update not understood, kept raw", "account", a.account, "error", kindOf(err))
	var u struct {
		ID int64 `json:"update_id"`
	}
	sum := sha256.Sum256(raw)
	name := "x:" + hex.EncodeToString(sum[:16])
	if json.Unmarshal(raw, &u) == nil && u.ID != 0 {
		name += fmt.Sprintf(":%d", u.ID)
	}
	return bot.Received{Raw: raw, Msg: bot.MsgIn{
		From: bot.Address{Network: bot.Telegram}, ExternalID: name, At: a.cfg.Now(), Kind: bot.KindOther, Odd: "undecodable",
	}}, u.ID
}

// kindOf names a decoding error without the value that caused it.
func kindOf(err error) string { return fmt.Sprintf("%T", err) }

func fromMessage(raw []byte, edited bool) (bot.MsgIn, error) {
	var w wireMessage
	if err := json.Unmarshal(raw, &w); err != nil {
		return bot.MsgIn{}, fmt.Errorf("decode message: %w", err)
	}
	m := bot.MsgIn{
		From: address(w.Chat.ID), Group: w.Chat.Type != "private",
		ExternalID: fmt.Sprintf("m:%d:%d", w.Chat.ID, w.ID), MessageID: number(w.ID),
		At: time.Unix(w.Date, 0).UTC(), Text: clean(w.Text + w.Caption), Attachments: attachments(&w), Album: clean(w.Album),
	}
	if w.From != nil {
		m.Sender, m.Language = number(w.From.ID), clean(w.From.Language)
	}
	if w.ReplyTo != nil {
		m.Quoted = number(w.ReplyTo.ID)
	}
	m.Kind, m.Odd = kind(&w, raw)
	switch {
	case edited:
		// A late edit must not look timely, so the edit's own time counts.
		m.Kind, m.At = bot.KindEdit, time.Unix(w.EditDate, 0).UTC()
		m.ExternalID = fmt.Sprintf("e:%d:%d:%d", w.Chat.ID, w.ID, w.EditDate)
	case m.Kind == bot.KindMoved:
		m.MovedTo = number(w.MigrateTo)
	}
	if w.Contact != nil {
		m.Contact = &bot.Contact{Phone: clean(w.Contact.Phone)}
		if w.Contact.UserID != 0 {
			m.Contact.UserID = number(w.Contact.UserID)
		}
	}
	return m, nil
}

func kind(w *wireMessage, raw []byte) (k bot.Kind, name string) {
	if w.MigrateTo != 0 {
		return bot.KindMoved, ""
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) == nil {
		for _, name := range odd {
			if fields[name] != nil {
				return bot.KindOther, name
			}
		}
	}
	switch {
	case w.Contact != nil:
		return bot.KindContact, ""
	case w.Text != "" || w.Caption != "":
		return bot.KindText, ""
	case len(w.Photo) > 0 || w.Document != nil || w.Location != nil:
		return bot.KindMedia, ""
	}
	return bot.KindOther, "unknown"
}

func attachments(w *wireMessage) []bot.Attachment {
	var out []bot.Attachment
	if len(w.Photo) > 0 {
		best := w.Photo[0]
		for _, p := range w.Photo {
			if p.Width*p.Height > best.Width*best.Height {
				best = p
			}
		}
		out = append(out, bot.Attachment{Kind: bot.Photo, FileID: clean(best.FileID), Size: best.Size})
	}
	if d := w.Document; d != nil {
		out = append(out, bot.Attachment{
			Kind: bot.Document, FileID: clean(d.FileID), Name: clean(d.Name), MIME: clean(d.MIME), Size: d.Size,
		})
	}
	if l := w.Location; l != nil {
		out = append(out, bot.Attachment{Kind: bot.Location, Lat: coarse(l.Lat), Lon: coarse(l.Lon)})
	}
	return out
}

// coarse leaves four decimals of a degree, about eleven metres: nothing behind this
// adapter knows a place better.
func coarse(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }

func fromCallback(c *wireCallback, now time.Time) bot.MsgIn {
	m := bot.MsgIn{
		Sender: number(c.From.ID), ExternalID: "c:" + clean(c.ID), At: now, Kind: bot.KindTap,
		Token: clean(c.Data), CallbackID: clean(c.ID), Language: clean(c.From.Language),
	}
	if c.Message == nil { // pressed below an inline result, which we never send
		m.From, m.Kind, m.Odd, m.CallbackID = address(c.From.ID), bot.KindOther, "inline_tap", ""
		return m
	}
	m.From, m.MessageID = address(c.Message.Chat.ID), number(c.Message.ID)
	m.Group = c.Message.Chat.Type != "private"
	return m
}

func fromMember(w *wireMember) bot.MsgIn {
	m := bot.MsgIn{
		From: address(w.Chat.ID), Sender: number(w.From.ID), Group: w.Chat.Type != "private",
		ExternalID: fmt.Sprintf("s:%d:%d:%s", w.Chat.ID, w.Date, clean(w.New.Status)),
		At:         time.Unix(w.Date, 0).UTC(), Kind: bot.KindOther, Odd: "member", Language: clean(w.From.Language),
	}
	if m.Group {
		return m
	}
	switch w.New.Status {
	case "kicked":
		m.Kind, m.Odd = bot.KindBlocked, ""
	case "member":
		m.Kind, m.Odd = bot.KindBack, ""
	}
	return m
}

func address(chat int64) bot.Address { return bot.Address{Network: bot.Telegram, ID: number(chat)} }

func number(n int64) string { return strconv.FormatInt(n, 10) }

// clean makes text that every database takes and that compares well: valid
// UTF-8, no NUL, composed (NFC). What was typed stays in the raw bytes.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\x00", "")
	return norm.NFC.String(s)
}
