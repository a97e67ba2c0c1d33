-- name: SwapReach :one
-- Notes that something works and tells when it was last known to; the year 1 for never.
WITH before AS (SELECT r.at FROM reach r WHERE r.channel = @channel), put AS (
  INSERT INTO reach (channel, at) VALUES (@channel, @at::timestamptz)
  ON CONFLICT (channel) DO UPDATE SET at = excluded.at
)
SELECT coalesce((SELECT b.at FROM before b), '0001-01-01 00:00:00+00')::timestamptz AS before;

-- name: OpenOutage :execrows
-- Nothing happens while the channel was reached after since, by any process, or
-- while an outage of it runs. It begins when the channel was last reached; one
-- that was over for less than a moment goes on.
WITH last AS (
  SELECT coalesce((SELECT r.at FROM reach r WHERE r.channel = @channel), @at::timestamptz) AS at
), reopened AS (
  UPDATE outage o SET ended_at = NULL FROM last l
  WHERE o.id = (SELECT x.id FROM outage x WHERE x.channel = @channel AND x.ended_at IS NOT NULL AND x.credited_at IS NULL
                ORDER BY x.ended_at DESC LIMIT 1)
    AND l.at <= @since::timestamptz AND l.at - o.ended_at < @moment::interval
    AND NOT EXISTS (SELECT FROM outage y WHERE y.channel = @channel AND y.ended_at IS NULL)
  RETURNING o.id
), opened AS (
  INSERT INTO outage (channel, started_at)
  SELECT @channel, l.at FROM last l
  WHERE l.at <= @since::timestamptz AND NOT EXISTS (SELECT FROM reopened)
  ON CONFLICT (channel) WHERE ended_at IS NULL DO NOTHING
  RETURNING id
)
SELECT id FROM reopened UNION ALL SELECT id FROM opened;

-- name: CloseOutage :execrows
UPDATE outage SET ended_at = greatest(@at::timestamptz, started_at) WHERE channel = @channel AND ended_at IS NULL;

-- name: AddOutage :one
-- One that is over already. A measured one makes a former one longer when that
-- was over for less than a moment.
WITH longer AS (
  UPDATE outage o SET ended_at = greatest(o.ended_at, @ended_at::timestamptz), started_at = least(o.started_at, @started_at::timestamptz)
  WHERE o.id = (SELECT x.id FROM outage x WHERE x.channel = @channel AND x.credited_at IS NULL
                AND x.ended_at + @moment::interval > @started_at::timestamptz AND x.started_at <= @ended_at::timestamptz
                AND x.channel NOT LIKE 'declared:%' ORDER BY x.id DESC LIMIT 1)
  RETURNING o.id
), added AS (
  INSERT INTO outage (channel, opd_id, started_at, ended_at, declared_by, note)
  SELECT @channel, NULLIF(@opd_id::bigint, 0), @started_at::timestamptz, @ended_at::timestamptz, @declared_by, @note
  WHERE NOT EXISTS (SELECT FROM longer)
  RETURNING id
)
SELECT id FROM longer UNION ALL SELECT id FROM added;

-- name: OpdByName :one
SELECT id FROM opd WHERE name = @name;

-- name: Outages :many
SELECT o.id, o.channel, o.started_at, o.ended_at, o.declared_by, o.note, o.credited_at, coalesce(p.name, '')::text AS opd,
       (SELECT count(*) FROM outbox x WHERE starts_with(x.key, 'outage/' || o.id || '/'))::integer AS told
FROM outage o LEFT JOIN opd p ON p.id = o.opd_id ORDER BY o.started_at DESC, o.id DESC LIMIT @most::integer;

-- name: UncreditedOutages :many
SELECT * FROM outage WHERE credited_at IS NULL ORDER BY id;

-- name: TouchedDuties :many
-- Due days that one of these outages touches, in the order of person and day.
-- Unless all are wanted, only those whose end comes before soon and that are
-- still owed: a running outage moves the others later.
SELECT d.employee_id, d.day, d.reason, d.ask_at::timestamptz AS ask_at, d.deadline_at::timestamptz AS deadline_at,
       d.late_until::timestamptz AS late_until,
       coalesce(d.planned_deadline, d.deadline_at)::timestamptz AS planned_deadline,
       coalesce(d.planned_late, d.late_until)::timestamptz AS planned_late,
       e.name, e.sex, e.lang,
       EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live') AS live,
       coalesce(r.state, '')::text AS report_state, coalesce(r.late, false)::boolean AS late,
       coalesce((SELECT max(a.provider_at) FROM answer a
                 WHERE a.employee_id = d.employee_id AND a.day = d.day AND a.provider_at <= r.submitted_at),
                r.submitted_at, '0001-01-01 00:00:00+00')::timestamptz AS said_at
FROM duty d
JOIN employee e ON e.id = d.employee_id AND e.active
LEFT JOIN report r ON r.employee_id = d.employee_id AND r.day = d.day
WHERE d.state = 'due' AND (d.employee_id, d.day) > (@after::bigint, @after_day::date)
  AND (@everything::boolean OR ((d.deadline_at < @soon::timestamptz OR d.late_until < @soon::timestamptz)
       AND r.state IS DISTINCT FROM 'submitted'))
  AND EXISTS (SELECT FROM outage o WHERE o.id = ANY(@outages::bigint[])
              AND o.started_at < d.late_until AND coalesce(o.ended_at, @at::timestamptz) > d.ask_at
              AND outage_concerns(o.channel, o.opd_id, d.employee_id))
  AND d.late_until > (SELECT min(o.started_at) FROM outage o WHERE o.id = ANY(@outages::bigint[]))
ORDER BY d.employee_id, d.day LIMIT @most::integer;

-- name: OutagesOfPeople :many
-- All outages that concern each of these people and were not over at since.
SELECT e.id::bigint AS employee_id, o.id, o.channel, o.note, o.started_at, coalesce(o.ended_at, @at::timestamptz)::timestamptz AS ended_at
FROM unnest(@employees::bigint[]) AS e(id)
JOIN outage o ON coalesce(o.ended_at, @at::timestamptz) > @since::timestamptz AND outage_concerns(o.channel, o.opd_id, e.id)
ORDER BY e.id, o.started_at, o.id;

-- name: MoveDeadlines :execrows
-- The times of duties, moved from the planned ones; one that was decided anew
-- meanwhile is left for the next time.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@days::text[])::date AS day,
         unnest(@planned_deadlines::timestamptz[]) AS planned_deadline, unnest(@planned_lates::timestamptz[]) AS planned_late,
         unnest(@deadlines::timestamptz[]) AS deadline, unnest(@lates::timestamptz[]) AS late
), picked AS (
  SELECT d.employee_id, d.day, i.planned_deadline, i.planned_late, i.deadline, i.late
  FROM duty d JOIN input i ON d.employee_id = i.employee AND d.day = i.day
  WHERE d.state = 'due' AND coalesce(d.planned_deadline, d.deadline_at) = i.planned_deadline
    AND coalesce(d.planned_late, d.late_until) = i.planned_late
  ORDER BY d.employee_id, d.day FOR UPDATE OF d
)
UPDATE duty d SET planned_deadline = p.planned_deadline, planned_late = p.planned_late,
  deadline_at = greatest(d.deadline_at, p.deadline), late_until = greatest(d.late_until, p.late)
FROM picked p WHERE d.employee_id = p.employee_id AND d.day = p.day
  AND (d.deadline_at < p.deadline OR d.late_until < p.late);

-- name: ExtendQuestions :exec
-- A question that still waits is worth sending until the deadline that has moved.
UPDATE outbox o SET expires_at = d.deadline_at FROM duty d
WHERE o.state = 'pending' AND o.kind = 'ask' AND o.guard = 'unreported'
  AND d.employee_id = o.employee_id AND d.day = o.about_day AND o.expires_at < d.deadline_at
  AND d.employee_id = ANY(@employees::bigint[]);

-- name: CorrectLate :many
-- Reports that are on time after all, each with a line in the record.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@days::text[])::date AS day
), fixed AS (
  UPDATE report r SET late = false FROM input i
  WHERE r.employee_id = i.employee AND r.day = i.day AND r.state = 'submitted' AND r.late
  RETURNING r.employee_id, r.day
), noted AS (
  INSERT INTO audit (at, actor, action, subject, detail)
  SELECT @at::timestamptz, 'system', 'report.on_time', 'e' || f.employee_id,
         jsonb_build_object('day', f.day, 'late', jsonb_build_array(true, false), 'outages', @outages::bigint[])
  FROM fixed f ORDER BY f.employee_id, f.day
)
SELECT f.employee_id, f.day FROM fixed f;

-- name: TellInstead :exec
-- A word about an outage asks too: what still waits to be asked or reminded is
-- called off, and a day whose question never came counts as asked.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@days::text[])::date AS day
), dropped AS (
  UPDATE outbox o SET state = 'superseded', settled_at = @at::timestamptz FROM input i
  WHERE o.employee_id = i.employee AND o.about_day = i.day AND o.guard = 'unreported' AND o.state = 'pending'
    AND o.kind IN ('ask', 'remind')
)
UPDATE duty d SET asked_at = @at::timestamptz FROM input i
WHERE d.employee_id = i.employee AND d.day = i.day AND d.state = 'due' AND d.asked_at IS NULL AND d.ask_at <= @at::timestamptz;

-- name: ScoreAgain :exec
-- Weeks in which something was moved are scored once more.
DELETE FROM job_run WHERE job = 'score' AND split_part(period, '/', 1) = ANY(@mondays::text[]);

-- name: FinishOutages :execrows
UPDATE outage SET credited_at = @at::timestamptz WHERE id = ANY(@ids::bigint[]) AND credited_at IS NULL AND ended_at IS NOT NULL;
