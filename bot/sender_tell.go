package bot

import (
	"log/slog"
	"time"
)

// logOf names a message in every line about it: its row, and the row of the
// inbox that it answers.
func (s *Sender) logOf(c Claimed) *slog.Logger {
	return s.Log.With("outbox_id", c.ID, "outbox_key", c.Key, "inbox_id", c.Inbox)
}

func (s *Sender) waited(class string, wait time.Duration) {
	if s.Waited != nil {
		s.Waited(class, wait.Seconds())
	}
}

func (s *Sender) observe(c Claimed, r Settlement, took time.Duration) {
	if s.Observe == nil {
		return
	}
	outcome := string(r.Outcome)
	if r.State == SettledSent {
		outcome = string(SettledSent)
	}
	s.Observe(outcome, c.Priority.String(), took.Seconds())
}
