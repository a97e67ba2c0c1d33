package whatsapp

import (
	"fmt"
	"log/slog"
	"regexp"

	waLog "go.mau.fi/whatsmeow/util/log"
)

// quietLog lets the library's warnings into our log without what names a person:
// numbers and everything between quotes. What it says in detail is not kept at
// all, for it quotes stanzas.
type quietLog struct{ log *slog.Logger }

var private = regexp.MustCompile(`[0-9]{5,}|"[^"]*"|'[^']*'`)

func (l quietLog) say(msg string, args []any) string {
	const most = 200
	line := private.ReplaceAllString(fmt.Sprintf(msg, args...), "…")
	if len(line) > most {
		line = line[:most]
	}
	return line
}

// Warnf implements the library's logger. Its errors are warnings here: what needs
// somebody becomes a state, and that is an error.
func (l quietLog) Warnf(msg string, args ...any) {
	l.log.Warn("whatsapp library", "said", l.say(msg, args))
}

// Errorf implements the library's logger.
func (l quietLog) Errorf(msg string, args ...any) { l.Warnf(msg, args...) }

// Infof implements the library's logger.
func (l quietLog) Infof(msg string, args ...any) {
	l.log.Debug("whatsapp library", "said", l.say(msg, args))
}

// Debugf implements the library's logger.
func (quietLog) Debugf(string, ...any) {}

// Sub implements the library's logger.
func (l quietLog) Sub(string) waLog.Logger { return l }

// silent is libsignal's logger, which otherwise writes to the terminal.
type silent struct{}

func (silent) Debug(string, string)   {}
func (silent) Info(string, string)    {}
func (silent) Warning(string, string) {}
func (silent) Error(string, string)   {}
func (silent) Configure(string)       {}
