package store

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"ekinerja/bot"
)

var textsCount = flag.Int("texts.count", 2_000, "how many random texts the database is given and gives back")

// pieces are what breaks naive columns, encoders and comparisons.
var pieces = []string{
	"\x00", "\xff", "\xc3\x28", "\xed\xa0\x80", `\u0000`, `\ud83d`, "\u0301", "\u200b", "\u202e", "\u2067", "😀", "👩‍👩‍👧‍👦", "🇮🇩",
	"ꦏꦼꦢꦸ", "ﷺ", "'", `"`, "\\", "\n", "\t", "\u2028", "{", "}", "%", "<b>", "berkas ", "25 ", "; ", "\u00a0", "\ufeff", "\ufffd", "\U0010ffff",
}

func randomText(rng *rand.Rand) string {
	var b strings.Builder
	for range rng.IntN(40) {
		switch rng.IntN(4) {
		case 0:
			b.WriteRune(rune(rng.IntN(utf8.MaxRune + 1))) // a half of a pair becomes a replacement
		case 1:
			b.WriteByte(byte(rng.IntN(256)))
		default:
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
	}
	return b.String()
}

// TestTheDatabaseGivesBackWhatWasTyped: any text, but for zero bytes and broken
// letters, comes back as it was stored.
func TestTheDatabaseGivesBackWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.person("Sri", "100")
	rng := rand.New(rand.NewPCG(4, 4))
	for left := *textsCount; left > 0; {
		batch := make([]bot.MsgIn, min(left, 100))
		want := map[string]string{}
		for i := range batch {
			batch[i] = s.text("100", randomText(rng))
			want[batch[i].ExternalID] = clean(batch[i].Text)
		}
		left -= len(batch)
		s.receive(batch...)
		rows, err := s.store.pool.Query(t.Context(), `DELETE FROM inbox RETURNING ext_id, msg->>'text'`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id string
			var text *string
			if err := rows.Scan(&id, &text); err != nil {
				t.Fatal(err)
			}
			got := ""
			if text != nil {
				got = *text
			}
			if !sameLetters(got, want[id]) {
				t.Errorf("%q came back as %q", want[id], got)
			}
			delete(want, id)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if len(want) > 0 {
			t.Fatalf("%d texts did not come back", len(want))
		}
	}
}
