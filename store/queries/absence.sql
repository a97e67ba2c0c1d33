-- name: ClaimAbsence :exec
INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_by, noted_at, letter, note, claim, asks)
VALUES (@employee_id, @first_day, @last_day, @kind, @source, @state, @noted_by, @noted_at, @letter, @note, @claim, @asks);

-- name: OwnAbsences :many
-- What counts of the absences of a person from a day on, the first of them first.
SELECT a.id, a.first_day, a.last_day, a.kind, a.state, a.letter, coalesce(a.claim, 0)::bigint AS claim
FROM absence a
WHERE a.employee_id = @employee_id AND a.state <> 'refused' AND a.last_day >= @first_day::date
ORDER BY a.first_day, a.id LIMIT 40;

-- name: ClaimOf :many
-- A claim with the days that it still covers, for whoever was asked about it or
-- leads its writer today; days that still wait come before those that are settled.
SELECT a.id, a.employee_id, a.first_day, a.last_day, a.kind, a.state, a.letter, a.note, e.pattern,
       coalesce(a.decided_by, 0)::bigint AS decided_by,
       (SELECT count(*) FROM evidence x WHERE x.claim = a.claim AND x.state IN ('awaited', 'kept'))::integer AS letters
FROM absence a JOIN employee e ON e.id = a.employee_id
WHERE a.claim = sqlc.arg(claim) AND a.source = 'chat'
  AND (a.asks = sqlc.arg(viewer)::bigint OR supervisor_on(a.employee_id, sqlc.arg(today)::date) = sqlc.arg(viewer)::bigint
    OR a.employee_id <> sqlc.arg(viewer)::bigint AND stands_in(sqlc.arg(viewer)::bigint, supervisor_on(a.employee_id, sqlc.arg(today)::date)))
ORDER BY (a.state = 'claimed') DESC, a.id DESC LIMIT 1;

-- name: PendingClaims :many
-- What waits for a decision, oldest first.
SELECT a.employee_id, e.name, a.first_day, a.last_day, a.kind, a.letter, a.note, coalesce(a.claim, 0)::bigint AS claim,
       (SELECT count(*) FROM evidence x WHERE x.claim = a.claim AND x.state IN ('awaited', 'kept'))::integer AS letters
FROM absence a JOIN employee e ON e.id = a.employee_id AND e.active
WHERE a.state = 'claimed' AND a.source = 'chat' AND a.claim IS NOT NULL AND a.last_day >= sqlc.arg(since)::date
  AND (a.asks = sqlc.arg(viewer)::bigint OR supervisor_on(a.employee_id, sqlc.arg(today)::date) = sqlc.arg(viewer)::bigint
    OR a.employee_id <> sqlc.arg(viewer)::bigint AND stands_in(sqlc.arg(viewer)::bigint, supervisor_on(a.employee_id, sqlc.arg(today)::date)))
ORDER BY a.noted_at LIMIT 10;

-- name: DecideAbsence :execrows
-- Only what still waits is decided; a second decision changes nothing.
UPDATE absence SET state = @state, decided_by = @decided_by, decided_at = @at, decision = @decision
WHERE id = @id AND state = 'claimed';

-- name: KeepOldClaim :exec
-- Days that can no longer be reported stay claimed when the rest is refused.
INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_by, noted_at, letter, note, file_id, claim, asks)
SELECT a.employee_id, a.first_day, (sqlc.arg(before)::date - 1)::date, a.kind, a.source, 'claimed', a.noted_by, a.noted_at, a.letter, a.note, a.file_id, a.claim, a.asks
FROM absence a WHERE a.id = sqlc.arg(id) AND a.first_day < sqlc.arg(before)::date;

-- name: CutAbsence :exec
UPDATE absence a SET first_day = greatest(a.first_day, @first_day::date) WHERE a.id = @id;

-- name: WithdrawAbsence :execrows
-- By the person it is of; what was confirmed can be taken back too, as long as
-- it has not begun.
UPDATE absence SET state = 'refused', withdrawn_at = @at
WHERE id = @id AND employee_id = @employee_id AND state <> 'refused';

-- name: ShortenAbsence :execrows
UPDATE absence SET last_day = @last_day
WHERE id = @id AND employee_id = @employee_id AND state <> 'refused' AND first_day <= @last_day::date AND last_day > @last_day::date;

-- name: GrantGrace :exec
-- More time for a day, never less than was granted before.
INSERT INTO grace (employee_id, day, deadline_at, late_until, granted_at)
VALUES (@employee_id, @day, @deadline_at, @late_until, @at)
ON CONFLICT (employee_id, day) DO UPDATE
SET deadline_at = greatest(grace.deadline_at, excluded.deadline_at), late_until = greatest(grace.late_until, excluded.late_until);

-- name: TakeGrace :exec
-- Puts granted time into duties that are stored already, and says that the
-- person was asked: the message that tells of it asks.
UPDATE duty d SET deadline_at = greatest(d.deadline_at, g.deadline_at), late_until = greatest(d.late_until, g.late_until),
  asked_at = CASE WHEN d.ask_at <= @at::timestamptz
                   AND EXISTS (SELECT FROM address a WHERE a.employee_id = d.employee_id AND a.state = 'live')
                  THEN coalesce(d.asked_at, @at::timestamptz) ELSE d.asked_at END
FROM grace g
WHERE g.employee_id = d.employee_id AND g.day = d.day AND d.employee_id = @employee_id AND d.state = 'due'
  AND d.day BETWEEN @first_day::date AND @last_day::date;

-- name: HeadOn :one
-- Who leads somebody on a day, 0 for nobody, and whether they still work.
SELECT coalesce(h.id, 0)::bigint AS id, coalesce(h.active, false)::boolean AS active
FROM (SELECT supervisor_on(@employee_id::bigint, @day::date) AS id) s LEFT JOIN employee h ON h.id = s.id;
