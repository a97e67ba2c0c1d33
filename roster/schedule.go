package roster

import "time"

// AnswerTime is the least time between a question and its deadline, however the
// questions are spread.
const AnswerTime = 30 * time.Minute

// Plan decides a person's duty of a day and when it is asked. Questions are
// spread forward over at most spread (whole seconds, 0 for none), always by the
// same amount for the same person: 10,000 people asked in one minute would
// answer in one minute, and everybody likes a habit.
func Plan(f Facts, id EmployeeID, day Day, h Hours, spread time.Duration, loc *time.Location) (Duty, Times) {
	d := DutyOf(f, day)
	t := h.Times(d, loc)
	if t == (Times{}) {
		return d, t
	}
	latest := t.Deadline.Add(-AnswerTime)
	if at := t.AskAt.Add(share(id, spread)); !at.After(latest) {
		t.AskAt = at
	} else if t.AskAt.Before(latest) {
		t.AskAt = latest
	}
	return d, t
}

// share is the person's own part of a span, in whole seconds, even over
// consecutive ids: the multiplier is 2^64 divided by the golden ratio.
func share(id EmployeeID, span time.Duration) time.Duration {
	seconds := uint64(max(0, span) / time.Second)
	if seconds == 0 {
		return 0
	}
	mixed := uint64(id) * 0x9e3779b97f4a7c15 >> 32
	return time.Duration(mixed*seconds>>32) * time.Second
}
