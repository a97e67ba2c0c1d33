package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Menus knows what our messages offered.
type Menus interface {
	// Menu is the newest message that a chat was sent or, with a quoted id, that
	// one, and its buttons in order; none when it had none or there is no such message.
	Menu(ctx context.Context, chat Address, quoted string) (messageID string, buttons []Button, err error)
}

// Numbered is an [Inbox] for a network without buttons: a number, or the very
// words of a choice, that answers a message with choices becomes the tap that it
// stands for. Everything else passes as it came.
//
// Without a quote the newest message decides alone: when it asks for a figure and
// has no choices, "2" is a figure.
type Numbered struct {
	Inbox

	Menus Menus
	// Prefix begins the callback id of such a tap; the chat follows, because an
	// answer to the tap is written there.
	Prefix string
}

// Receive implements [Inbox].
func (n Numbered) Receive(ctx context.Context, account string, in []Received) error {
	for i := range in {
		m := &in[i].Msg
		if m.Kind != KindText || m.Group || len(m.Attachments) > 0 || !short(m.Text) {
			continue
		}
		id, buttons, err := n.Menus.Menu(ctx, m.From, m.Quoted)
		if err != nil {
			return fmt.Errorf("look for choices: %w", err)
		}
		if b, ok := Choose(buttons, m.Text); ok {
			m.Kind, m.Token, m.MessageID, m.CallbackID = KindTap, b.Token, id, n.Prefix+m.From.ID
		}
	}
	return n.Inbox.Receive(ctx, account, in)
}

// short reports whether words can name a choice at all; a button's label has at
// most 20 characters by our own rule, and some more by chance.
func short(words string) bool {
	const most = 64
	return words != "" && len(words) <= most && !strings.Contains(words, "\n")
}

// Choose finds the button that a person means: by its number, counted from 1 over
// all rows and without those that open an address, or by its label.
func Choose(buttons []Button, words string) (Button, bool) {
	words = strings.TrimSpace(words)
	n, err := strconv.Atoi(strings.TrimRight(words, ".)"))
	at := 0
	for _, b := range buttons {
		if b.Token == "" {
			continue
		}
		if at++; (err == nil && at == n) || strings.EqualFold(b.Label, words) {
			return b, true
		}
	}
	return Button{}, false
}
