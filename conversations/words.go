package conversations

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"ekinerja/bot"
	"ekinerja/roster"
)

//go:embed id.toml en.toml
var texts embed.FS

// Data fills the blanks of a sentence.
type Data map[string]any

// Words holds every sentence we send, in each language. It is immutable.
type Words struct {
	speakers map[string]Speaker
}

// NewWords loads the sentences; loc is the city's time zone.
func NewWords(loc *time.Location) (*Words, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	w := &Words{speakers: map[string]Speaker{}}
	for _, lang := range []string{"id", "en"} {
		if _, err := bundle.LoadMessageFileFS(texts, lang+".toml"); err != nil {
			return nil, fmt.Errorf("load the sentences of %s: %w", lang, err)
		}
		w.speakers[lang] = Speaker{lang: lang, loc: loc, say: i18n.NewLocalizer(bundle, lang)}
	}
	plain, err := plainStyle()
	if err != nil {
		return nil, err
	}
	w.speakers[LangPlain] = Speaker{lang: "id", loc: loc, say: plain}
	return w, nil
}

// In is the speaker of a language; an unknown one speaks Indonesian.
func (w *Words) In(lang string) Speaker {
	if s, ok := w.speakers[lang]; ok {
		return s
	}
	return w.speakers["id"]
}

// To is the speaker of a person's language.
func (w *Words) To(p Person) Speaker { return w.In(p.Lang) }

// Speaker says things in one language.
type Speaker struct {
	lang string
	loc  *time.Location
	say  *i18n.Localizer
}

// A star in a sentence file marks bold. A star that a person typed must stay a
// star, so it travels through the template as this rune, which no one can type
// into a clean text (it is a private-use code point).
const typedStar = '\uE02A'

// Text renders a sentence without marks: for buttons and chart labels.
func (s Speaker) Text(id string, data Data) string { return s.Say(id, data).Text }

// Say renders a sentence; *words* in the file become bold spans. "Count" in
// data chooses the plural form.
func (s Speaker) Say(id string, data Data) Message {
	config := i18n.LocalizeConfig{MessageID: id, TemplateData: shield(data), PluralCount: data["Count"]}
	raw, err := s.say.Localize(&config)
	if err != nil && config.PluralCount != nil { // a sentence that has one form for every number
		config.PluralCount = nil
		raw, err = s.say.Localize(&config)
	}
	if err != nil {
		// A missing sentence must not silence the conversation; a test renders
		// every id, so this shows only during development.
		raw = "⟨" + id + "⟩"
	}
	return marked(strings.TrimRight(raw, "\n"))
}

func shield(data Data) Data {
	out := make(Data, len(data))
	for k, v := range data {
		switch t := v.(type) {
		case string:
			v = strings.ReplaceAll(t, "*", string(typedStar))
		case []string:
			c := make([]string, len(t))
			for i := range t {
				c[i] = strings.ReplaceAll(t[i], "*", string(typedStar))
			}
			v = c
		}
		out[k] = v
	}
	return out
}

func marked(raw string) Message {
	var b strings.Builder
	var m Message
	open := -1
	for _, r := range raw {
		switch r {
		case '*':
			if open < 0 {
				open = b.Len()
				continue
			}
			if b.Len() > open {
				m.Bold = append(m.Bold, bot.Span{Start: open, End: b.Len()})
			}
			open = -1
		case typedStar:
			b.WriteByte('*')
		default:
			b.WriteRune(r)
		}
	}
	m.Text = b.String()
	return m
}

// Join puts messages under each other with an empty line between, keeping bold.
func Join(parts ...Message) Message { return join("\n\n", parts) }

// Lines puts messages under each other without an empty line.
func Lines(parts ...Message) Message { return join("\n", parts) }

func join(sep string, parts []Message) Message {
	var out Message
	for _, p := range parts {
		if p.Text == "" {
			continue
		}
		if out.Text != "" {
			out.Text += sep
		}
		shift := len(out.Text)
		for _, s := range p.Bold {
			out.Bold = append(out.Bold, bot.Span{Start: s.Start + shift, End: s.End + shift})
		}
		out.Text += p.Text
		out.Buttons = append(out.Buttons, p.Buttons...)
	}
	return out
}

// Honorific is "Bapak", "Ibu", or "Bapak/Ibu" when the NIP does not say.
func (s Speaker) Honorific(sex roster.Sex) string {
	switch sex {
	case roster.Male:
		return s.Text("bapak", nil)
	case roster.Female:
		return s.Text("ibu", nil)
	}
	return s.Text("bapak_ibu", nil)
}

// ShortName is a name without titles, clipped to 40 runes.
func ShortName(name string) string {
	name, _, _ = strings.Cut(name, ",")
	for _, title := range []string{"Drs. ", "Dra. ", "dr. ", "drg. ", "Dr. ", "Ir. ", "H. ", "Hj. ", "Ns. "} {
		name = strings.TrimPrefix(name, title)
	}
	r := []rune(strings.TrimSpace(name))
	if len(r) > 40 {
		r = append(r[:39], '…')
	}
	return string(r)
}

// Day is "Senin, 23 November 2026".
func (s Speaker) Day(d roster.Day) string {
	return s.Text("tanggal_panjang", Data{"Hari": s.Weekday(d), "Tgl": d.Date, "Bulan": s.Month(d.Month), "Tahun": d.Year})
}

// ShortDay is "Sen 23/11".
func (s Speaker) ShortDay(d roster.Day) string {
	return fmt.Sprintf("%s %d/%d", string([]rune(s.Weekday(d))[:3]), d.Date, d.Month)
}

// Weekday is "Senin".
func (s Speaker) Weekday(d roster.Day) string {
	return s.Text("hari_"+strconv.Itoa(int(d.Weekday())), nil)
}

// Month is "November".
func (s Speaker) Month(m time.Month) string { return s.Text("bulan_"+strconv.Itoa(int(m)), nil) }

// Range is "16–20 November 2026" or "30 November – 4 Desember 2026".
func (s Speaker) Range(from, to roster.Day) string {
	if from.Month == to.Month && from.Year == to.Year {
		return fmt.Sprintf("%d–%d %s %d", from.Date, to.Date, s.Month(to.Month), to.Year)
	}
	return fmt.Sprintf("%d %s – %d %s %d", from.Date, s.Month(from.Month), to.Date, s.Month(to.Month), to.Year)
}

// Time is "16.12 WIB" in the city's zone.
func (s Speaker) Time(t time.Time) string { return t.In(s.loc).Format("15.04") + " WIB" }

// DayOf is the civil day of t in the city's zone.
func (s Speaker) DayOf(t time.Time) roster.Day { return roster.DayOf(t.In(s.loc)) }

// Number renders a decimal as people write it: "1.480", "92,4" ("1,480", "92.4" in English).
func (s Speaker) Number(n string) string {
	whole, frac, _ := strings.Cut(n, ".")
	thousands, comma := ".", ","
	if s.lang == "en" {
		thousands, comma = ",", "."
	}
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + thousands + whole[i:]
	}
	if frac = strings.TrimRight(frac, "0"); frac != "" {
		whole += comma + frac
	}
	return sign + whole
}

// Int renders a whole number.
func (s Speaker) Int(n int) string { return s.Number(strconv.Itoa(n)) }

// Clip cuts a text to n runes with an ellipsis.
func Clip(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}
