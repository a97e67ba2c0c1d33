package store

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
)

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
