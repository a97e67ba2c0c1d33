-- name: SaveDraft :exec
-- Unit and supervisor are those of the day at the first word; a transfer later
-- does not move the report. A report that was sent is left alone: while it is
-- being changed, the change lives in the session only.
INSERT INTO report (employee_id, day, state, unit_id, supervisor_id, obstacle, extra, flow, minutes, started_at)
SELECT e.id, @day::date, 'draft', e.unit_id, (SELECT l.supervisor_id FROM reporting_line l
    WHERE l.employee_id = e.id AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
    ORDER BY l.valid_from DESC LIMIT 1), @obstacle, @extra::jsonb, @flow, @minutes, @at::timestamptz
FROM employee e WHERE e.id = @employee_id
ON CONFLICT (employee_id, day) DO UPDATE
SET obstacle = excluded.obstacle, extra = excluded.extra, flow = excluded.flow, minutes = excluded.minutes
WHERE report.state = 'draft';

-- name: SubmitReport :exec
-- The first sending decides the time, the lateness and the code.
INSERT INTO report (employee_id, day, state, version, unit_id, supervisor_id, obstacle, extra, flow, minutes,
                    started_at, submitted_at, late, code)
SELECT e.id, @day::date, 'submitted', 1, e.unit_id, (SELECT l.supervisor_id FROM reporting_line l
    WHERE l.employee_id = e.id AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
    ORDER BY l.valid_from DESC LIMIT 1), @obstacle, @extra::jsonb, @flow, @minutes,
       @at::timestamptz, @submitted_at::timestamptz, @late, @code
FROM employee e WHERE e.id = @employee_id
ON CONFLICT (employee_id, day) DO UPDATE
SET state = 'submitted', version = report.version + 1, obstacle = excluded.obstacle, extra = excluded.extra,
    flow = excluded.flow, minutes = excluded.minutes,
    submitted_at = coalesce(report.submitted_at, excluded.submitted_at),
    late = CASE WHEN report.state = 'draft' THEN excluded.late ELSE report.late END,
    code = coalesce(report.code, excluded.code);

-- name: ClearActivities :exec
DELETE FROM activity a USING report r
WHERE a.report_id = r.id AND r.employee_id = @employee_id AND r.day = @day AND r.state = @state;

-- name: AddActivities :exec
WITH input AS (
  SELECT unnest(@positions::integer[]) AS position, unnest(@descriptions::text[]) AS description,
         unnest(@quantities::text[]) AS quantity, unnest(@units::text[]) AS unit,
         unnest(@minutes::integer[]) AS minutes, unnest(@starts::text[]) AS starts, unnest(@ends::text[]) AS ends,
         unnest(@more::jsonb[]) AS more, unnest(@obstacles::text[]) AS obstacle, unnest(@sources::text[]) AS source
)
INSERT INTO activity (report_id, position, description, quantity, unit, minutes, starts, ends, more, obstacle, source)
SELECT r.id, i.position, i.description, NULLIF(i.quantity, ''), i.unit, NULLIF(i.minutes, 0),
       NULLIF(i.starts, ''), NULLIF(i.ends, ''), i.more, i.obstacle, i.source
FROM input i CROSS JOIN report r
WHERE r.employee_id = @employee_id AND r.day = @day AND r.state = @state;

-- name: AddReportVersion :exec
-- The hash is over the body as this database writes it, so it can be checked
-- here; the record keeps it too. The division refuses, in the server, a report
-- that was not sent.
WITH kept AS (
  INSERT INTO report_version (report_id, version, body, hash, at)
  SELECT r.id, r.version, b.body, sha256(convert_to(b.body::text, 'UTF8')), @at::timestamptz
  FROM report r CROSS JOIN (SELECT @body::jsonb AS body) b
  WHERE r.employee_id = @employee_id AND r.day = @day AND r.state = 'submitted'
  RETURNING report_id, version, hash
), noted AS (
  INSERT INTO audit (at, actor, action, subject, detail)
  SELECT @at::timestamptz, 'system', 'report.kept', 'e' || r.employee_id,
         jsonb_build_object('day', r.day, 'version', k.version, 'sha256', encode(k.hash, 'hex'))
  FROM kept k JOIN report r ON r.id = k.report_id
  RETURNING seq
)
SELECT 1 / count(*) FROM noted;

-- name: DiscardDraft :exec
-- One that was sent once and taken back keeps its versions, and so its row.
DELETE FROM report WHERE employee_id = @employee_id AND day = @day AND state = 'draft' AND version = 0;

-- name: ReportCode :one
SELECT coalesce(code, '')::text AS code FROM report WHERE employee_id = $1 AND day = $2;

-- name: ReportOf :one
SELECT * FROM report WHERE employee_id = $1 AND day = $2;

-- name: LatestReport :one
SELECT * FROM report WHERE employee_id = @employee_id AND state = 'submitted' AND day < @before ORDER BY day DESC LIMIT 1;

-- name: Activities :many
SELECT * FROM activity WHERE report_id = $1 ORDER BY position;

-- name: DaysOf :many
SELECT d.*, coalesce(r.id, 0)::bigint AS report_id, coalesce(r.state, '')::text AS report_state, coalesce(r.version, 0)::integer AS version, r.submitted_at,
       coalesce(r.late, false)::boolean AS late, coalesce(r.code, '')::text AS code,
       coalesce(r.minutes, 0)::integer AS minutes, coalesce(r.reviewed_version = r.version, false)::boolean AS reviewed,
       (SELECT count(*) FROM activity a WHERE a.report_id = r.id)::integer AS activities
FROM duty d LEFT JOIN report r ON r.employee_id = d.employee_id AND r.day = d.day
WHERE d.employee_id = @employee_id AND d.day BETWEEN @first_day::date AND @last_day::date
ORDER BY d.day DESC;

-- name: WeekScores :many
SELECT first_day, last_day, record FROM score_period
WHERE employee_id = @employee_id AND period = 'week' ORDER BY first_day DESC LIMIT @most::integer;

-- name: ReportCodes :many
-- The receipts of a person's reports.
SELECT id, code::text AS code FROM report WHERE employee_id = @employee_id AND id = ANY(@ids::bigint[]) AND code IS NOT NULL;

-- name: PanelActivities :many
-- The newest structured rows of a day, for people who watch.
SELECT e.name, r.day, r.state, r.late, coalesce(r.code, '')::text AS code, r.submitted_at, r.started_at,
       a.position, a.description, coalesce(a.quantity, '')::text AS quantity, a.unit,
       coalesce(a.minutes, 0)::integer AS minutes, coalesce(a.starts, '')::text AS starts,
       coalesce(a.ends, '')::text AS ends, coalesce(nullif(a.obstacle, ''), r.obstacle)::text AS obstacle, a.source,
       (p.report_id IS NOT NULL)::boolean AS linked, coalesce(i.code, '')::text AS plan_code
FROM report r
JOIN employee e ON e.id = r.employee_id
JOIN activity a ON a.report_id = r.id
LEFT JOIN activity_plan p ON p.report_id = a.report_id AND p.position = a.position
LEFT JOIN plan_item i ON i.id = p.item_id
WHERE r.day = @day
ORDER BY coalesce(r.submitted_at, r.started_at) DESC, r.id DESC, a.position
LIMIT @most::integer;
