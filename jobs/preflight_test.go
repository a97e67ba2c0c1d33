package jobs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/roster"
)

// ahead is a person of office A with a chat, led by somebody who works.
func ahead(id, superior roster.EmployeeID, change ...func(*Ahead)) Ahead {
	a := Ahead{
		Facts: Facts{Employee: id, Pattern: roster.FiveDays}, Name: "P" + string('0'+rune(id)), OPD: "A", Live: true,
		Superior: superior, SuperiorActive: superior != 0,
	}
	for _, c := range change {
		c(&a)
	}
	return a
}

func chatless(a *Ahead) { a.Live = false }
func orphaned(a *Ahead) { a.SuperiorActive = false }

func TestPreflightFindsWhatWouldGoWrong(t *testing.T) {
	t.Parallel()
	tuesday, saturday := roster.MustDay("2026-12-01"), roster.MustDay("2026-12-05")
	for name, c := range map[string]struct {
		people []Ahead
		day    roster.Day
		want   OfficeAhead
	}{
		"all is well": {[]Ahead{ahead(1, 0), ahead(2, 1), ahead(3, 1)}, tuesday, OfficeAhead{OPD: "A", People: 3, Enrolled: 3, Asked: 3}},
		"a free day":  {[]Ahead{ahead(1, 0), ahead(2, 1)}, saturday, OfficeAhead{OPD: "A", People: 2, Enrolled: 2}},
		"somebody has no chat": {
			[]Ahead{ahead(1, 0), ahead(2, 1, chatless)},
			tuesday,
			OfficeAhead{OPD: "A", People: 2, Enrolled: 1, Asked: 1, Unreached: 1, Few: true},
		},
		"who has no chat and a day off is not missed": {
			[]Ahead{ahead(1, 0), ahead(2, 1, chatless)}, saturday, OfficeAhead{OPD: "A", People: 2, Enrolled: 1, Few: true},
		},
		"a superior has no chat": {
			[]Ahead{ahead(1, 0, chatless), ahead(2, 1)},
			tuesday,
			OfficeAhead{OPD: "A", People: 2, Enrolled: 1, Asked: 1, Unreached: 1, Heads: 1, HeadsWho: []string{"P1"}, Few: true},
		},
		"nobody leads somebody who leads nobody": {
			[]Ahead{ahead(1, 0), ahead(2, 1), ahead(3, 0)},
			tuesday,
			OfficeAhead{OPD: "A", People: 3, Enrolled: 3, Asked: 3, Alone: 1, AloneWho: []string{"P3"}},
		},
		"led by somebody who has left": {
			[]Ahead{ahead(1, 0), ahead(2, 1), ahead(3, 9, orphaned)}, tuesday, OfficeAhead{OPD: "A", People: 3, Enrolled: 3, Asked: 3, Left: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Default()
			got := p.lookAt(c.people, p.Calendar(roster.Seed()), c.day)
			if diff := cmp.Diff([]OfficeAhead{c.want}, got.Offices); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got.Circles) != 0 {
				t.Errorf("circles: %v", got.Circles)
			}
		})
	}
}

func TestPreflightFindsCircles(t *testing.T) {
	t.Parallel()
	p := Default()
	got := p.lookAt([]Ahead{ahead(1, 2), ahead(2, 3), ahead(3, 1), ahead(4, 1)}, p.Calendar(roster.Seed()), roster.MustDay("2026-12-01"))
	if diff := cmp.Diff([][]string{{"P1", "P2", "P3"}}, got.Circles); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPreflightFindsRolesThatNobodyHolds(t *testing.T) {
	t.Parallel()
	offices := []OfficeAhead{{OPD: "A"}, {OPD: "B"}}
	holder := func(role roster.Role, opd string, live bool) RoleHolder {
		return RoleHolder{Grant: roster.Grant{Role: role, OPD: opd}, Live: live}
	}
	got := missing(offices, []RoleHolder{holder(roster.OPDAdmin, "A", true), holder(roster.OPDAdmin, "B", false), holder(roster.HR, "", true)})
	if diff := cmp.Diff([]OfficeMissing{{roster.OPDAdmin, "B"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
