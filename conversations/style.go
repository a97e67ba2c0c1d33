package conversations

import (
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// LangPlain is Indonesian without Javanese greetings and thanks: not everybody who
// works in Solo is Javanese. Its sentences are those of id.toml.
const LangPlain = "id-ID"

// plainWords are the Javanese words of id.toml and what they are in Indonesian, so
// that no sentence has to be written twice.
func plainWords() *strings.Replacer {
	return strings.NewReplacer(
		"Sugeng enjang", "Selamat pagi",
		"Sugeng siang", "Selamat siang",
		"Sugeng sonten", "Selamat sore",
		"Sugeng dalu", "Selamat malam",
		"Sugeng rawuh", "Selamat datang",
		"Sugeng makarya", "Selamat bekerja",
		"Matur nuwun", "Terima kasih",
		"matur nuwun", "terima kasih",
		"Nyuwun pangapunten", "Mohon maaf",
		"Nyuwun sewu", "Permisi",
		"Sami-sami", "Sama-sama",
		"Monggo", "Silakan",
	)
}

// plainStyle is the Indonesian of id.toml with its Javanese words put into Indonesian.
func plainStyle() (*i18n.Localizer, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	sentences, err := texts.ReadFile("id.toml")
	if err != nil {
		return nil, fmt.Errorf("read the sentences: %w", err)
	}
	if _, err := bundle.ParseMessageFileBytes([]byte(plainWords().Replace(string(sentences))), "id.toml"); err != nil {
		return nil, fmt.Errorf("load the plain sentences: %w", err)
	}
	return i18n.NewLocalizer(bundle, "id"), nil
}
