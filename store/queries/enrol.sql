-- name: AddAttempt :one
-- Counts a refusal and raises the alarm when the fleet has had too many, once a period.
WITH added AS (
  INSERT INTO enrol_attempt (inbox_id, key, at) VALUES (@inbox_id, @key, @at::timestamptz) ON CONFLICT DO NOTHING
), before AS (
  SELECT count(*) AS n FROM enrol_attempt WHERE at > @since::timestamptz
), alarm AS (
  INSERT INTO job_run (job, period, started_at, result)
  SELECT 'alarm/enrol', @period::text, @at::timestamptz, '{"after": 0, "done": true}' FROM before b WHERE b.n >= @most::integer
  ON CONFLICT DO NOTHING
  RETURNING job
)
SELECT EXISTS (SELECT FROM alarm)::boolean AS alarm, (b.n + 1)::integer AS attempts FROM before b;

-- name: DropOldAttempts :exec
DELETE FROM enrol_attempt WHERE at < @before::timestamptz;

-- name: Pressure :one
-- How often the limits on single chats were met.
SELECT (SELECT count(*) FROM enrol_attempt t WHERE t.at > @since::timestamptz)::bigint AS refused,
       (SELECT count(*) FROM inbox i WHERE i.flood <> '' AND i.received_at > @since::timestamptz)::bigint AS floods;
