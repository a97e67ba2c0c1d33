package demo

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Small helpers of the templates.

func itoa(n int) string     { return strconv.Itoa(n) }
func itoa64(n int64) string { return strconv.FormatInt(n, 10) }

func choose(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// or shows an empty cell as a dash.
func or(s string) string { return choose(s == "", "–", s) }

func minutes(n int) string { return choose(n == 0, "", itoa(n)) }

func pressed(on bool) string { return choose(on, "true", "false") }

// short is the first two words of a name.
func short(name string) string {
	words := strings.Fields(name)
	return strings.Join(words[:min(2, len(words))], " ")
}

// vals is what a button adds to its request.
func vals(m map[string]string) string {
	out, err := json.Marshal(m)
	if err != nil {
		return "{}" // strings always encode
	}
	return string(out)
}

func forced(q *quote) string {
	if q == nil {
		return ""
	}
	return itoa64(q.ID)
}

func author(q *quote) string {
	if q == nil {
		return ""
	}
	return q.Author
}

func quoted(q *quote) string {
	if q == nil {
		return ""
	}
	return q.Text
}

func telegramState(f faultView) string {
	switch {
	case f.Down && f.Waiting > 0:
		return fmt.Sprintf("mati · %d menunggu", f.Waiting)
	case f.Down:
		return "mati"
	}
	return "hidup"
}

func serviceState(f faultView) string {
	switch {
	case !f.Running && f.Waiting > 0:
		return fmt.Sprintf("mati · %d menunggu", f.Waiting)
	case !f.Running:
		return "mati"
	}
	return "berjalan"
}

func flushState(f faultView) string {
	if f.Flushes == 0 {
		return "terisi"
	}
	return fmt.Sprintf("sudah dikosongkan %d×", f.Flushes)
}

// drawing is the path of an icon.
func drawing(name string) string {
	switch name {
	case "dots":
		return "M12 5v.01M12 12v.01M12 19v.01"
	case "plus":
		return "M12 5v14M5 12h14"
	case "send":
		return "M4 12l16-8-6 16-3-7zM11 13l9-9"
	case "reply":
		return "M10 8L5 13l5 5M5 13h8a6 6 0 0 0 6-6V6"
	case "pencil":
		return "M4 20l1-4L16 5l3 3L8 19z"
	case "file":
		return "M7 3h7l4 4v14H7zM14 3v4h4"
	case "mic":
		return "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4"
	case "person":
		return "M12 4a4 4 0 0 1 0 8 4 4 0 0 1 0-8M4 21a8 8 0 0 1 16 0"
	case "pin":
		return "M12 21s-7-6-7-11a7 7 0 0 1 14 0c0 5-7 11-7 11zM12 10v.01"
	}
	return ""
}
