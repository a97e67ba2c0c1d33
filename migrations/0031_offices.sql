-- +goose Up
-- What holders of roles see of offices, when superiors like to hear what waits, and
-- the second wall around what came after 0020.

-- review_pref: the minute of the day at which a superior likes to hear what waits;
-- NULL as the policy has it.
ALTER TABLE employee ADD COLUMN review_pref integer CHECK (review_pref BETWEEN 0 AND 1439);
CREATE INDEX employee_review_pref ON employee (review_pref) WHERE review_pref IS NOT NULL;

-- reason: why somebody of the personnel office opened it; superiors need none.
ALTER TABLE report_read ADD COLUMN reason text NOT NULL DEFAULT '';

-- Whether somebody looks after people of an office and unit in a role, on a day.
-- +goose StatementBegin
CREATE FUNCTION looks_after(person bigint, name text, opd bigint, unit bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM roles x WHERE x.employee_id = $1 AND x.role = $2
    AND x.valid_from <= $5 AND (x.valid_to IS NULL OR x.valid_to > $5)
    AND (x.opd_id IS NULL OR x.opd_id = $3) AND (x.unit_id IS NULL OR x.unit_id = $4))
$$;
-- +goose StatementEnd

-- Units in reach of a role of the viewer, of one of these names. These functions run
-- as their owner and so do not ask the policies that ask them.
-- +goose StatementBegin
CREATE FUNCTION wall_units(names text[]) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT u.id FROM roles x
  JOIN unit u ON (x.opd_id IS NULL OR u.opd_id = x.opd_id) AND (x.unit_id IS NULL OR u.id = x.unit_id)
  WHERE x.employee_id = wall_viewer() AND x.role = ANY(names)
    AND x.valid_from <= wall_day() AND (x.valid_to IS NULL OR x.valid_to > wall_day())
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION wall_held(person bigint, ask_at timestamptz, deadline timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT outage_holds(person, ask_at, deadline, deadline)
$$;
-- +goose StatementEnd

-- Views read as their owner, to whom no policy applies; so each of them asks itself
-- who looks.

-- That somebody has sent a report, and when; not what it says.
CREATE VIEW office_report AS
SELECT r.employee_id, r.day, r.submitted_at, r.late
FROM report r JOIN employee e ON e.id = r.employee_id
WHERE r.state = 'submitted' AND (current_user <> 'ekinerja_viewer' OR e.unit_id IN (SELECT wall_units('{opd_admin,hr}')));

-- A day of a unit in figures, without names. answered and missing are of what people
-- were asked for and could answer.
CREATE VIEW office_day AS
SELECT d.day, u.opd_id, u.id AS unit_id,
       count(*) FILTER (WHERE d.state = 'due') AS due,
       count(*) FILTER (WHERE d.state = 'due' AND r.id IS NOT NULL) AS sent,
       count(*) FILTER (WHERE d.state = 'due' AND r.late) AS late,
       count(*) FILTER (WHERE d.state <> 'due' AND d.reason IN ('leave', 'sick', 'maternity', 'study')) AS away,
       count(*) FILTER (WHERE d.state = 'due' AND d.asked_at IS NOT NULL AND r.id IS NOT NULL) AS answered,
       count(*) FILTER (WHERE CASE WHEN d.state = 'due' AND d.asked_at IS NOT NULL AND r.id IS NULL
         THEN NOT wall_held(d.employee_id, d.ask_at, d.deadline_at) ELSE false END) AS missing
FROM duty d
JOIN employee e ON e.id = d.employee_id AND e.active
JOIN unit u ON u.id = e.unit_id
LEFT JOIN report r ON r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted'
WHERE current_user <> 'ekinerja_viewer' OR u.id IN (SELECT wall_units('{opd_admin,hr,leader}'))
GROUP BY d.day, u.opd_id, u.id;

-- What waits in a unit for somebody's decision, one row each, without names: reports
-- that nobody read in time, explanations at the personnel office, words against what
-- was noted, obstacles (since is their due day).
CREATE VIEW office_open AS
SELECT w.what, u.opd_id, u.id AS unit_id, w.since
FROM (
  SELECT 'unread' AS what, r.employee_id, k.raised_on AS since
  FROM review_clock k JOIN report r ON r.id = k.report_id AND r.version = k.version
  WHERE k.raised_on IS NOT NULL AND r.state = 'submitted' AND r.reviewed_version < r.version
  UNION ALL SELECT c.state, c.employee_id, c.since FROM clarification c WHERE c.state IN ('care', 'drafted')
  UNION ALL SELECT 'contest', t.employee_id, t.day FROM contest t WHERE t.state = 'open'
  UNION ALL SELECT 'blocker', b.reporter_id, b.due_day FROM blocker b WHERE b.state IN ('open', 'accepted')
) w
JOIN employee e ON e.id = w.employee_id AND e.active
JOIN unit u ON u.id = e.unit_id
WHERE current_user <> 'ekinerja_viewer' OR u.id IN (SELECT wall_units('{hr,leader}'));

-- What waits for a reader: through the wall only what waits for the viewer.
CREATE OR REPLACE VIEW unread_report AS
SELECT q.id, q.employee_id, q.day, q.version, q.late, q.minutes, q.reviewer_id, q.superior_id
FROM (
  SELECT r.id, r.employee_id, r.day, r.version, r.late, r.minutes,
         coalesce(g.stand_in_id, x.id, s.id, l.supervisor_id) AS reviewer_id, coalesce(x.id, s.id, l.supervisor_id) AS superior_id
  FROM report r
  LEFT JOIN employee s ON s.id = r.supervisor_id AND s.active
  LEFT JOIN reporting_line l ON s.id IS NULL AND l.employee_id = r.employee_id AND l.valid_to IS NULL
  LEFT JOIN review_clock k ON k.report_id = r.id AND k.version = r.version
  LEFT JOIN employee x ON x.id = k.raised_to AND x.active
  LEFT JOIN delegation g ON g.state = 'active' AND g.superior_id = coalesce(x.id, s.id, l.supervisor_id) AND g.stand_in_id <> r.employee_id
  WHERE r.state = 'submitted' AND r.reviewed_version < r.version
) q
WHERE current_user <> 'ekinerja_viewer' OR q.reviewer_id = wall_viewer();

-- Writing is not for viewers: no policy lets them.
DROP POLICY viewer ON blocker;
CREATE POLICY viewer ON blocker USING (current_user <> 'ekinerja_viewer'
  OR wall_viewer() IN (reporter_id, holder_id) OR reporter_id IN (SELECT wall_role('{hr}')))
  WITH CHECK (current_user <> 'ekinerja_viewer');
DROP POLICY viewer ON clarification;
CREATE POLICY viewer ON clarification USING (current_user <> 'ekinerja_viewer'
  OR wall_viewer() IN (employee_id, holder_id)
  OR state IN ('care', 'drafted', 'closed') AND employee_id IN (SELECT wall_role('{hr}')))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON delegation USING (current_user <> 'ekinerja_viewer'
  OR state = 'active' OR wall_viewer() IN (superior_id, stand_in_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON ladder_ack USING (current_user <> 'ekinerja_viewer'
  OR wall_viewer() IN (by_id, employee_id) OR employee_id IN (SELECT wall_knows()) OR EXISTS (SELECT FROM escalation x WHERE x.id = escalation_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON review_clock USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');

ALTER TABLE delegation ENABLE ROW LEVEL SECURITY;
ALTER TABLE ladder_ack ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_clock ENABLE ROW LEVEL SECURITY;
