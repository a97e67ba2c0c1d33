-- name: Verify :many
-- What must never be found in the database: by number, with how many and the
-- lowest id of them. Numbers and meanings are in store/verify.go.
SELECT id::text AS id, n::bigint AS n, example::text AS example FROM (
  SELECT 'I1' AS id, count(*) AS n, coalesce('inbox ' || min(i.id), '') AS example
  FROM inbox i WHERE i.state = 'new' AND i.received_at < sqlc.arg(now)::timestamptz - interval '5 minutes'
  UNION ALL
  SELECT 'I2', count(*), coalesce('inbox ' || min(x.id), '') FROM (
    SELECT i.id FROM answer a JOIN inbox i ON i.id = a.inbox_id
    WHERE i.state <> 'done' OR i.key <> 'e' || a.employee_id
    UNION ALL
    SELECT i.id FROM inbox i
    WHERE i.state = 'done' AND i.key LIKE 'e%' AND i.msg->>'kind' = 'text'
      AND i.received_at > sqlc.arg(now)::timestamptz - interval '7 days'
      AND NOT EXISTS (SELECT FROM answer a WHERE a.inbox_id = i.id)
      AND NOT EXISTS (SELECT FROM outbox o WHERE o.key IN ('reply/' || i.id || '/0', 'reply/' || i.id || '/1', 'reply/' || i.id || '/2'))
  ) x
  UNION ALL
  SELECT 'I3', count(*), coalesce('conversation ' || min(c.key), '')
  FROM conversation c LEFT JOIN report r ON r.employee_id = c.employee_id AND r.day = (c.body->>'day')::date
  WHERE c.employee_id IS NOT NULL AND jsonb_typeof(c.body->'items') = 'array' AND NOT coalesce((c.body->>'resend')::boolean, false)
    AND c.body->>'stage' IN ('field', 'obstacle', 'extra', 'confirm', 'edit', 'add')
    AND (r.id IS NULL OR r.state = 'draft' AND jsonb_array_length(c.body->'items') <>
         (SELECT count(*) FROM activity a WHERE a.report_id = r.id))
  UNION ALL
  SELECT 'I4', count(*), coalesce('outbox ' || min(x.id), '') FROM (
    SELECT min(o.id) AS id FROM outbox o GROUP BY o.key HAVING count(*) > 1
    UNION ALL
    SELECT min(o.id) FROM outbox o WHERE o.kind = 'ask' AND o.about_day IS NOT NULL AND o.employee_id IS NOT NULL
    GROUP BY o.employee_id, o.about_day HAVING count(*) > 1
  ) x
  UNION ALL
  SELECT 'I5', count(*), coalesce('outbox ' || min(o.id), '')
  FROM outbox o WHERE o.state = 'sending' AND o.lease_until < sqlc.arg(now)::timestamptz - interval '1 minute'
  UNION ALL
  SELECT 'I6', count(*), coalesce('escalation ' || min(e.id), '')
  FROM escalation_member m
  JOIN escalation e ON e.id = m.escalation_id
  JOIN outbox o ON o.key = 'escalate/' || e.id AND o.state = 'sent'
  JOIN report r ON r.employee_id = m.employee_id AND r.day = m.day AND r.state = 'submitted'
  LEFT JOIN duty d ON d.employee_id = m.employee_id AND d.day = m.day
  WHERE r.submitted_at < e.created_at OR r.submitted_at <= d.deadline_at
    AND NOT EXISTS (SELECT FROM outage x WHERE x.credited_at > e.created_at -- known only afterwards
                    AND x.started_at < d.deadline_at AND x.ended_at > d.ask_at)
  UNION ALL
  SELECT 'I7', count(*), coalesce(min(x.what), '') FROM (
    SELECT 'job ' || j.job || ' ' || j.period AS what FROM job_run j
    WHERE j.result->>'done' = 'false' AND j.job NOT IN ('forget', 'verify') -- the one has no end, the other is looking
      AND j.started_at > sqlc.arg(now)::timestamptz - interval '14 days' AND j.started_at < sqlc.arg(now)::timestamptz - interval '1 hour'
    UNION ALL
    SELECT 'duty e' || d.employee_id || ' ' || d.day
    FROM duty d JOIN employee e ON e.id = d.employee_id AND e.active
    WHERE d.state = 'due' AND d.asked_at IS NULL AND d.computed_at < d.ask_at
      AND d.deadline_at > sqlc.arg(now)::timestamptz - interval '7 days' AND d.deadline_at <= sqlc.arg(now)::timestamptz
      AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
      AND EXISTS (SELECT FROM address a WHERE a.employee_id = d.employee_id AND a.state = 'live' AND a.bound_at < d.ask_at)
      AND NOT EXISTS (SELECT FROM outage o WHERE o.started_at < d.deadline_at
                      AND coalesce(o.ended_at, sqlc.arg(now)::timestamptz) >= d.ask_at)
  ) x
  UNION ALL
  SELECT 'I9', count(*), coalesce(min(x.what), '') FROM (
    SELECT 'e' || a.employee_id AS what FROM address a JOIN employee e ON e.id = a.employee_id AND e.active
    WHERE a.state = 'blocked'
      AND NOT EXISTS (SELECT FROM audit u WHERE u.subject = 'e' || a.employee_id AND u.action = 'address_blocked')
    UNION ALL
    SELECT 'e' || a.employee_id FROM address a WHERE a.state = 'live' GROUP BY a.employee_id, a.network HAVING count(*) > 1
  ) x
  UNION ALL
  SELECT 'I10', count(*), coalesce('e' || min(x.id), '') FROM (
    SELECT a.employee_id AS id FROM reporting_line a
    JOIN reporting_line b ON b.employee_id = a.employee_id AND b.valid_from > a.valid_from
    WHERE a.valid_to IS NULL OR a.valid_to > b.valid_from
    UNION ALL
    SELECT c.employee_id FROM line_cycles() c
  ) x
  UNION ALL
  SELECT 'I13', count(*), coalesce(min(x.what), '') FROM (
    SELECT 'button ' || encode(b.token_hash, 'hex') AS what FROM button b WHERE b.expires_at < sqlc.arg(now)::timestamptz - interval '21 days'
    UNION ALL
    SELECT 'attempt ' || t.inbox_id FROM enrol_attempt t WHERE t.at < sqlc.arg(now)::timestamptz - interval '14 days'
  ) x
  UNION ALL
  SELECT 'I14', count(*), coalesce('outbox ' || min(x.id), '')
  FROM (SELECT c.outbox_id AS id FROM outbox_copy c GROUP BY c.outbox_id HAVING count(*) > 2) x
  UNION ALL
  SELECT 'I15', count(*), coalesce('inbox ' || min(i.id), '') FROM inbox i WHERE i.state = 'quarantined'
  UNION ALL
  SELECT 'I16', count(*), coalesce('report ' || min(r.id), '')
  FROM report r WHERE r.state = 'submitted' AND NOT EXISTS (SELECT FROM activity a WHERE a.report_id = r.id)
  UNION ALL
  SELECT 'I17', count(*), coalesce('report ' || min(r.id), '')
  FROM report r WHERE r.state = 'submitted'
    AND r.version <> (SELECT count(*) FROM report_version v WHERE v.report_id = r.id AND v.version BETWEEN 1 AND r.version)
  UNION ALL
  SELECT 'I18', count(*), coalesce('report ' || min(v.report_id), '')
  FROM report_version v JOIN report r ON r.id = v.report_id
  WHERE v.hash <> sha256(convert_to(v.body::text, 'UTF8'))
     OR NOT EXISTS (SELECT FROM audit u WHERE u.subject = 'e' || r.employee_id AND u.action = 'report.kept'
                    AND u.detail->>'day' = r.day::text AND u.detail->>'version' = v.version::text
                    AND u.detail->>'sha256' = encode(v.hash, 'hex'))
  UNION ALL
  SELECT 'I19', count(*), coalesce(min(x.what), '') FROM (
    SELECT 'outage ' || o.id AS what FROM outage o
    WHERE o.credited_at IS NULL AND o.ended_at < sqlc.arg(now)::timestamptz - interval '12 hours'
    UNION ALL
    SELECT 'report ' || r.id FROM report r JOIN duty d ON d.employee_id = r.employee_id AND d.day = r.day AND d.state = 'due'
    WHERE r.state = 'submitted' AND r.late AND r.submitted_at <= d.deadline_at
      AND NOT EXISTS (SELECT FROM outage o WHERE o.credited_at IS NULL)
  ) x
  UNION ALL
  SELECT 'I20', count(*), coalesce('evidence ' || min(x.inbox_id), '') FROM (
    SELECT v.inbox_id FROM evidence v LEFT JOIN blob b ON b.hash = v.hash AND b.state = 'here'
    WHERE v.state = 'kept' AND v.kind <> 'location' AND b.hash IS NULL
    UNION ALL
    SELECT v.inbox_id FROM evidence v
    WHERE v.state = 'awaited' AND v.reason = '' AND v.created_at < sqlc.arg(now)::timestamptz - interval '1 hour'
  ) x
) AS checks WHERE n > 0;

-- name: ScoresToVerify :many
-- Stored scores in the order of their key, each with the digest that the record
-- kept of it last.
SELECT s.employee_id, s.period, s.first_day, s.rubric, s.record, coalesce(s.points, '')::text AS points,
       coalesce((SELECT u.detail->>'sha256' FROM audit u
                 WHERE u.subject = 'e' || s.employee_id AND u.action = 'score.kept'
                   AND u.detail->>'period' = s.period AND u.detail->>'first' = s.first_day::text
                 ORDER BY u.seq DESC LIMIT 1), '')::text AS digest
FROM score_period s
WHERE (s.employee_id, s.period, s.first_day) > (@employee_id::bigint, @period::text, @first_day::date)
ORDER BY s.employee_id, s.period, s.first_day LIMIT @most::integer;

-- name: ChainHead :one
SELECT link, hash FROM audit_head;

-- name: LockChain :one
-- One seals at a time; who comes second has nothing to do.
SELECT link, hash FROM audit_head FOR UPDATE SKIP LOCKED;

-- name: LooseLines :many
SELECT seq, at, actor, action, subject, detail FROM audit WHERE link IS NULL ORDER BY seq LIMIT @most::integer;

-- name: LinkLines :execrows
WITH input AS (
  SELECT unnest(@seqs::bigint[]) AS seq, unnest(@links::bigint[]) AS link,
         unnest(@befores::bytea[]) AS prev_hash, unnest(@hashes::bytea[]) AS hash
)
UPDATE audit a SET link = i.link, prev_hash = i.prev_hash, hash = i.hash FROM input i
WHERE a.seq = i.seq AND a.link IS NULL;

-- name: MoveChainHead :exec
UPDATE audit_head SET link = @link, hash = @hash;

-- name: LinkedLines :many
SELECT link::bigint AS link, prev_hash, hash, seq, at, actor, action, subject, detail
FROM audit WHERE link > @after::bigint ORDER BY link LIMIT @most::integer;

-- name: LeftLoose :one
-- Lines that sealing has passed by.
SELECT count(*) AS n, coalesce(min(seq), 0)::bigint AS first FROM audit WHERE link IS NULL AND at < @before::timestamptz;

-- name: LastVerified :one
-- The newest look of a night that ended: when it was taken up, and what it found.
SELECT (result->>'after')::bigint AS at, (result->'counts')::jsonb AS counts
FROM job_run WHERE job = 'verify' AND (result->>'done')::boolean ORDER BY period DESC LIMIT 1;
