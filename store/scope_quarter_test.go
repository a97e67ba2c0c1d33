package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ekinerja/roster"
)

// quarter is a part of the city: two offices, three levels, people who lead
// for a while, and everybody who looks besides.
//
//	sekda ─ kadis A ─ kabid A ─ sri, dian     (kabid A since the 16th; before, mantan;
//	     │                                     plh leads sri and dian from the 22nd on)
//	     └ kadis B ─ kabid B ─ tono
type quarter struct {
	*stage
	id    map[string]roster.EmployeeID
	lines []roster.Line
	roles []roster.Grant
	opd   map[string]string
	today roster.Day
	// rowOf are numbers of rows, by kind, person and day: "escalation/sri/2026-11-10".
	rowOf map[string]int64
}

// moments are the days on which everybody has reported: under the former superior,
// under the present one, and while somebody stands in.
func moments() []roster.Day {
	return []roster.Day{roster.MustDay("2026-11-10"), roster.MustDay("2026-11-18"), roster.MustDay("2026-11-23")}
}

func newQuarter(t *testing.T) *quarter {
	t.Helper()
	s := newStage(t)
	q := &quarter{stage: s, id: map[string]roster.EmployeeID{}, opd: map[string]string{}, rowOf: map[string]int64{}, today: roster.MustDay("2026-11-24")}
	s.exec(`INSERT INTO opd (name) VALUES ('A'), ('B'), ('Setda'), ('BKPSDM')`)
	s.exec(`INSERT INTO unit (opd_id, name) SELECT id, 'Bidang' FROM opd`)
	for who := range strings.FieldsSeq("sekda:Setda kadisA:A kabidA:A sri:A dian:A plh:A mantan:Setda kadisB:B kabidB:B tono:B " +
		"adminA:A adminB:B sdm:BKPSDM sdmA:BKPSDM walikota:Setda pengelola:BKPSDM mantanAdminA:A") {
		name, opd, _ := strings.Cut(who, ":")
		q.opd[name] = opd
		q.id[name] = roster.EmployeeID(one[int64](s, `INSERT INTO employee (number, name, kind, unit_id, created_at)
			SELECT $1, $1, 'PNS', u.id, $3 FROM unit u JOIN opd o ON o.id = u.opd_id WHERE o.name = $2 RETURNING id`, name, opd, monday()))
	}
	for _, l := range [][4]string{
		{"sri", "mantan", "2026-01-01", "2026-11-15"},
		{"sri", "kabidA", "2026-11-16", "2026-11-21"},
		{"sri", "plh", "2026-11-22", ""},
		{"dian", "mantan", "2026-01-01", "2026-11-15"},
		{"dian", "kabidA", "2026-11-16", "2026-11-21"},
		{"dian", "plh", "2026-11-22", ""},
		{"kabidA", "kadisA", "2026-01-01", ""},
		{"plh", "kadisA", "2026-01-01", ""},
		{"kadisA", "sekda", "2026-01-01", ""},
		{"tono", "kabidB", "2026-01-01", ""},
		{"kabidB", "kadisB", "2026-01-01", ""},
		{"kadisB", "sekda", "2026-01-01", ""},
	} {
		q.leads(l)
	}
	q.grant("adminA", roster.OPDAdmin, "A", "")
	q.grant("adminB", roster.OPDAdmin, "B", "")
	q.grant("mantanAdminA", roster.OPDAdmin, "A", "2026-11-23")
	q.grant("sdm", roster.HR, "", "")
	q.grant("sdmA", roster.HR, "A", "")
	q.grant("walikota", roster.Leader, "", "")
	q.grant("pengelola", roster.Operator, "", "")
	for name := range q.id {
		q.works(name)
	}
	return q
}

func (q *quarter) leads(l [4]string) {
	line := roster.Line{Employee: q.id[l[0]], Supervisor: q.id[l[1]], From: roster.MustDay(l[2])}
	if l[3] != "" {
		line.To = roster.MustDay(l[3])
	}
	q.lines = append(q.lines, line)
	q.exec(`INSERT INTO reporting_line (employee_id, supervisor_id, valid_from, valid_to) VALUES ($1, $2, $3::text::date, NULLIF($4, '')::date)`,
		line.Employee, line.Supervisor, l[2], dayAfter(line.To))
}

func (q *quarter) grant(who string, role roster.Role, opd, to string) {
	g := roster.Grant{Employee: q.id[who], Role: role, OPD: opd, From: roster.MustDay("2026-01-01")}
	if to != "" {
		g.To = roster.MustDay(to)
	}
	if err := q.store.GrantRole(q.t.Context(), monday(), RoleOrder{Number: who, Grant: g, By: "test"}); err != nil {
		q.t.Fatal(err)
	}
	q.roles = append(q.roles, g)
}

// works gives somebody rows of every kind on each of the days.
func (q *quarter) works(name string) {
	id := q.id[name]
	for i, d := range moments() {
		day := d.String()
		q.exec(`INSERT INTO duty (employee_id, day, state, reason, ask_at, deadline_at, late_until, computed_at)
			VALUES ($1, $2::text::date, 'due', 'workday', $3::timestamptz, $3::timestamptz + interval '5 hours', $3::timestamptz + interval '1 day', $3)`, id, day, monday())
		r := one[int64](q.stage, `INSERT INTO report (employee_id, day, state, version, unit_id, supervisor_id, started_at, submitted_at, code)
			SELECT e.id, $2::text::date, 'submitted', 1, e.unit_id, supervisor_on(e.id, $2::text::date), $3, $3, $4 FROM employee e WHERE e.id = $1 RETURNING id`,
			id, day, monday(), fmt.Sprintf("K%d-%d", id, i))
		q.exec(`INSERT INTO activity (report_id, position, description, source) VALUES ($1, 1, 'Rapat', 'rapat')`, r)
		q.exec(`INSERT INTO report_version (report_id, version, body, hash, at) VALUES ($1, 1, '{}', '\x00', $2)`, r, monday())
		q.exec(`INSERT INTO review (report_id, version, reviewer_id, verdict, grade, inbox_id, at) VALUES ($1, 1, $2, 'approved', 'sesuai', $1, $3)`, r, id, monday())
		q.exec(`INSERT INTO report_read (report_id, version, reader_id, at) VALUES ($1, 1, $2, $3)`, r, id, monday())
		q.exec(`INSERT INTO report_withdrawal (report_id, version, reason, at, inbox_id) VALUES ($1, 7, 'x', $2, 1)`, r, monday())
		in := one[int64](q.stage, `INSERT INTO inbox (network, account, ext_id, key, provider_at, received_at, msg, raw, state)
			VALUES ('telegram', 'a', $1, 'x', $2, $2, '{}', '', 'done') RETURNING id`, fmt.Sprint(r), monday())
		q.exec(`INSERT INTO evidence (inbox_id, employee_id, day, kind, state, lat, lon, sent_at, created_at, not_before, settled_at)
			VALUES ($1, $2, $3::text::date, 'location', 'kept', -7.5, 110.8, $4, $4, $4, $4)`, in, id, day, monday())
		q.exec(`UPDATE report SET reviewed_version = 1, verdict = 'approved', grade = 'sesuai' WHERE id = $1 AND day < '2026-11-20'`, r)
		q.exec(`INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_at, claim)
			VALUES ($1, $2::text::date, $2::text::date, 'CT', 'chat', 'claimed', $3, $4)`, id, day, monday(), r)
		q.exec(`INSERT INTO score_period (employee_id, period, first_day, last_day, unit_id, rubric, record, computed_at)
			SELECT e.id, 'week', $2::text::date, $2::text::date, e.unit_id, 'x', '{}', $3 FROM employee e WHERE e.id = $1`, id, day, monday())
		q.meets(name, day, r)
	}
}

func (q *quarter) names() []string { return slices.Sorted(maps.Keys(q.id)) }

// Truth, told once more and otherwise than in SQL.

func (q *quarter) leadsOn(viewer, id roster.EmployeeID, day roster.Day) bool {
	return roster.NewLines(q.lines).SupervisorOn(id, day) == viewer
}

func (q *quarter) above(viewer, id roster.EmployeeID) bool {
	chain := roster.NewLines(q.lines).Chain(id, q.today, func(roster.EmployeeID) bool { return true })
	return slices.Contains(chain, viewer)
}

func (q *quarter) holds(viewer roster.EmployeeID, who string, roles ...roster.Role) bool {
	return slices.ContainsFunc(q.roles, func(g roster.Grant) bool {
		return g.Employee == viewer && slices.Contains(roles, g.Role) && g.Covers(q.opd[who], "Bidang") && (g.To.IsZero() || !g.To.Before(q.today))
	})
}

// reads tells whether somebody may read a report of a day.
func (q *quarter) reads(viewer, who string, day roster.Day) bool {
	v, id := q.id[viewer], q.id[who]
	return viewer == who || q.above(v, id) || q.leadsOn(v, id, day) || q.holds(v, who, roster.HR)
}

// knows tells whether somebody may know whether the person was there.
func (q *quarter) knows(viewer, who string, day roster.Day) bool {
	return q.reads(viewer, who, day) || q.holds(q.id[viewer], who, roster.OPDAdmin)
}
