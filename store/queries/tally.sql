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

-- name: Broken :many
-- What must never be found in the database, by name, with how many.
SELECT name, n FROM (
  SELECT 'messages waited for more than five minutes' AS name,
         (SELECT count(*) FROM inbox i WHERE i.state = 'new' AND i.received_at < sqlc.arg(now)::timestamptz - interval '5 minutes') AS n
  UNION ALL
  SELECT 'messages could not be handled',
         (SELECT count(*) FROM inbox i WHERE i.state = 'quarantined')
  UNION ALL
  SELECT 'sends hung for more than a minute',
         (SELECT count(*) FROM outbox o WHERE o.state = 'sending' AND o.lease_until < sqlc.arg(now)::timestamptz - interval '1 minute')
  UNION ALL
  SELECT 'messages went out more than twice',
         (SELECT count(*) FROM (SELECT c.outbox_id FROM outbox_copy c GROUP BY c.outbox_id HAVING count(*) > 2) twice)
  UNION ALL
  SELECT 'reports were sent without activities',
         (SELECT count(*) FROM report r WHERE r.state = 'submitted'
           AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.report_id = r.id))
  UNION ALL
  SELECT 'reports lack a kept version',
         (SELECT count(*) FROM report r WHERE r.state = 'submitted'
           AND r.version <> (SELECT count(*) FROM report_version v WHERE v.report_id = r.id))
  UNION ALL
  SELECT 'people were escalated although they had answered',
         (SELECT count(*) FROM escalation_member m JOIN escalation e ON e.id = m.escalation_id
           JOIN outbox o ON o.key = 'escalate/' || e.id AND o.state = 'sent'
           JOIN report r ON r.employee_id = m.employee_id AND r.day = m.day
           WHERE r.state = 'submitted' AND r.submitted_at < e.created_at)
  UNION ALL
  SELECT 'answers were taken from no message',
         (SELECT count(*) FROM answer a JOIN inbox i ON i.id = a.inbox_id WHERE i.state <> 'done')
) AS checks WHERE n > 0;

-- name: LastMoment :one
-- When the database last took a message in or queued one; the year 1 for never.
SELECT coalesce(greatest(
  (SELECT max(i.received_at) FROM inbox i),
  (SELECT max(o.created_at) FROM outbox o)
), '0001-01-01 00:00:00+00')::timestamptz AS moment;
