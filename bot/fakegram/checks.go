package fakegram

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the Bot API that its table does not carry.
const (
	maxText        = 4096 // UTF-16 units
	maxCaption     = 1024 // UTF-16 units
	maxToast       = 200  // characters
	maxData        = 64   // bytes of callback_data
	maxPlaceholder = 64   // characters
	maxButtons     = 100  // of one inline keyboard
	maxKeys        = 300  // of one reply keyboard
	maxEntities    = 100
)

// utf16Len counts UTF-16 units, Telegram's measure of texts.
func utf16Len(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// refuseUnsimulated keeps parameters that we would silently ignore out.
func refuseUnsimulated(c *call, names ...string) error {
	for _, name := range names {
		if v, given := c.values[name]; given && v != "" {
			return breach(name + " is not simulated")
		}
	}
	return nil
}

// checkText trims a text as Telegram does, moving its entities along, and
// checks its length; maxUnits also tells texts from captions.
func checkText(text string, list []any, maxUnits int) (string, []Entity, error) {
	entities, err := checkEntities(text, list)
	if err != nil {
		return "", nil, err
	}
	left := strings.TrimLeft(text, " \n\t\r")
	trimmed := strings.TrimRight(left, " \n\t\r")
	n := utf16Len(trimmed)
	switch {
	case n <= maxUnits:
		return trimmed, shiftEntities(entities, utf16Len(text)-utf16Len(left), n), nil
	case maxUnits == maxCaption:
		return "", nil, breach("message caption is too long")
	default:
		return "", nil, breach("message is too long")
	}
}

// shiftEntities moves entities left by cut and clips them to n units.
func shiftEntities(in []Entity, cut, n int) []Entity {
	var out []Entity
	for _, e := range in {
		from, to := max(0, e.Offset-cut), min(n, e.Offset-cut+e.Length)
		if from < to {
			e.Offset, e.Length = from, to-from
			out = append(out, e)
		}
	}
	return out
}

// entityTypes are the types that a bot may send.
var entityTypes = map[string]bool{
	"mention": true, "hashtag": true, "cashtag": true, "bot_command": true, "url": true, "email": true,
	"phone_number": true, "bold": true, "italic": true, "underline": true, "strikethrough": true, "spoiler": true,
	"blockquote": true, "expandable_blockquote": true, "code": true, "pre": true, "text_link": true,
	"text_mention": true, "custom_emoji": true, "date_time": true,
}

func checkEntities(text string, list []any) ([]Entity, error) {
	if len(list) > maxEntities {
		return nil, breach("too many entities")
	}
	middle := surrogateMiddles(text)
	n := utf16Len(text)
	out := make([]Entity, 0, len(list))
	for _, item := range list {
		m, _ := item.(map[string]any)
		e := Entity{Offset: int(number(m["offset"])), Length: int(number(m["length"]))}
		e.Type, _ = m["type"].(string)
		e.URL, _ = m["url"].(string)
		switch {
		case !entityTypes[e.Type]:
			return nil, breach(fmt.Sprintf("can't parse MessageEntity: type %q is unknown", e.Type))
		case e.Offset < 0 || e.Length <= 0 || e.Length > n || e.Offset > n-e.Length:
			return nil, breach(fmt.Sprintf("entity at offset %d with length %d is outside the text of %d UTF-16 units", e.Offset, e.Length, n))
		case middle[e.Offset] || middle[e.Offset+e.Length]:
			return nil, breach(fmt.Sprintf("entity at offset %d begins or ends in the middle of a UTF-16 symbol", e.Offset))
		case e.Type == "text_link" && e.URL == "":
			return nil, breach("can't parse MessageEntity: text_link needs a URL")
		}
		out = append(out, e)
	}
	return out, nil
}

// surrogateMiddles are the UTF-16 offsets inside of a pair; nil if there are none.
func surrogateMiddles(text string) map[int]bool {
	var middle map[int]bool
	at := 0
	for _, r := range text {
		if r > 0xFFFF {
			if middle == nil {
				middle = map[int]bool{}
			}
			middle[at+1] = true
			at++
		}
		at++
	}
	return middle
}

// markup is a checked reply_markup.
type markup struct {
	inline   map[string]any // to be echoed in Message; nil unless inline and not empty
	buttons  [][]Button
	keyboard *Keyboard
}

func checkMarkup(m map[string]any, group bool) (markup, error) {
	switch {
	case m == nil:
		return markup{}, nil
	case m["inline_keyboard"] != nil:
		return checkInline(m)
	case m["keyboard"] != nil:
		return checkKeyboard(m, group)
	case m["remove_keyboard"] != nil:
		if m["remove_keyboard"] != true {
			return markup{}, breach("can't parse reply keyboard: remove_keyboard must be true")
		}
		return markup{keyboard: &Keyboard{Remove: true}}, nil
	}
	if m["force_reply"] != true {
		return markup{}, breach("can't parse reply keyboard: force_reply must be true")
	}
	k := &Keyboard{ForceReply: true}
	var err error
	k.Placeholder, err = checkPlaceholder(m)
	return markup{keyboard: k}, err
}

func checkPlaceholder(m map[string]any) (string, error) {
	text, given := m["input_field_placeholder"].(string)
	if n := utf8.RuneCountInString(text); given && (n < 1 || n > maxPlaceholder) {
		return "", breach("input_field_placeholder must have 1-64 characters")
	}
	return text, nil
}

func checkInline(m map[string]any) (markup, error) {
	out := markup{}
	total := 0
	for _, row := range rows(m["inline_keyboard"]) {
		var buttons []Button
		for _, item := range row {
			b, err := checkButton(item)
			if err != nil {
				return markup{}, err
			}
			buttons = append(buttons, b)
			total++
		}
		if len(buttons) > 8 {
			return markup{}, breach("a row of the inline keyboard has more than 8 buttons")
		}
		if len(buttons) > 0 {
			out.buttons = append(out.buttons, buttons)
		}
	}
	if total > maxButtons {
		return markup{}, breach("reply markup is too long")
	}
	if total > 0 {
		out.inline = m
	}
	return out, nil
}

// rows reads an array of arrays of objects that the table has checked.
func rows(v any) [][]map[string]any {
	var out [][]map[string]any
	list, _ := v.([]any)
	for _, row := range list {
		items, _ := row.([]any)
		var maps []map[string]any
		for _, item := range items {
			m, _ := item.(map[string]any)
			maps = append(maps, m)
		}
		out = append(out, maps)
	}
	return out
}

// buttonActions are the fields of InlineKeyboardButton of which exactly one must be set.
var buttonActions = []string{
	"url", "callback_data", "web_app", "login_url", "switch_inline_query",
	"switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}

func checkButton(m map[string]any) (Button, error) {
	b := Button{}
	b.Text, _ = m["text"].(string)
	b.Data, _ = m["callback_data"].(string)
	b.URL, _ = m["url"].(string)
	if strings.TrimSpace(b.Text) == "" {
		return b, breach("can't parse inline keyboard button: Text buttons must have non-empty text")
	}
	actions := 0
	for _, name := range buttonActions {
		if _, given := m[name]; given {
			actions++
		}
	}
	if actions != 1 {
		return b, breach("can't parse inline keyboard button: exactly one action must be set")
	}
	if _, given := m["callback_data"]; given && (len(b.Data) < 1 || len(b.Data) > maxData) {
		return b, breach("BUTTON_DATA_INVALID")
	}
	if _, given := m["url"]; given {
		if u, err := url.Parse(b.URL); err != nil || !slices.Contains([]string{"http", "https", "tg"}, u.Scheme) || u.Host == "" {
			return b, breach(fmt.Sprintf("inline keyboard button URL %q is invalid", b.URL))
		}
	}
	return b, checkStyle(m)
}

func checkStyle(m map[string]any) error {
	style, given := m["style"].(string)
	if given && !slices.Contains([]string{"danger", "success", "primary"}, style) {
		return breach("can't parse keyboard button: style is unknown")
	}
	return nil
}

func checkKeyboard(m map[string]any, group bool) (markup, error) {
	k := &Keyboard{OneTime: m["one_time_keyboard"] == true, Resize: m["resize_keyboard"] == true}
	total := 0
	for _, row := range rows(m["keyboard"]) {
		var keys []Key
		for _, item := range row {
			key := Key{Contact: item["request_contact"] == true, Location: item["request_location"] == true}
			key.Text, _ = item["text"].(string)
			switch {
			case strings.TrimSpace(key.Text) == "":
				return markup{}, breach("can't parse keyboard button: Text buttons must have non-empty text")
			case key.Contact && group:
				return markup{}, breach("phone number can be requested in private chats only")
			case key.Location && group:
				return markup{}, breach("location can be requested in private chats only")
			}
			if err := checkStyle(item); err != nil {
				return markup{}, err
			}
			keys = append(keys, key)
			total++
		}
		k.Rows = append(k.Rows, keys)
	}
	if total == 0 || total > maxKeys {
		return markup{}, breach("can't parse reply keyboard: it must have 1-300 buttons")
	}
	var err error
	k.Placeholder, err = checkPlaceholder(m)
	return markup{keyboard: k}, err
}
