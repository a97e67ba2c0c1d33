package store

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
)

var updateScope = flag.Bool("update-scope", false, "write docs/scope.md from what is seen now; read the difference before committing it")

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

// probe asks one query about a person and a day, as a turn of the viewer would.
type probe struct {
	name string
	// allowed is the truth; sees is whether the query shows anything.
	allowed func(q *quarter, viewer, who string, day roster.Day) bool
	sees    func(ctx context.Context, r *Records, viewer, id roster.EmployeeID, day roster.Day) (bool, error)
}

func found[T any](_ T, ok bool, err error) (bool, error) { return ok, err }
func some[T any](all []T, err error) (bool, error)       { return len(all) > 0, err }

// now is whom a superior leads today; what waits for a superior is of today.
func leadsNow(q *quarter, viewer, who string, _ roster.Day) bool {
	return q.leadsOn(q.id[viewer], q.id[who], q.today)
}

func (q *quarter) probes() []probe {
	type id = roster.EmployeeID
	return append([]probe{
		{"MayRead", (*quarter).reads, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			return r.MayRead(ctx, v, who, d)
		}},
		{"Report", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			rep, ok, err := r.Report(ctx, who, d)
			return ok && len(rep.Items) > 0, err
		}},
		{"LatestReport", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			rep, ok, err := r.LatestReport(ctx, who, d.Add(1))
			return ok && rep.Day == d, err
		}},
		{"Evidence", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return some(r.Evidence(ctx, who, d))
		}},
		{
			"Verdict", func(q *quarter, v, who string, d roster.Day) bool {
				return d.Before(roster.MustDay("2026-11-20")) && q.reads(v, who, d)
			},
			func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
				return found(r.Verdict(ctx, who, d))
			},
		},
		{"History", (*quarter).knows, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return some(r.History(ctx, who, d, d))
		}},
		{
			"Absences", func(q *quarter, v, who string, d roster.Day) bool { return q.knows(v, who, d) },
			func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
				all, err := r.Absences(ctx, who, d)
				for _, a := range all {
					if a.From == d {
						return true, err
					}
				}
				return false, err
			},
		},
		{"Scores", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			all, err := r.Scores(ctx, who, 9)
			for _, w := range all {
				if w.First == d {
					return true, err
				}
			}
			return false, err
		}},
		{
			"Staff", func(q *quarter, v, who string, d roster.Day) bool { return q.leadsOn(q.id[v], q.id[who], d) },
			func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
				all, err := r.Staff(ctx, v, d)
				for _, p := range all {
					if p.ID == who {
						return true, err
					}
				}
				return false, err
			},
		},
		{"Unread", func(q *quarter, v, who string, d roster.Day) bool {
			return !d.Before(roster.MustDay("2026-11-20")) && q.leadsOn(q.id[v], q.id[who], d)
		}, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			all, err := r.Unread(ctx, v)
			for _, u := range all {
				if u.Employee == who && u.Day == d {
					return true, err
				}
			}
			return false, err
		}},
		{"Pending", leadsNow, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			all, err := r.Pending(ctx, v)
			for _, c := range all {
				if c.Person.ID == who && c.From == d {
					return true, err
				}
			}
			return false, err
		}},
		{"Receipt", isSelf, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return found(r.Receipt(ctx, who, d, ""))
		}},
		{"Why", isSelf, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return found(r.Why(ctx, who, d))
		}},
		{"Everything", isSelf, func(ctx context.Context, r *Records, _, who id, _ roster.Day) (bool, error) {
			data, err := r.Everything(ctx, who)
			return len(data) > 0, err
		}},
	}, q.meetings()...)
}

func isSelf(_ *quarter, viewer, who string, _ roster.Day) bool { return viewer == who }

// unasked are the methods of Records that no probe asks, and why nobody learns of a
// stranger from them.
func unasked() map[string]string {
	return map[string]string{
		"Flow":      "the questions are the same for all",
		"Invite":    "is found by its secret only",
		"Workdays":  "says when a pattern works, not what a person did",
		"Superior":  "who leads whom is no secret in an office",
		"Colleague": "name and office of a colleague; whoever asks has passed another query",
		"Usuals":    "is made of the person's own reports, for the person",
		"Plan":      "its rows are behind the second wall, see the tables below",
		"Claim":     "the same condition as Pending, by one claim",
		"Reviewed":  "the viewer's own verdicts",
		"Month":     "the person's own, no viewer",
		"RolesOf":   "who looks after an office is no secret in it",
		"Routed":    "who is responsible for what is no secret",
		"StandIns":  "who leads is no secret in an office",
		"Arrival":   "how far our own question to this chat has come",
		"Served":    "of a report that another query has shown; its rows are behind the second wall",

		"OfficeDays": "figures by office, see TestFiguresAreForHoldersOfRoles", "OfficeStaff": "the same", "OfficeOpen": "the same",
		"OfficeCases": "the same", "OfficeBlockers": "the same", "Service": "the same",
	}
}

// TestEveryQueryOfATurnIsInTheMatrix: a new question about people is asked here
// too, or says why it need not be.
func TestEveryQueryOfATurnIsInTheMatrix(t *testing.T) {
	t.Parallel()
	known := unasked()
	for _, p := range (&quarter{}).probes() {
		known[p.name] = "asked"
	}
	methods := map[string]bool{}
	for m := range reflect.TypeFor[*Records]().Methods() {
		methods[m.Name] = true
		if known[m.Name] == "" {
			t.Errorf("Records.%s is neither asked in the matrix (probes) nor excused (unasked)", m.Name)
		}
	}
	for name := range unasked() {
		if !methods[name] {
			t.Errorf("Records has no %s any more", name)
		}
	}
}

// as asks a probe in a transaction like a turn's.
func (q *quarter) as(viewer string, f func(r *Records) error) error {
	return pgx.BeginFunc(q.t.Context(), q.store.pool, func(tx pgx.Tx) error {
		r := &Records{loc: wib(), today: q.today, scope: scope{tx: tx, viewer: q.id[viewer], day: q.today}}
		r.q = q.store.q().WithTx(tx)
		return f(r)
	})
}

// ask asks a probe, in a transaction of the viewer's.
func (q *quarter) ask(p probe, r *Records, viewer, who string, day roster.Day) bool {
	q.t.Helper()
	sees, err := p.sees(q.t.Context(), r, q.id[viewer], q.id[who], day)
	if err != nil && !errors.Is(err, ErrNotTheirs) {
		q.t.Fatalf("%s of %s by %s: %v", p.name, who, viewer, err)
	}
	return sees && err == nil
}

// TestNobodySeesStrangers is the matrix: everybody asks every query about everybody
// else, on a day under a former superior, under the present one and under a Plh.
// docs/scope.md is made of it.
func TestNobodySeesStrangers(t *testing.T) {
	t.Parallel()
	q := newQuarter(t)
	seen := map[string]map[string]bool{} // "viewer/who/day" → query
	asked, leaks := 0, 0
	for _, viewer := range q.names() {
		err := q.as(viewer, func(r *Records) error {
			for who := range strings.FieldsSeq("sri dian kabidA kadisA mantan sekda tono kabidB") {
				for _, day := range moments() {
					key := viewer + "/" + who + "/" + day.String()
					seen[key] = map[string]bool{}
					for _, p := range q.probes() {
						asked++
						got, want := q.ask(p, r, viewer, who, day), p.allowed(q, viewer, who, day)
						seen[key][p.name] = got
						switch {
						case got && !want:
							leaks++
							t.Errorf("LEAK: %s shows %s to %s on %s", p.name, who, viewer, day)
						case want && !got:
							t.Errorf("%s keeps %s from %s on %s", p.name, who, viewer, day)
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	q.document(seen, asked, leaks)
}

// tables are those of which a viewer sees some rows, with what a row is of.
func tables() map[string]struct {
	sql     string
	allowed func(q *quarter, viewer, who string, day roster.Day) bool
} {
	type table = struct {
		sql     string
		allowed func(q *quarter, viewer, who string, day roster.Day) bool
	}
	of := func(from string) string { return "SELECT r.employee_id, r.day FROM " + from }
	byReport := func(name string) table {
		// Joined by the number of a report that the test knows, not by the viewer's own rows.
		return table{"SELECT report_id FROM " + name, (*quarter).reads}
	}
	return map[string]table{
		"report":            {of("report r"), (*quarter).reads},
		"duty":              {of("duty r"), (*quarter).knows},
		"evidence":          {of("evidence r"), (*quarter).reads},
		"absence":           {"SELECT employee_id, first_day FROM absence", (*quarter).knows},
		"score_period":      {"SELECT employee_id, first_day FROM score_period", (*quarter).reads},
		"activity":          byReport("activity"),
		"report_version":    byReport("report_version"),
		"review":            byReport("review"),
		"report_read":       byReport("report_read"),
		"report_withdrawal": byReport("report_withdrawal"),
		"crew_report":       byReport("crew_report"),
		"review_clock":      byReport("review_clock"),
		"blocker": {"SELECT reporter_id, day FROM blocker", func(q *quarter, v, who string, d roster.Day) bool {
			return with(q, v, who, d) || q.holds(q.id[v], who, roster.HR)
		}},
		"blocker_step": {"SELECT b.reporter_id, b.day FROM blocker_step s JOIN blocker b ON b.id = s.blocker_id", func(q *quarter, v, who string, d roster.Day) bool {
			return with(q, v, who, d) || q.holds(q.id[v], who, roster.HR)
		}},
		"clarification": {"SELECT employee_id, missed[1] FROM clarification", func(q *quarter, v, who string, d roster.Day) bool {
			return with(q, v, who, d) || q.holds(q.id[v], who, roster.HR)
		}},
		"contest": {"SELECT employee_id, day FROM contest", func(q *quarter, v, who string, d roster.Day) bool {
			return v == who || q.leadsOn(q.id[v], q.id[who], d)
		}},
		"delegation":  {"SELECT superior_id, first_day FROM delegation", with},
		"crew_member": {"SELECT employee_id, valid_from FROM crew_member", with},
		"ladder_ack": {"SELECT employee_id, until FROM ladder_ack", func(q *quarter, v, who string, d roster.Day) bool {
			return q.row("escalation", who, d) != 0 && (q.knows(v, who, d) || q.leadsOn(q.id[v], q.id[who], d))
		}},
		"escalation_member": {"SELECT employee_id, day FROM escalation_member", func(q *quarter, v, who string, d roster.Day) bool {
			return q.leadsOn(q.id[v], q.id[who], d)
		}},
		"unread_report": {"SELECT employee_id, day FROM unread_report", func(q *quarter, v, who string, d roster.Day) bool {
			return !d.Before(roster.MustDay("2026-11-20")) && q.leadsOn(q.id[v], q.id[who], d)
		}},
		"office_report": {"SELECT employee_id, day FROM office_report", func(q *quarter, v, who string, _ roster.Day) bool {
			return q.holds(q.id[v], who, roster.OPDAdmin, roster.HR)
		}},
	}
}

// rows are whose rows of a table a viewer can select without any condition.
func (q *quarter) rows(viewer, sql string) (out []string, err error) {
	byID := map[roster.EmployeeID]string{}
	for name, id := range q.id {
		byID[id] = name
	}
	reports := map[int64]string{}
	if err := q.each(`SELECT id, employee_id, day FROM report`, func(rows pgx.Rows) error {
		var id int64
		var who roster.EmployeeID
		var day roster.Day
		err := rows.Scan(&id, &who, &day)
		reports[id] = byID[who] + "/" + day.String()
		return err
	}); err != nil {
		return nil, err
	}
	err = q.as(viewer, func(r *Records) error {
		if _, err := r.scope.tx.Exec(q.t.Context(), enterWall, fmt.Sprint(int64(q.id[viewer])), q.today.String()); err != nil {
			return err
		}
		rows, err := r.scope.tx.Query(q.t.Context(), sql)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if len(rows.FieldDescriptions()) == 1 {
				var report int64
				if err := rows.Scan(&report); err != nil {
					return err
				}
				out = append(out, reports[report])
				continue
			}
			var who roster.EmployeeID
			var day roster.Day
			if err := rows.Scan(&who, &day); err != nil {
				return err
			}
			out = append(out, byID[who]+"/"+day.String())
		}
		return rows.Err()
	})
	slices.Sort(out)
	return out, err
}

func (q *quarter) each(sql string, do func(rows pgx.Rows) error) error {
	rows, err := q.store.pool.Query(q.t.Context(), sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// leaksOf compares what the second wall alone lets through with the truth.
func (q *quarter) leaksOf(name string) (leaks, kept int) {
	q.t.Helper()
	table := tables()[name]
	for _, viewer := range q.names() {
		got, err := q.rows(viewer, table.sql)
		if err != nil {
			q.t.Fatalf("%s as %s: %v", name, viewer, err)
		}
		for _, who := range q.names() {
			for _, day := range moments() {
				is, want := slices.Contains(got, who+"/"+day.String()), table.allowed(q, viewer, who, day)
				if is && !want {
					leaks++
				}
				if want && !is {
					kept++
				}
			}
		}
	}
	return leaks, kept
}

// TestSecondWallAlone takes every condition of a query away: what is left are the
// policies of the database.
func TestSecondWallAlone(t *testing.T) {
	t.Parallel()
	q := newQuarter(t)
	for name := range tables() {
		if leaks, kept := q.leaksOf(name); leaks+kept > 0 {
			t.Errorf("%s: %d rows of strangers are seen, %d rows are kept from whoever may see them", name, leaks, kept)
		}
	}
}

// TestABrokenWallIsFound: the test above is able to fail.
func TestABrokenWallIsFound(t *testing.T) {
	t.Parallel()
	q := newQuarter(t)
	q.exec(`ALTER TABLE duty DISABLE ROW LEVEL SECURITY`)
	if leaks, _ := q.leaksOf("duty"); leaks == 0 {
		t.Error("a table without its policy leaks nothing: the test looks at nothing")
	}
	q.exec(`DROP POLICY viewer ON report; CREATE POLICY viewer ON report USING (true)`)
	if leaks, _ := q.leaksOf("activity"); leaks == 0 {
		t.Error("activities of all reports leak nothing: the test looks at nothing")
	}
	q.exec(`CREATE OR REPLACE VIEW office_report AS SELECT r.employee_id, r.day, r.submitted_at, r.late FROM report r WHERE r.state = 'submitted'`)
	if leaks, _ := q.leaksOf("office_report"); leaks == 0 {
		t.Error("a view that asks nobody leaks nothing: the test looks at nothing")
	}
}

// openTables may be read by every viewer although they name people, and why.
func openTables() map[string]string {
	return map[string]string{
		"employee":        "names and posts; not numbers, not telephones",
		"address":         "only whether somebody has a chat",
		"reporting_line":  "who leads whom is no secret in an office",
		"supervisor_link": "who leads whom is no secret in an office",
		"assignment":      "who holds which post is no secret",
		"roles":           "who looks after an office is no secret in it",
		"shift":           "the shift list hangs on the wall",
		"mutation_move":   "a decree is public",
		"grace":           "a longer deadline, without its reason",
	}
}

// TestEveryTableOfPeopleHasItsWall: a new table that leads to a person has a policy,
// is closed to viewers, or says here why not. A view reads as its owner, whom no
// policy stops, so it is asked about in TestSecondWallAlone.
func TestEveryTableOfPeopleHasItsWall(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	open := openTables()
	rows, err := s.store.pool.Query(t.Context(), `SELECT c.relname, c.relrowsecurity
		FROM pg_class c WHERE c.relkind IN ('r', 'v') AND c.relnamespace = current_schema()::regnamespace
		AND has_any_column_privilege('ekinerja_viewer', c.oid, 'SELECT')
		AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND (a.attname LIKE '%employee_id' OR a.attname IN ('report_id', 'reporter_id')))`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var walled bool
		if err := rows.Scan(&name, &walled); err != nil {
			t.Fatal(err)
		}
		if _, asked := tables()[name]; !walled && !asked && open[name] == "" {
			t.Errorf("table %s leads to people and every viewer may read it: give it a policy, close it in raise_wall, or excuse it here", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// document writes docs/scope.md, or compares it.
func (q *quarter) document(seen map[string]map[string]bool, asked, leaks int) {
	q.t.Helper()
	const file = "../docs/scope.md"
	old, err := os.ReadFile(file)
	if err != nil {
		q.t.Fatal(err)
	}
	const begin, end = "<!-- matrix -->\n", "<!-- /matrix -->\n"
	head, rest, ok := bytes.Cut(old, []byte(begin))
	_, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		q.t.Fatalf("%s has no place for the matrix", file)
	}
	got := string(head) + begin + q.matrix(seen, asked, leaks) + end + string(tail)
	if *updateScope {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			q.t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(old), got); diff != "" {
		q.t.Errorf("%s differs (-written +seen):\n%s", file, diff)
	}
}

// matrix is what each viewer saw of four people: somebody below, the Plh's staff,
// and strangers of the other office.
func (q *quarter) matrix(seen map[string]map[string]bool, asked, leaks int) string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "\n%d questions asked, %d leaks.\n\n| who looks | at whom | under", asked, leaks)
	for _, p := range q.probes() {
		_, _ = fmt.Fprintf(&b, " | %s", p.name)
	}
	b.WriteString(" |\n| --- | --- | ---")
	b.WriteString(strings.Repeat(" | :-:", len(q.probes())) + " |\n")
	for viewer := range strings.FieldsSeq("sri dian plh kabidA mantan kadisA sekda kabidB kadisB adminA adminB mantanAdminA sdm sdmA walikota pengelola") {
		for _, who := range []string{"sri", "tono"} {
			for i, day := range moments() {
				cells := seen[viewer+"/"+who+"/"+day.String()]
				_, _ = fmt.Fprintf(&b, "| %s | %s | %s", viewer, who, q.under(who, i))
				for _, p := range q.probes() {
					mark := "·"
					if cells[p.name] {
						mark = "●"
					}
					_, _ = fmt.Fprintf(&b, " | %s", mark)
				}
				b.WriteString(" |\n")
			}
		}
	}
	b.WriteString("\n")
	return b.String()
}

func (q *quarter) under(who string, i int) string {
	head := roster.NewLines(q.lines).SupervisorOn(q.id[who], moments()[i])
	for name, id := range q.id {
		if id == head {
			return name
		}
	}
	return "nobody"
}

// TestWallIsOnlyRaisedForOthers keeps the second wall out of the way of people who only
// report: a turn that asks nothing about others pays nothing.
func TestWallIsOnlyRaisedForOthers(t *testing.T) {
	t.Parallel()
	q := newQuarter(t)
	err := q.as("sri", func(r *Records) error {
		if _, _, err := r.Report(t.Context(), q.id["sri"], moments()[2]); err != nil {
			return err
		}
		var set string
		if err := r.scope.tx.QueryRow(t.Context(), `SELECT coalesce(current_setting('ekinerja.viewer', true), '')`).Scan(&set); err != nil {
			return err
		}
		if set != "" {
			t.Errorf("reading the own report went through the wall of %q", set)
		}
		if _, _, err := r.Report(t.Context(), q.id["tono"], moments()[2]); err != nil {
			return err
		}
		var role string
		if err := r.scope.tx.QueryRow(t.Context(), `SELECT current_user`).Scan(&role); err != nil {
			return err
		}
		if role == "ekinerja_viewer" {
			t.Error("the rest of the turn goes on as the viewer")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
