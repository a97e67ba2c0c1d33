package demo

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode"

	"ekinerja/bot/fakegram"
)

// groupKey is the group's name in addresses; no person may have it.
const groupKey = "grup"

// hues is how many colours avatars have.
const hues = 8

var errNoAct = errors.New("there is no such act")

// line is one conversation on the page: a person's with the bot, or the group.
type line struct {
	Phone
	group   *fakegram.Group // nil for a person's own
	blocked atomic.Bool     // by the page's menu
	hue     int
}

func newLines(cfg Config) ([]*line, error) {
	var out []*line
	seen := map[string]bool{groupKey: true}
	for i, p := range cfg.Phones {
		if p.Person == nil || seen[p.Key] || !plain(p.Key) {
			return nil, fmt.Errorf("phone %q: needs a person and a key of its own, a to z", p.Key)
		}
		seen[p.Key] = true
		out = append(out, &line{Phone: p, hue: i % hues})
	}
	if cfg.Group != nil {
		out = append(out, &line{
			Phone: Phone{Key: groupKey, Name: cfg.GroupTitle, Role: "Grup · bot dan para pegawai"},
			group: cfg.Group, hue: hues - 1,
		})
	}
	return out, nil
}

// plain says whether a key can stand in an address and a CSS selector.
func plain(key string) bool {
	return key != "" && strings.IndexFunc(key, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }) < 0
}

func (l *line) chat() *fakegram.Chat {
	if l.group != nil {
		return l.group.Chat()
	}
	return l.Person.Chat()
}

func (l *line) chatID() int64 {
	if l.group != nil {
		return l.group.ID
	}
	return l.Person.ID
}

func (l *line) initials() string {
	var out []rune
	for word := range strings.FieldsSeq(l.Name) {
		if r := []rune(word)[0]; unicode.IsLetter(r) && len(out) < 2 {
			out = append(out, unicode.ToUpper(r))
		}
	}
	return string(out)
}

// act is what a visitor lets somebody do in a conversation.
type act struct {
	by      *fakegram.Person
	text    string
	data    string // of a tapped button
	message int64  // the tapped message
	quote   int64  // the message that the text answers, 0 if none
	edit    int64  // the own message that the text replaces, 0 if none
}

// do carries an act out. Errors are those of [fakegram] or errNoAct.
func (l *line) do(name string, a act) error {
	switch name {
	case "send":
		return l.send(a)
	case "tap":
		return l.tap(a)
	}
	if l.group != nil {
		return errNoAct
	}
	return l.doAlone(name)
}

func (l *line) send(a act) error {
	var err error
	switch {
	case a.edit != 0 && l.group != nil:
		_, err = l.group.EditMessage(a.by, a.edit, a.text)
	case a.edit != 0:
		_, err = l.Person.EditMessage(a.edit, a.text)
	case l.group != nil:
		_, err = l.group.Reply(a.by, a.quote, a.text)
	default:
		_, err = l.Person.Reply(a.quote, a.text)
	}
	return err
}

func (l *line) tap(a act) error {
	var err error
	if l.group != nil {
		_, err = l.group.Tap(a.by, a.message, a.data)
	} else {
		_, err = l.Person.TapData(a.message, a.data)
	}
	return err
}

// doAlone are acts of a private chat.
func (l *line) doAlone(name string) (err error) {
	switch name {
	case "start":
		l.blocked.Store(false)
		_, err = l.Person.Start("")
	case "contact":
		_, err = l.Person.ShareContact(true, "", 0)
	case "photo":
		_, err = l.Person.SendPhoto(samplePhoto(l.hue), "")
	case "album":
		_, err = l.Person.SendAlbum([][]byte{samplePhoto(l.hue), samplePhoto(l.hue + 1)}, "")
	case "document":
		_, err = l.Person.SendDocument("surat-tugas.pdf", sampleLetter(), "")
	case "sticker":
		_, err = l.Person.SendSticker("👍")
	case "voice":
		_, err = l.Person.SendVoice(7)
	case "location":
		// The city hall of Surakarta.
		_, err = l.Person.SendLocation(-7.5693, 110.8290)
	case "block":
		l.blocked.Store(true)
		l.Person.Block()
	case "unblock":
		l.blocked.Store(false)
		l.Person.Unblock()
	default:
		err = errNoAct
	}
	return err
}
