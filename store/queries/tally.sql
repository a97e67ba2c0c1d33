-- name: Tally :one
-- What a week came to, for its closing table.
SELECT
  (SELECT count(*) FROM employee e WHERE e.active)::bigint AS people,
  count(*) FILTER (WHERE d.asked_at IS NOT NULL)::bigint AS asked,
  count(*) FILTER (WHERE r.state = 'submitted' AND NOT r.late)::bigint AS on_time,
  count(*) FILTER (WHERE r.state = 'submitted' AND r.late)::bigint AS late,
  count(*) FILTER (WHERE d.state = 'due' AND r.state IS DISTINCT FROM 'submitted')::bigint AS missing,
  (SELECT count(*) FROM outbox o WHERE o.kind = 'remind' AND o.state = 'sent')::bigint AS reminders,
  (SELECT count(*) FROM outbox o WHERE o.kind = 'escalate' AND o.state = 'sent')::bigint AS escalations,
  (SELECT coalesce(sum(v.version), 0) FROM report v WHERE v.state = 'submitted')::bigint AS sendings,
  (SELECT coalesce(avg(s.points::numeric), 0) FROM score_period s
    WHERE s.period = 'week' AND s.first_day = sqlc.arg(from_day) AND s.points IS NOT NULL)::float8 AS mean_score
FROM duty d
LEFT JOIN report r ON r.employee_id = d.employee_id AND r.day = d.day
WHERE d.day BETWEEN sqlc.arg(from_day) AND sqlc.arg(to_day) AND d.state <> 'not_due';

-- name: LastMoment :one
-- When the database last took a message in or queued one; the year 1 for never.
SELECT coalesce(greatest(
  (SELECT max(i.received_at) FROM inbox i),
  (SELECT max(o.created_at) FROM outbox o)
), '0001-01-01 00:00:00+00')::timestamptz AS moment;
