package whatsapp

import (
	"fmt"
	"slices"
	"strings"

	"ekinerja/bot"
)

// render is a message as words: bold as WhatsApp writes it, choices as numbers.
// The numbers are those of [bot.Choose].
func render(m bot.MsgOut, choose string) string {
	var b strings.Builder
	b.WriteString(bold(m.Text, m.Bold))
	n := 0
	for _, row := range m.Buttons {
		for _, button := range row {
			if n == 0 && button.URL == "" {
				b.WriteString("\n\n" + choose)
			}
			if button.URL != "" {
				fmt.Fprintf(&b, "\n%s: %s", button.Label, button.URL)
				continue
			}
			n++
			fmt.Fprintf(&b, "\n*%d* %s", n, button.Label)
		}
	}
	if k := m.Keyboard; k != nil && !k.Remove {
		for _, label := range slices.Concat(k.Rows...) {
			b.WriteString("\n• " + label)
		}
	}
	return b.String()
}

// bold sets stars around the spans that can bear them: WhatsApp reads stars only
// around one line that neither begins nor ends with a space and holds no star.
func bold(text string, spans []bot.Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		if s.Start < at || s.End > len(text) || s.Start >= s.End {
			continue
		}
		part := text[s.Start:s.End]
		b.WriteString(text[at:s.Start])
		if strings.ContainsAny(part, "*\n") || strings.TrimSpace(part) != part {
			b.WriteString(part)
		} else {
			b.WriteString("*" + part + "*")
		}
		at = s.End
	}
	b.WriteString(text[at:])
	return b.String()
}
