package fakegram

import "fmt"

// SetLimits changes the limits and forgets what was counted. The zero value
// means [RealLimits]; see [NoLimits].
func (s *Server) SetLimits(l Limits) { s.limiter.set(l) }

// Pending counts the updates that the bot has not confirmed.
func (s *Server) Pending() int { return s.queue.pending() }

// Confirmed is true once the bot has confirmed the update.
func (s *Server) Confirmed(updateID int64) bool { return s.queue.confirmed(updateID) }

// Redeliver delivers an update a second time, with the same update_id, whatever
// offset the bot has reached.
func (s *Server) Redeliver(updateID int64) error {
	if !s.queue.redeliver(updateID) {
		return fmt.Errorf("redeliver update %d: %w", updateID, ErrNoUpdate)
	}
	return nil
}

// SkipUpdateIDs makes the next update_id at least next: Telegram draws a new
// one after a week without updates.
func (s *Server) SkipUpdateIDs(next int64) { s.queue.skipTo(next) }
