package conversations

import (
	"fmt"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// LangPlain is Indonesian without Javanese greetings: not everybody who works in
// Solo is Javanese. Its own sentences are in umum.id.toml, all others are those
// of id.toml.
const LangPlain = "id-ID"

// plainStyle is the Indonesian of id.toml with the sentences of umum.id.toml over it.
func plainStyle() (*i18n.Localizer, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, file := range []string{"id.toml", "umum.id.toml"} {
		if _, err := bundle.LoadMessageFileFS(texts, file); err != nil {
			return nil, fmt.Errorf("load the sentences of %s: %w", file, err)
		}
	}
	return i18n.NewLocalizer(bundle, "id"), nil
}
