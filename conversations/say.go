package conversations

import (
	"time"

	"ekinerja/bot"
	"ekinerja/roster"
)

// Kind names a sort of message out; it is a metric's label and a rule's key.
type Kind string

// Kinds of messages out, with the order in which they may use the network.
const (
	KindReply    Kind = "reply"
	KindAsk      Kind = "ask"
	KindRemind   Kind = "remind"
	KindEscalate Kind = "escalate"
	KindSummary  Kind = "summary"
	KindNotice   Kind = "notice"
)

// Guard is a reason that must still hold when the message is about to go out.
type Guard string

// The guards. GuardUnreported: the receiver's report of About.Day is still
// missing and due. GuardEscalation: nobody in the digest has been settled since.
const (
	GuardNone       Guard = ""
	GuardUnreported Guard = "unreported"
	GuardEscalation Guard = "escalation"
)

// Say is one message to be queued.
type Say struct {
	// Key is unique for ever: saying it twice is saying it once.
	Key  string
	Kind Kind
	// Employee receives it at the live address; zero means To.
	Employee  roster.EmployeeID
	To        bot.Address
	Msg       Message
	About     About
	Guard     Guard
	NotBefore time.Time // zero: now
	ExpiresAt time.Time // zero: never
}

// Message is words with buttons whose tokens are not made yet.
type Message struct {
	Text        string
	Bold        []bot.Span
	Buttons     [][]Choice
	Keyboard    *bot.Keyboard
	Reply       bool
	Placeholder string
	Edit        string
	Photo       []byte
	// File is sent with Text as its caption; a message has a photo or a file.
	File *File
	// Kept is a piece of evidence that goes out with Text as its caption.
	Kept *Kept
}

// Kept names a piece of evidence that is stored already: its bytes are added by
// whoever sends the message.
type Kept struct {
	Hash []byte
	Name string // of a document; empty for a picture
	// Without is said instead when the bytes cannot be had.
	Without string
	// Awaits is the message whose file is still on its way: then Hash is not known
	// yet, and this one goes out when the file is here, or surely will not come.
	Awaits int64
}

// File is a document to be sent.
type File struct {
	Name string
	Data []byte
}

// Choice is a button that does something here.
type Choice struct {
	Label  string
	Action Action
	Args   Args
}
