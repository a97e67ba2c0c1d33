package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"ekinerja/bot"
)

// takePatience bounds one durable insert; the library waits for it.
const takePatience = 30 * time.Second

// take stores a message; false leaves it, and all that follows, with the network.
func (a *Adapter) take(e *events.Message) bool {
	if !ours(e) {
		return true
	}
	a.mu.Lock()
	deaf, inbox := a.deaf, a.inbox
	a.refused = a.refused || deaf
	a.mu.Unlock()
	if deaf {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), takePatience)
	defer cancel()
	if err := a.store(ctx, inbox, e); err != nil {
		a.log.Warn("whatsapp message not taken, it will come again", "message_id", e.Info.ID, "error", err)
		a.again(1)
		return false
	}
	return true
}

// ours reports whether a message is one that somebody wrote to us: not the owner's
// own, nobody's status, no reaction, vote or housekeeping of the network.
func ours(e *events.Message) bool {
	m, chat := e.Message, e.Info.Chat.Server
	switch {
	case e.Info.IsFromMe, chat != types.HiddenUserServer && chat != types.DefaultUserServer && chat != types.GroupServer:
		return false
	case m.GetProtocolMessage() != nil && !e.IsEdit && m.GetProtocolMessage().GetType() != waE2E.ProtocolMessage_MESSAGE_EDIT:
		return false
	case m.GetReactionMessage() != nil, m.GetEncReactionMessage() != nil, m.GetPollUpdateMessage() != nil, m.GetKeepInChatMessage() != nil,
		m.GetPinInChatMessage() != nil:
		return false
	default:
		return true
	}
}

func (a *Adapter) store(ctx context.Context, inbox bot.Inbox, e *events.Message) error {
	from, err := a.hidden(ctx, e.Info.Sender, e.Info.SenderAlt)
	if err != nil {
		return err
	}
	raw, err := proto.Marshal(e.RawMessage)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return inbox.Receive(ctx, a.Account(), []bot.Received{{Msg: msgIn(e, from), Raw: raw}})
}

// errNoLID says that the network does not tell who somebody is; asking again may.
var errNoLID = errors.New("no hidden id of the sender known")

// hidden is the LID of whoever wrote, without device: of the two ids that come
// with a message, of those seen before, or by asking.
func (a *Adapter) hidden(ctx context.Context, ids ...types.JID) (types.JID, error) {
	for _, j := range ids {
		if j.Server == types.HiddenUserServer {
			return j.ToNonAD(), nil
		}
	}
	a.mu.Lock()
	cli := a.client
	a.mu.Unlock()
	if cli == nil {
		return types.EmptyJID, errNoLID
	}
	number := ids[0].ToNonAD()
	lid, err := cli.Store.LIDs.GetLIDForPN(ctx, number)
	if err != nil {
		return types.EmptyJID, fmt.Errorf("look up hidden id: %w", err)
	}
	if lid.IsEmpty() {
		info, err := cli.GetUserInfo(ctx, []types.JID{number})
		if err != nil {
			return types.EmptyJID, fmt.Errorf("ask for hidden id: %w", err)
		}
		lid = info[number].LID
	}
	if lid.IsEmpty() {
		return types.EmptyJID, errNoLID
	}
	return lid.ToNonAD(), nil
}

// msgIn maps a message; what it does not understand gets a name in Odd.
func msgIn(e *events.Message, from types.JID) bot.MsgIn {
	m, edited := e.Message, e.IsEdit
	id := e.Info.ID
	if p := m.GetProtocolMessage(); p.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT && p.GetEditedMessage() != nil {
		m, edited, id = p.GetEditedMessage(), true, p.GetKey().GetID()
	}
	chat := from.String()
	if e.Info.IsGroup {
		chat = e.Info.Chat.String()
	}
	out := bot.MsgIn{
		From: bot.Address{Network: bot.WhatsApp, ID: chat}, Sender: from.String(), Group: e.Info.IsGroup,
		ExternalID: "m:" + chat + ":" + e.Info.ID, MessageID: id, At: e.Info.Timestamp.UTC(),
		Text: clean(words(m)), Quoted: quoted(m), Attachments: attachments(m),
	}
	out.Kind, out.Odd = kindOf(m, out)
	if edited && out.Kind == bot.KindText {
		out.Kind, out.ExternalID = bot.KindEdit, "e:"+chat+":"+id+":"+e.Info.ID
	}
	if invites(out.Text) {
		out.Contact = contact(e, from)
	}
	return out
}

// invites reports whether words may be an invitation: only they need the number
// that they were written from.
func invites(words string) bool {
	first, _, _ := strings.Cut(words, " ")
	return strings.EqualFold(first, "daftar") || first == "/start"
}

// contact is the number that the network itself names with a message, nil when it
// is hidden.
func contact(e *events.Message, from types.JID) *bot.Contact {
	for _, j := range []types.JID{e.Info.SenderAlt, e.Info.Sender} {
		if j.Server == types.DefaultUserServer {
			return &bot.Contact{UserID: from.String(), Phone: "+" + j.User}
		}
	}
	return nil
}

func words(m *waE2E.Message) string {
	for _, s := range []string{
		m.GetConversation(), m.GetExtendedTextMessage().GetText(),
		m.GetImageMessage().GetCaption(), m.GetDocumentMessage().GetCaption(), m.GetVideoMessage().GetCaption(),
	} {
		if s != "" {
			return s
		}
	}
	return ""
}

func quoted(m *waE2E.Message) string {
	for _, c := range []*waE2E.ContextInfo{
		m.GetExtendedTextMessage().GetContextInfo(), m.GetImageMessage().GetContextInfo(), m.GetDocumentMessage().GetContextInfo(),
		m.GetLocationMessage().GetContextInfo(), m.GetStickerMessage().GetContextInfo(), m.GetAudioMessage().GetContextInfo(),
	} {
		if id := c.GetStanzaID(); id != "" {
			return id
		}
	}
	return ""
}

func kindOf(m *waE2E.Message, out bot.MsgIn) (kind bot.Kind, odd string) {
	for name, there := range map[string]bool{
		"sticker": m.GetStickerMessage() != nil || m.GetLottieStickerMessage() != nil,
		"voice":   m.GetAudioMessage().GetPTT(), "video_note": m.GetPtvMessage() != nil,
		"contact": m.GetContactMessage() != nil || m.GetContactsArrayMessage() != nil,
		"poll":    m.GetPollCreationMessage() != nil || m.GetPollCreationMessageV3() != nil,
	} {
		if there {
			return bot.KindOther, name
		}
	}
	switch {
	case m.GetAudioMessage() != nil:
		return bot.KindOther, "audio"
	case m.GetVideoMessage() != nil:
		return bot.KindOther, "video"
	case out.Text != "":
		return bot.KindText, ""
	case len(out.Attachments) > 0:
		return bot.KindMedia, ""
	default:
		return bot.KindOther, "unknown"
	}
}

func attachments(m *waE2E.Message) []bot.Attachment {
	var out []bot.Attachment
	if i := m.GetImageMessage(); i != nil {
		out = append(out, bot.Attachment{Kind: bot.Photo, FileID: fileID(i, kindImage), MIME: clean(i.GetMimetype()), Size: int64(i.GetFileLength())})
	}
	if d := m.GetDocumentMessage(); d != nil {
		out = append(out, bot.Attachment{
			Kind: bot.Document, FileID: fileID(d, kindDocument), Name: clean(d.GetFileName()), MIME: clean(d.GetMimetype()), Size: int64(d.GetFileLength()),
		})
	}
	if l := m.GetLocationMessage(); l != nil {
		out = append(out, bot.Attachment{Kind: bot.Location, Lat: coarse(l.GetDegreesLatitude()), Lon: coarse(l.GetDegreesLongitude())})
	}
	return out
}

// coarse leaves four decimals of a degree, about eleven metres: nothing behind this
// adapter knows a place better.
func coarse(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }

// clean makes text that every database takes and that compares well; what was
// typed stays in the raw bytes.
func clean(s string) string {
	return norm.NFC.String(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", ""))
}
