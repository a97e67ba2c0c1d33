// Package bot carries messages: channels, addresses, what comes in, what goes
// out, and how a send may end. One folder below it stands for one network.
//
// It knows networks, chats, buttons and limits. It never knows employees,
// reports or what a sentence means.
//
// A message in is committed by an [Inbox] before the network may forget it; a
// message out is a row of the outbox before it is sent:
//
//	network ─▶ adapter ─▶ Inbox.Receive (COMMIT) ─▶ confirm to the network
//	outbox row ─▶ Sender: claim ─▶ Channel.Send ─▶ settle
package bot

import (
	"context"
	"time"
)

// Network names a messaging network: "telegram", "whatsapp".
type Network string

// The networks we speak.
const (
	Telegram Network = "telegram"
	WhatsApp Network = "whatsapp"
)

// Address is one chat on one network. ID is the network's own id in text form
// (Telegram: the decimal chat id, negative for groups). It is never a phone number.
type Address struct {
	Network Network `json:"network"`
	ID      string  `json:"id"`
}

// String renders "telegram:3527065".
func (a Address) String() string { return string(a.Network) + ":" + a.ID }

// Kind says what sort of event a message in is.
type Kind string

// Kinds of messages in. An adapter maps everything it does not understand to
// KindOther with a name in [MsgIn.Odd]; it never drops an update.
const (
	KindText    Kind = "text"    // typed words, perhaps with a photo's caption
	KindTap     Kind = "tap"     // a pressed inline button; Token is set
	KindContact Kind = "contact" // the person shared a contact
	KindMedia   Kind = "media"   // photo, document or location without words
	KindEdit    Kind = "edit"    // an earlier message of the person was edited
	KindBlocked Kind = "blocked" // the person blocked us
	KindBack    Kind = "back"    // the person unblocked us
	KindMoved   Kind = "moved"   // a group became another chat; MovedTo is set
	KindOther   Kind = "other"   // sticker, voice, video note, …; Odd names it
	KindTimer   Kind = "timer"   // no network: a moment came that concerns the chat
)

// MsgIn is one thing a chat told us.
type MsgIn struct {
	From Address `json:"from"`
	// Sender is the network's user id; it differs from From.ID in groups.
	Sender string `json:"sender"`
	Group  bool   `json:"group,omitempty"`
	// ExternalID is the network's name of this object, unique for ever within
	// the account: "m:<chat>:<message>", "e:<chat>:<message>:<edit date>",
	// "c:<callback id>", "s:<chat>:<date>:<status>".
	ExternalID string `json:"external_id"`
	// MessageID is the provider's id of the (edited, tapped) message in its chat.
	MessageID string `json:"message_id,omitempty"`
	// At is the provider's own time of the message: what decides lateness.
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	Text string    `json:"text,omitempty"`
	// Token is what a pressed button carried (callback data), untrusted.
	Token string `json:"token,omitempty"`
	// CallbackID answers a tap at the network; empty unless Kind is KindTap.
	CallbackID string `json:"callback_id,omitempty"`
	// Quoted is the provider's message id that the person replied to.
	Quoted      string       `json:"quoted,omitempty"`
	Contact     *Contact     `json:"contact,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	// Album is shared by the messages of one album, which come separately.
	Album   string `json:"album,omitempty"`
	MovedTo string `json:"moved_to,omitempty"`
	Odd     string `json:"odd,omitempty"`
	// Language is the client's own language tag, a hint only.
	Language string `json:"language,omitempty"`
}

// Contact is a shared contact. UserID is empty when the contact has no account.
type Contact struct {
	UserID string `json:"user_id"`
	Phone  string `json:"phone"`
}

// AttachmentKind is photo, document or location.
type AttachmentKind string

// Kinds of attachments.
const (
	Photo    AttachmentKind = "photo"
	Document AttachmentKind = "document"
	Location AttachmentKind = "location"
)

// Attachment is something that came with a message; files are fetched later by FileID.
type Attachment struct {
	Kind   AttachmentKind `json:"kind"`
	FileID string         `json:"file_id,omitempty"`
	Name   string         `json:"name,omitempty"`
	MIME   string         `json:"mime,omitempty"`
	Size   int64          `json:"size,omitempty"`
	Lat    float64        `json:"lat,omitempty"`
	Lon    float64        `json:"lon,omitempty"`
}

// MsgOut is one message we want a chat to see. Text is plain; Bold marks spans
// of it. Adapters render the rest in their network's way.
type MsgOut struct {
	To Address `json:"to"`
	// Ref names the message for ever, however often it is sent, for networks where
	// the sender chooses the id. The outbox gives it; empty: no two sends are the same.
	Ref  string `json:"-"`
	Text string `json:"text"`
	Bold []Span `json:"bold,omitempty"`
	// Buttons are rows of inline buttons.
	Buttons [][]Button `json:"buttons,omitempty"`
	// Keyboard is a reply keyboard shown below the input; it is mutually
	// exclusive with Buttons and with Reply.
	Keyboard *Keyboard `json:"keyboard,omitempty"`
	// Reply asks the network to make the person's answer quote this message.
	Reply bool `json:"reply,omitempty"`
	// Placeholder is shown in the empty input field when Reply is set.
	Placeholder string `json:"placeholder,omitempty"`
	// Edit replaces the text and buttons of this earlier provider message.
	Edit string `json:"edit,omitempty"`
	// Photo is a PNG sent with Text as its caption (Text ≤ 1024 UTF-16 then).
	Photo []byte `json:"photo,omitempty"`
	// File is sent as a document called FileName with Text as its caption; a
	// message has a photo or a file.
	File     []byte `json:"file,omitempty"`
	FileName string `json:"file_name,omitempty"`
	// Callback, when set, answers that tap (a toast) and sends no message.
	Callback string `json:"callback,omitempty"`
}

// Span marks text[Start:End) in bytes of the UTF-8 text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Button is one inline button. Token is opaque to the network: ≤ 64 bytes.
type Button struct {
	Label string `json:"label"`
	Token string `json:"token,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Keyboard is a reply keyboard. AskContact adds a button that shares the own contact.
type Keyboard struct {
	Rows       [][]string `json:"rows,omitempty"`
	AskContact string     `json:"ask_contact,omitempty"`
	Remove     bool       `json:"remove,omitempty"`
}

// Limits are what a network can show, as data.
type Limits struct {
	Text        int // UTF-16 units of a message
	Caption     int // UTF-16 units of a photo's caption
	ButtonToken int // bytes of a button's token
}

// Inbox takes messages in. Receive returns nil only after the message is
// committed (or was already there); only then may an adapter confirm it.
// raw is what the network sent, kept as typed.
type Inbox interface {
	Receive(ctx context.Context, account string, in []Received) error
}

// Received is one message in with its raw bytes.
type Received struct {
	Msg MsgIn
	Raw []byte
}

// Channel sends to one network. Send returns the provider's message id, or a
// *SendError that says what may be done next; any other error is [Unclear].
type Channel interface {
	Network() Network
	Send(ctx context.Context, m MsgOut) (messageID string, err error)
}
