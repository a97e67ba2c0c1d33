package conversations_test

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"testing"

	"ekinerja/conversations"
)

// TestCommandsAreFound: whatever command the program knows, people find in the
// network's menu, in /bantuan and in the README, in both languages; nothing else is
// there, and what is left out has a reason.
func TestCommandsAreFound(t *testing.T) {
	t.Parallel()
	words, err := conversations.NewWords(wib)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	slashed := regexp.MustCompile("(?:^|[\\s`(])/([a-z]{3,})\\b")
	found := func(text string) []string {
		var out []string
		for _, m := range slashed.FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	listed, known := []string{}, map[string]bool{}
	for _, c := range conversations.Commands() {
		for _, name := range append([]string{c.Name}, c.Others...) {
			if known[name] {
				t.Errorf("/%s is two commands", name)
			}
			known[name] = true
		}
		if c.Unlisted == "" {
			listed = append(listed, c.Name)
		}
	}
	for _, lang := range []string{"id", "en"} {
		menu := []string{}
		for _, c := range words.Menu(lang) {
			menu = append(menu, c.Name)
			if n := len([]rune(c.Description)); n < 5 || n > 40 {
				t.Errorf("the menu's words for /%s are %q", c.Name, c.Description)
			}
		}
		if !slices.Equal(menu, listed) {
			t.Errorf("%s: the menu is %v, want %v", lang, menu, listed)
		}
		help := append(found(words.In(lang).Text("bantuan", nil)), "bantuan") // it is the help
		for _, name := range listed {
			if !slices.Contains(help, name) {
				t.Errorf("%s: /bantuan does not tell of /%s", lang, name)
			}
		}
		for _, name := range help {
			if !slices.Contains(listed, name) {
				t.Errorf("%s: /bantuan tells of /%s, which is no command", lang, name)
			}
		}
	}
	told := found(string(readme))
	for _, name := range listed {
		if !slices.Contains(told, name) {
			t.Errorf("the README does not tell of /%s", name)
		}
	}
}

// TestSentencesNameOnlyCommands: a sentence that sends somebody to a command sends
// them to one that is there.
func TestSentencesNameOnlyCommands(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, c := range conversations.Commands() {
		for _, name := range append([]string{c.Name}, c.Others...) {
			known[name] = true
		}
	}
	slashed := regexp.MustCompile(`(?:^|[\s*(])/([a-z]{3,})\b`)
	for _, lang := range []string{"id", "en"} {
		for id, text := range ids(t, lang+".toml") {
			for _, m := range slashed.FindAllStringSubmatch(text, -1) {
				if !known[m[1]] {
					t.Errorf("%s.%s: /%s is no command", lang, id, m[1])
				}
			}
		}
	}
}

// TestLanguageByWord: who names a language is not asked which.
func TestLanguageByWord(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"/bahasa en": "en", "/bahasa Inggris": "en", "/bahasa indonesia": "id", "/gaya solo": "id", "/gaya nasional": conversations.LangPlain,
		"/bahasa": "", "/bahasa rusia": "",
	} {
		c := newChat(t)
		c.types(words)
		if got := c.out.SetLang; got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}

// TestCalendarShowsNothingAwaited of days that have not come: a planned duty is no
// missing report.
func TestCalendarShowsNothingAwaited(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.rec.days = c.workDays()[:1]
	c.types("/riwayat")
	before := c.last[0].Msg.Photo
	tomorrow := officeDay(c.rec.days[0].Day.Add(1))
	c.rec.days = append(c.rec.days, tomorrow)
	c.types("/riwayat")
	if !bytes.Equal(before, c.last[0].Msg.Photo) {
		t.Error("tomorrow is drawn as awaited")
	}
}
