package conversations_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"ekinerja/conversations"
)

// ids reads the sentence ids of a language file, in no order.
func ids(t *testing.T, file string) map[string]string {
	t.Helper()
	out := map[string]any{}
	if _, err := toml.DecodeFile(file, &out); err != nil {
		t.Fatal(err)
	}
	flat := map[string]string{}
	for k, v := range out {
		switch v := v.(type) {
		case string:
			flat[k] = v
		case map[string]any: // plural forms
			if s, ok := v["other"].(string); ok {
				flat[k] = s
			}
		}
	}
	return flat
}

func TestLanguagesHaveTheSameSentences(t *testing.T) {
	t.Parallel()
	id, en := ids(t, "id.toml"), ids(t, "en.toml")
	for k := range id {
		if en[k] == "" {
			t.Errorf("en.toml has no %q", k)
		}
	}
	for k := range en {
		if id[k] == "" {
			t.Errorf("id.toml has no %q", k)
		}
	}
}

// fields are the blanks a template names, so that each can be filled to the brim.
var fields = regexp.MustCompile(`\.([A-Z][A-Za-z]*)`)

func TestSentencesFitAPhone(t *testing.T) {
	t.Parallel()
	words, err := conversations.NewWords(wib)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"id", "en"} {
		for id, text := range ids(t, lang+".toml") {
			data := conversations.Data{"Count": 3}
			for _, m := range fields.FindAllStringSubmatch(text, -1) {
				if m[1] != "Count" {
					data[m[1]] = "Rr. Siti *Nurhaliza* <b>& 12"
				}
			}
			got := words.In(lang).Say(id, data).Text
			switch {
			case strings.Contains(got, "⟨") || strings.Contains(got, "<no value>"):
				t.Errorf("%s.%s renders %q", lang, id, got)
			case strings.HasPrefix(id, "tombol_") && len([]rune(got)) > 20 && len(data) == 1:
				t.Errorf("%s.%s is a button of %d characters: %q", lang, id, len([]rune(got)), got)
			case len([]rune(got)) > 600:
				t.Errorf("%s.%s has %d characters", lang, id, len([]rune(got)))
			}
		}
	}
}

// TestEverySentenceIsUsed keeps the files free of sentences nobody says, and the
// code free of ids no file has.
func TestEverySentenceIsUsed(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	wiring, err := filepath.Glob("../cmd/ekinerja/*.go") // hands a few to channels, which know no language
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, wiring...) {
		if !strings.HasSuffix(f, "_test.go") {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(src)
		}
	}
	known := ids(t, "id.toml")
	for _, m := range regexp.MustCompile(`(?:Say|Text)\("([a-z_A-Z0-9]+)",`).FindAllStringSubmatch(code.String(), -1) {
		if known[m[1]] == "" {
			t.Errorf("the code says %q, id.toml does not have it", m[1])
		}
	}
	families := regexp.MustCompile(`"([a-z]+_(?:[a-z]+_)?)"\s*\+`).FindAllStringSubmatch(code.String(), -1)
	for id := range known {
		used := strings.Contains(code.String(), `"`+id+`"`)
		used = used || slices.ContainsFunc(families, func(m []string) bool { return strings.HasPrefix(id, m[1]) })
		if !used {
			t.Errorf("nobody says %q", id)
		}
	}
}
