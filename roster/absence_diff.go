package roster

// StoredAbsence is an absence as it is kept.
type StoredAbsence struct {
	ID int64
	Absence
	// Waiting: only claimed. Refused: the superior has said no.
	Waiting, Refused bool
	// BySuperior decided it in the chat; 0: nobody did.
	BySuperior EmployeeID
}

// LeaveVerdict is what a row of the leave file means for what is kept.
type LeaveVerdict string

// Verdicts on a row.
const (
	LeaveNew         LeaveVerdict = "new"
	LeaveKnown       LeaveVerdict = "already there"
	LeaveConfirms    LeaveVerdict = "confirms a claim"
	LeaveCorrects    LeaveVerdict = "contradicts a claim" // another kind than was claimed
	LeaveShortens    LeaveVerdict = "shortens"
	LeaveChanges     LeaveVerdict = "changes" // longer, later, or another kind than a file said
	LeaveContradicts LeaveVerdict = "contradicts the superior"
)

// LeaveChange is a row of the leave file beside what is kept about its days.
type LeaveChange struct {
	LeaveEntry
	Verdict LeaveVerdict
	// Into is what is kept and becomes what the row says; nil: the row is added.
	Into *StoredAbsence
	// Dropped counts no longer, except for days outside of the row that wait.
	Dropped []StoredAbsence
	// Against is what a superior has decided otherwise, nil for nothing.
	Against *StoredAbsence
}

// Writes reports whether the change is to be stored; overrule lets the file win
// over a superior.
func (c LeaveChange) Writes(overrule bool) bool {
	return c.Verdict != LeaveKnown && (c.Verdict != LeaveContradicts || overrule)
}

// CompareLeave tells what each row means for what is kept. A superior's decision is
// contradicted by another kind on its days, by fewer days than it has, and by any
// row on days of a refused claim. A leave and work elsewhere on the same days stand
// beside each other, see [AbsenceOn]: who falls ill on field duty is ill.
func CompareLeave(rows []LeaveEntry, stored []StoredAbsence) []LeaveChange {
	of := map[EmployeeID][]StoredAbsence{}
	for _, s := range stored {
		of[s.Employee] = append(of[s.Employee], s)
	}
	out := make([]LeaveChange, len(rows))
	for i, row := range rows {
		out[i] = compareLeave(row, of[row.Employee])
	}
	return out
}

func compareLeave(row LeaveEntry, stored []StoredAbsence) LeaveChange {
	c := LeaveChange{LeaveEntry: row, Verdict: LeaveNew}
	for _, s := range stored {
		if !s.overlaps(row.Absence) {
			continue
		}
		if s.Confirmed && s.Kind.same(row.Kind) && s.From == row.From && s.To == row.To {
			return LeaveChange{LeaveEntry: row, Verdict: LeaveKnown, Into: &s}
		}
		if c.Against == nil && s.against(row.Absence) {
			c.Against = &s
		}
		switch {
		case s.Refused || s.Kind.Works() != row.Kind.Works():
		case c.Into == nil || s.Waiting && !c.Into.Waiting: // a claim is settled first
			if c.Into != nil {
				c.Dropped = append(c.Dropped, *c.Into)
			}
			c.Into = &s
		default:
			c.Dropped = append(c.Dropped, s)
		}
	}
	c.Verdict = c.verdict()
	return c
}

func (c LeaveChange) verdict() LeaveVerdict {
	into := c.Into
	switch {
	case c.Against != nil:
		return LeaveContradicts
	case into == nil:
		return LeaveNew
	case into.Waiting && into.Kind.same(c.Kind):
		return LeaveConfirms
	case into.Waiting:
		return LeaveCorrects
	case into.Kind.same(c.Kind) && (c.From.After(into.From) || c.To.Before(into.To)):
		return LeaveShortens
	}
	return LeaveChanges
}

// against reports whether a superior has decided otherwise than a row says.
func (s StoredAbsence) against(row Absence) bool {
	switch {
	case s.BySuperior == 0:
		return false
	case s.Refused:
		return s.Kind.Works() == row.Kind.Works()
	case !s.Kind.same(row.Kind):
		return true
	}
	return row.From.After(s.From) || row.To.Before(s.To)
}

// same reports whether two kinds are one to whoever reads a leave file: a day of
// illness becomes sick leave by its letter.
func (k AbsenceKind) same(o AbsenceKind) bool {
	return k == o || k.rule().reason == ReasonSick && o.rule().reason == ReasonSick
}
