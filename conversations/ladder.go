package conversations

import (
	"context"
	"fmt"

	"ekinerja/roster"
)

// ActContacted says that Employee of Escalation was spoken to.
const ActContacted Action = "contacted"

// Ladders are what the steps of the escalation need to know of who taps.
type Ladders interface {
	// StillOver are those of the people whom viewer leads today, from whatever
	// height, or looks after by a role.
	StillOver(ctx context.Context, viewer roster.EmployeeID, ids []roster.EmployeeID) (map[roster.EmployeeID]bool, error)
}

// Contacted says that somebody of a digest was spoken to; the ladder rests for that
// person until a day, included.
type Contacted struct {
	Escalation int64
	Employee   roster.EmployeeID
	Until      roster.Day
}

// stillOver tells whether the person who taps may still act for somebody in a
// digest; whoever was moved since belongs to the new superior, and it is said so.
func (t *turn) stillOver(ctx context.Context, s Silent) (bool, error) {
	over, err := t.rec.StillOver(ctx, t.Person.ID, []roster.EmployeeID{s.Person.ID})
	if err != nil || over[s.Person.ID] {
		return err == nil, err
	}
	t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
	t.reply(t.say.Say("staf_bukan_lagi", Data{"Nama": ShortName(s.Person.Name), "Atasan": ShortName(s.Person.Supervisor)}))
	return false, nil
}

// contacted notes that the superior has spoken to the person. It holds the ladder
// for some working days and no longer: an acknowledgement settles nothing by itself.
func (t *turn) contacted(ctx context.Context, s Silent, escalation int64) error {
	if s.Contacted {
		t.out.Toast = t.say.Text("sudah_tercatat", nil)
		return nil
	}
	until, err := t.workdayAfter(ctx, s.AckDays)
	if err != nil {
		return err
	}
	t.out.Contacted = append(t.out.Contacted, Contacted{Escalation: escalation, Employee: s.Person.ID, Until: until})
	t.audit("escalation.contacted", fmt.Sprintf("employee:%d %s %s", s.Person.ID, s.Day, until))
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(t.say.Say("staf_sudah_dihubungi", Data{
		"Nama": ShortName(s.Person.Name), "Anda": t.say.Honorific(t.Person.Sex), "Sampai": t.say.Day(until),
	}))
	return nil
}

// workdayAfter is so many working days of the person who writes after today.
func (t *turn) workdayAfter(ctx context.Context, n int) (roster.Day, error) {
	days, err := t.rec.Workdays(ctx, t.Person.ID, t.Today.Add(1), t.Today.Add(3*n+14))
	if err != nil || n == 0 {
		return t.Today, err
	}
	if len(days) < n { // no list of shifts that far
		return t.Today.Add(n), nil
	}
	return days[n-1], nil
}
