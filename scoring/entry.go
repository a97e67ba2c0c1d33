package scoring

import (
	"fmt"

	"ekinerja/roster"
)

// Mark says how the report of a day stands against its deadline.
type Mark string

// The marks of a day.
const (
	OnTime  Mark = "on_time" // sent on the same work day
	Late    Mark = "late"    // sent within the late window
	Missing Mark = "missing" // the late window closed without a report
	Waived  Mark = "waived"  // forgiven: outage, dispensation, accepted objection
	Pending Mark = "pending" // the window is still open; nothing is decided yet
)

// Suitability is the supervisor's judgement of a report.
type Suitability string

// The judgements. Empty means Unreviewed.
const (
	Sesuai     Suitability = "sesuai"
	Cukup      Suitability = "cukup"
	Kurang     Suitability = "kurang"
	Tidak      Suitability = "tidak"
	Unreviewed Suitability = "unreviewed"
	// Lapsed: the time for reading was over before anybody read it. It counts as
	// suitable, and no later word changes that.
	Lapsed Suitability = "lapsed"
)

// VerificationLapsed is the reason code of an entry whose report nobody read in time.
const VerificationLapsed = "verification_lapsed"

// Entry is what is known of one person's one day when it is scored.
type Entry struct {
	Day     roster.Day `json:"day"`
	Due     bool       `json:"due"`
	Excused bool       `json:"excused,omitempty"` // leave, sickness, duty away
	// WasDue: the person was asked and reported before the day became free or
	// excused. Such a day counts when it helps, see [Rubric.Period].
	WasDue  bool   `json:"was_due,omitempty"`
	Reason  string `json:"reason,omitempty"` // why excused, waived or lapsed, a code
	Mark    Mark   `json:"mark"`
	Minutes int    `json:"minutes,omitempty"` // recognised minutes, not claimed ones
	// Additional are those of Minutes that serve no item of the plan (RHK).
	Additional  int         `json:"additional,omitempty"`
	Suitability Suitability `json:"suitability,omitempty"`
	Report      int64       `json:"report,omitempty"` // id of the report, 0 when there is none
}

// Check reports what makes e unusable: no day, an unknown mark or judgement, or
// a number of minutes that no day has.
func (e Entry) Check() error {
	switch {
	case e.Day.IsZero():
		return fmt.Errorf("check entry: it has no day")
	case e.Mark != OnTime && e.Mark != Late && e.Mark != Missing && e.Mark != Waived && e.Mark != Pending:
		return fmt.Errorf("check entry of %s: unknown mark %q", e.Day, e.Mark)
	case e.Minutes < 0 || e.Minutes > 24*60:
		return fmt.Errorf("check entry of %s: %d minutes do not fit in a day", e.Day, e.Minutes)
	case e.Additional < 0 || e.Additional > e.Minutes:
		return fmt.Errorf("check entry of %s: %d additional of %d minutes", e.Day, e.Additional, e.Minutes)
	}
	switch e.Suitability {
	case Sesuai, Cukup, Kurang, Tidak, Unreviewed, Lapsed, "":
		return nil
	}
	return fmt.Errorf("check entry of %s: unknown suitability %q", e.Day, e.Suitability)
}

// removed names why a day stays out of the mean; empty when it counts. A mark
// this version does not know is treated as pending: our confusion is no one's fault.
func (e Entry) removed() Reason {
	switch {
	case !e.Due:
		return NotDue
	case e.Excused:
		return Excused
	case e.Mark == Waived:
		return Forgiven
	case e.Mark == OnTime, e.Mark == Late, e.Mark == Missing:
		return ""
	}
	return StillOpen
}

// optional reports that the day is out of the mean although a report came in that
// was owed when it was written.
func (e Entry) optional() bool {
	r := e.removed()
	return e.WasDue && (r == NotDue || r == Excused) && (e.Mark == OnTime || e.Mark == Late)
}

// counted is an optional day taken into the mean.
func (e Entry) counted() Entry {
	e.Due, e.Excused = true, false
	return e
}

// reported reports whether the day counts and a report came in.
func (e Entry) reported() bool {
	return e.removed() == "" && e.Mark != Missing
}
