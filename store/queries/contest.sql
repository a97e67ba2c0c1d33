-- name: MarkedAbsence :one
-- An absence that a superior or foreman noted of a day of somebody's, the newest, and
-- who decides about a word against it: whoever leads the person on that day.
SELECT a.id, a.kind, a.first_day, a.last_day, coalesce(supervisor_on(a.employee_id, @day::date), a.noted_by, 0)::bigint AS decides,
       EXISTS (SELECT FROM contest c WHERE c.absence_id = a.id)::boolean AS contested
FROM absence a
WHERE a.employee_id = @employee_id AND a.source = 'supervisor' AND a.state = 'confirmed'
  AND @day::date BETWEEN a.first_day AND a.last_day
ORDER BY a.id DESC LIMIT 1;

-- name: CrewReportOf :one
-- A day's report that a foreman wrote for somebody.
SELECT r.id, c.foreman_id, coalesce(r.supervisor_id, 0)::bigint AS supervisor_id,
       EXISTS (SELECT FROM contest x WHERE x.report_id = r.id)::boolean AS contested
FROM report r JOIN crew_report c ON c.report_id = r.id
WHERE r.employee_id = @employee_id AND r.day = @day::date AND r.state = 'submitted';

-- name: AddContest :execrows
INSERT INTO contest (employee_id, day, absence_id, report_id, asks, said, inbox_id, at)
SELECT @employee_id::bigint, @day::date, NULLIF(@absence_id::bigint, 0), NULLIF(@report_id::bigint, 0), NULLIF(@asks::bigint, 0),
       @said::text, NULLIF(@inbox_id::bigint, 0), @at::timestamptz
ON CONFLICT DO NOTHING;

-- name: OpenContest :one
-- Somebody's word about a day that waits for viewer.
SELECT c.id, c.employee_id, c.day, coalesce(c.absence_id, 0)::bigint AS absence_id, coalesce(c.report_id, 0)::bigint AS report_id,
       c.said, coalesce(a.kind, '')::text AS kind, a.first_day, a.last_day
FROM contest c LEFT JOIN absence a ON a.id = c.absence_id
WHERE c.employee_id = @employee_id::bigint AND c.day = @day::date AND c.state = 'open'
  AND (c.asks = @viewer::bigint OR stands_in(@viewer::bigint, c.asks))
ORDER BY c.id DESC LIMIT 1;

-- name: SettleContest :execrows
UPDATE contest SET state = @state::text, decided_by = @by::bigint, decided_at = @at::timestamptz WHERE id = @id AND state = 'open';

-- name: TakeBackMarked :execrows
-- An absence that was noted by mistake counts no more.
UPDATE absence SET state = 'refused', decided_by = @by::bigint, decided_at = @at::timestamptz, decision = @why::text
WHERE id = @id AND state = 'confirmed' AND source = 'supervisor';
