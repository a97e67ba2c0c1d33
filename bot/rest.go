package bot

import "time"

// Rest is a time in which an account sends nothing. Its end is told by a clock
// that may be put back meanwhile, and it must not last longer by that.
type Rest struct{ From, Until time.Time }

// unsure is how much earlier than its beginning a rest may be asked about by
// somebody who looked at the clock a moment ago; more, and the clock was put back.
const unsure = time.Second

// void reports whether the clock was put back since the rest began. Nobody knows
// what is left of it, so it is over: if that is too early, the network says so.
func (r Rest) void(now time.Time) bool { return now.Before(r.From.Add(-unsure)) }

// Left is how long it lasts.
func (r Rest) Left(now time.Time) time.Duration {
	if r.void(now) {
		return 0
	}
	return max(r.Until.Sub(now), 0)
}

// Extend makes it one that was told now, unless it lasts longer already; it
// reports whether it was changed.
func (r *Rest) Extend(told Rest) bool {
	if !told.Until.After(r.Until) && !r.void(told.From) {
		return false
	}
	*r = told
	return true
}
