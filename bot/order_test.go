package bot

import "testing"

func TestEarlier(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		network     Network
		a, b        string
		earlier, ok bool
	}{
		{Telegram, "9", "10", true, true},
		{Telegram, "10", "9", false, true},
		{Telegram, "10", "10", false, true},
		{Telegram, "", "10", false, false},
		{Telegram, "10", "", false, false},
		{Telegram, "10", "3EB0C431C26A1916E07A", false, false},
		{"elsewhere", "9", "10", false, false},
	} {
		earlier, ok := Earlier(c.network, c.a, c.b)
		if earlier != c.earlier || ok != c.ok {
			t.Errorf("%s: %q before %q: %v, %v", c.network, c.a, c.b, earlier, ok)
		}
	}
}
