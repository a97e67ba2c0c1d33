package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// other is somebody with whom a person has an obstacle, a crew or a delegation and
// nothing else.
func other(who string) string {
	if who == "pengelola" {
		return "walikota"
	}
	return "pengelola"
}

// meets gives somebody rows of what people have with each other, on a day. The report
// and its number are those of the day.
func (q *quarter) meets(name, day string, report int64) {
	id, with := q.id[name], q.id[other(name)]
	key := name + "/" + day
	b := one[int64](q.stage, `INSERT INTO blocker (reporter_id, day, kind, said, holder_id, due_day, made_at)
		VALUES ($1, $2::text::date, 'alat', 'x', $3, $2::text::date, $4) RETURNING id`, id, day, with, monday())
	q.exec(`INSERT INTO blocker_step (blocker_id, did, to_id, at) VALUES ($1, 'asked', $2, $3)`, b, with, monday())
	q.rowOf["clarification/"+key] = one[int64](q.stage, `INSERT INTO clarification (employee_id, missed, state, since, asked_at, holder_id, settled_at)
		VALUES ($1, ARRAY[$2::text::date], 'closed', $2::text::date, $4, $3, $4) RETURNING id`, id, day, with, monday())
	q.exec(`INSERT INTO contest (employee_id, day, absence_id, asks, said, inbox_id, at)
		SELECT $1, a.first_day, a.id, supervisor_on($1, a.first_day), 'x', 1, $3 FROM absence a WHERE a.employee_id = $1 AND a.first_day = $2::text::date`, id, day, monday())
	q.exec(`INSERT INTO delegation (superior_id, stand_in_id, first_day, last_day, state, inbox_id, made_at)
		VALUES ($1, $3, $2::text::date, $2::text::date, 'planned', 1, $4)`, id, day, with, monday())
	q.exec(`INSERT INTO crew_member (foreman_id, employee_id, place, valid_from, valid_to)
		VALUES ($3, $1, 1 + (random() * 50)::integer, $2::text::date, $2::text::date + 1)`, id, day, with)
	q.exec(`INSERT INTO crew_report (report_id, foreman_id, inbox_id, at) VALUES ($1, $2, 1, $3)`, report, with, monday())
	q.exec(`INSERT INTO review_clock (report_id, version, told_at) VALUES ($1, 1, $2)`, report, monday())
	letter := one[int64](q.stage, `INSERT INTO inbox (network, account, ext_id, key, provider_at, received_at, msg, raw, state)
		VALUES ('telegram', 'a', $1, 'x', $2, $2, '{}', '', 'done') RETURNING id`, "letter"+key, monday())
	q.exec(`INSERT INTO evidence (inbox_id, employee_id, day, kind, state, lat, lon, sent_at, created_at, not_before, settled_at, claim)
		VALUES ($1, $2, $3::text::date, 'location', 'kept', -7.5, 110.8, $4, $4, $4, $4, $5)`, letter, id, day, monday(), report)
	q.rowOf["letter/"+key], q.rowOf["report/"+key] = letter, report
	head := one[int64](q.stage, `SELECT coalesce(supervisor_on($1, $2::text::date), 0)`, id, day)
	if head == 0 {
		return
	}
	x := one[int64](q.stage, `INSERT INTO escalation (receiver_id, day, revision, created_at) VALUES ($1, $2::text::date, $3, $4) RETURNING id`, head, day, int(id), monday())
	q.exec(`INSERT INTO escalation_member (escalation_id, employee_id, day, in_a_row) VALUES ($1, $2, $3::text::date, 1)`, x, id, day)
	q.exec(`INSERT INTO ladder_ack (escalation_id, employee_id, by_id, until, at) VALUES ($1, $2, $3, $4::text::date, $5)`, x, id, head, day, monday())
	q.rowOf["escalation/"+key] = x
}

// with tells whether the viewer is the person, or whoever has something with them.
func with(_ *quarter, viewer, who string, _ roster.Day) bool {
	return viewer == who || viewer == other(who)
}

func (q *quarter) row(kind, who string, day roster.Day) int64 {
	return q.rowOf[kind+"/"+who+"/"+day.String()]
}

func (q *quarter) name(id roster.EmployeeID) string {
	for name, x := range q.id {
		if x == id {
			return name
		}
	}
	return ""
}

// meetings are the questions about what people have with each other, and what holders
// of roles ask.
func (q *quarter) meetings() []probe {
	type id = roster.EmployeeID
	row := func(kind string, who id, d roster.Day) int64 { return q.row(kind, q.name(who), d) }
	led := func(q *quarter, v, who string, d roster.Day) bool { return q.leadsOn(q.id[v], q.id[who], d) }
	return []probe{
		{"Silent", led, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			all, err := r.Silent(ctx, v, row("escalation", who, d))
			return slices.ContainsFunc(all, func(s conversations.Silent) bool { return s.Person.ID == who && s.Day == d }), err
		}},
		{"StillOver", func(q *quarter, v, who string, _ roster.Day) bool {
			return v != who && q.above(q.id[v], q.id[who]) || q.holds(q.id[v], who, roster.HR, roster.OPDAdmin)
		}, func(ctx context.Context, r *Records, v, who id, _ roster.Day) (bool, error) {
			all, err := r.StillOver(ctx, v, []id{who})
			return all[who], err
		}},
		{"Blocker", with, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			return found(r.Blocker(ctx, v, who, d))
		}},
		{"Blockers", isSelf, func(ctx context.Context, r *Records, _, who id, _ roster.Day) (bool, error) {
			return some(r.Blockers(ctx, who))
		}},
		{"Clarification", func(q *quarter, v, who string, d roster.Day) bool {
			return with(q, v, who, d) || q.holds(q.id[v], who, roster.HR)
		}, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			return found(r.Clarification(ctx, v, row("clarification", who, d)))
		}},
		{"Noted", isSelf, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return found(r.Noted(ctx, who, d, "crew"))
		}},
		{"Contest", led, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			return found(r.Contest(ctx, v, who, d))
		}},
		{"Crew", func(_ *quarter, v, who string, _ roster.Day) bool { return v == other(who) }, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			all, err := r.Crew(ctx, v, d)
			return slices.ContainsFunc(all, func(m conversations.CrewMember) bool { return m.Person.ID == who }), err
		}},
		{"Delegations", with, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			all, err := r.Delegations(ctx, v)
			return slices.ContainsFunc(all, func(g conversations.Delegation) bool { return g.Superior.ID == who && g.From == d }), err
		}},
		{"Letters", leadsNow, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			return some(r.Letters(ctx, v, row("report", who, d)))
		}},
		{"Standing", isSelf, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return some(r.Standing(ctx, who, []int64{row("letter", who, d)}))
		}},
		{"Beside", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			all, err := r.Beside(ctx, []int64{row("report", who, d)})
			return len(all) > 0, err
		}},
		{"Pieces", (*quarter).reads, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			return some(r.Pieces(ctx, v, who, d))
		}},
		{
			"OfficePeople", func(q *quarter, v, who string, _ roster.Day) bool { return q.holds(q.id[v], who, roster.OPDAdmin) },
			func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
				all, err := r.OfficePeople(ctx, v, d)
				return slices.ContainsFunc(all, func(p conversations.OfficePerson) bool { return p.Name == q.name(who) && p.Sent }), err
			},
		},
		{
			"NumberedInCare", func(q *quarter, v, who string, _ roster.Day) bool { return q.holds(q.id[v], who, roster.HR) },
			func(ctx context.Context, r *Records, v, who id, _ roster.Day) (bool, error) {
				return found(r.NumberedInCare(ctx, v, q.name(who)))
			},
		},
	}
}

// TestFiguresAreForHoldersOfRoles: each office's figures are seen by whoever looks
// after it in that role today, and by nobody else; also when the condition of the
// query is taken away.
func TestFiguresAreForHoldersOfRoles(t *testing.T) {
	t.Parallel()
	q := newQuarter(t)
	q.exec(`UPDATE clarification SET state = 'drafted', settled_at = NULL WHERE missed[1] = '2026-11-10'`)
	day, ctx := moments()[2], t.Context()
	opds := []string{"A", "B", "Setda", "BKPSDM"}
	in := func(viewer, opd string, roles ...roster.Role) bool { // somebody of that office
		return slices.ContainsFunc(q.names(), func(who string) bool { return q.opd[who] == opd && q.holds(q.id[viewer], who, roles...) })
	}
	for _, viewer := range q.names() {
		v := q.id[viewer]
		err := q.as(viewer, func(r *Records) error {
			for _, role := range []roster.Role{roster.OPDAdmin, roster.HR, roster.Leader} {
				days, err := r.OfficeDays(ctx, v, role, day, day)
				if err != nil {
					return err
				}
				staff, err := r.OfficeStaff(ctx, v, role)
				if err != nil {
					return err
				}
				open, err := r.OfficeOpen(ctx, v, role)
				if err != nil {
					return err
				}
				for _, opd := range opds {
					want := in(viewer, opd, role)
					q.sees(viewer, string(role)+" days of "+opd, want, slices.ContainsFunc(days, func(o conversations.OfficeDay) bool { return o.OPD == opd && o.Sent > 0 }))
					q.sees(viewer, string(role)+" staff of "+opd, want, slices.ContainsFunc(staff, func(o conversations.OfficeStaff) bool { return o.OPD == opd }))
					q.sees(viewer, string(role)+" open of "+opd, want && role != roster.OPDAdmin, slices.ContainsFunc(open, func(o conversations.OfficeOpen) bool { return o.OPD == opd }))
				}
			}
			cases, err := r.OfficeCases(ctx, v)
			if err != nil {
				return err
			}
			blockers, err := r.OfficeBlockers(ctx, v)
			if err != nil {
				return err
			}
			hr := slices.ContainsFunc(opds, func(opd string) bool { return in(viewer, opd, roster.HR) })
			q.sees(viewer, "cases", hr, len(cases) > 0)
			q.sees(viewer, "obstacles", hr, len(blockers) > 0)
			for _, c := range cases {
				q.sees(viewer, "a case of "+c.OPD, in(viewer, c.OPD, roster.HR), true)
			}
			for _, b := range blockers {
				q.sees(viewer, "an obstacle of "+b.OPD, in(viewer, b.OPD, roster.HR), true)
			}
			_, is, err := r.Service(ctx, v, monday())
			q.sees(viewer, "the service", viewer == "pengelola", is)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, opd := range opds {
			q.sees(viewer, "through the wall, days of "+opd, in(viewer, opd, roster.OPDAdmin, roster.HR, roster.Leader), q.wallShows(viewer, "office_day", opd))
			q.sees(viewer, "through the wall, open of "+opd, in(viewer, opd, roster.HR, roster.Leader), q.wallShows(viewer, "office_open", opd))
		}
	}
}

func (q *quarter) sees(viewer, what string, want, got bool) {
	q.t.Helper()
	if got && !want {
		q.t.Errorf("LEAK: %s sees %s", viewer, what)
	}
	if want && !got {
		q.t.Errorf("%s is kept from %s", viewer, what)
	}
}

// wallShows tells whether a view has rows of an office for a viewer who asks for all.
func (q *quarter) wallShows(viewer, view, opd string) (some bool) {
	q.t.Helper()
	err := q.as(viewer, func(r *Records) error {
		if _, err := r.scope.tx.Exec(q.t.Context(), enterWall, fmt.Sprint(int64(q.id[viewer])), q.today.String()); err != nil {
			return err
		}
		sql := "SELECT EXISTS (SELECT FROM " + pgx.Identifier{view}.Sanitize() + " v JOIN opd o ON o.id = v.opd_id WHERE o.name = $1)"
		return r.scope.tx.QueryRow(q.t.Context(), sql, opd).Scan(&some)
	})
	if err != nil {
		q.t.Fatal(err)
	}
	return some
}
