package roster

import "time"

// Prefer moves the question of a day to the hour at which a person likes to be
// asked, when that is within the day's work or after it and leaves [AnswerTime]
// to answer. What a shift asks for is not moved: its hours are not the clock's.
func (t Times) Prefer(d Duty, at Clock, loc *time.Location) Times {
	if t == (Times{}) || d.Reason == ReasonShift || at < d.Start {
		return t
	}
	if moment := d.Day.At(at, loc); !moment.After(t.Deadline.Add(-AnswerTime)) {
		t.AskAt = moment
	}
	return t
}
