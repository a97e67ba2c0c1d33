package bot

import (
	"fmt"
	"io"
	"log/slog"
)

// hidden is all that a Secret ever shows.
const hidden = "***"

// Secret is a token or key that no log, error, JSON or %#v may show. Convert it
// with [Secret.Reveal] at the one place that needs it.
type Secret string

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the secret; an empty one is "".
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return fmt.Sprintf("bot.Secret(%q)", s.String()) }

// Format hides the secret from every verb, %x and %q included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the secret from JSON, TOML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
