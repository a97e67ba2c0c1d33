-- name: EncloseLetters :exec
-- Letters of a leave that is sent now belong to its claim, from its first day on.
UPDATE evidence SET claim = @claim::bigint, day = @day::date
WHERE employee_id = @employee_id::bigint AND inbox_id = ANY(@ids::bigint[]) AND claim = 0;

-- name: StandingLetters :many
-- Which of a person's letters are kept or on their way.
SELECT inbox_id FROM evidence
WHERE employee_id = @employee_id::bigint AND inbox_id = ANY(@ids::bigint[]) AND claim IS NOT NULL AND state IN ('awaited', 'kept')
ORDER BY inbox_id;

-- name: DropLetters :exec
-- Letters of a leave that is not being written any more.
UPDATE evidence SET state = 'removed', settled_at = @at::timestamptz, file_id = ''
WHERE employee_id = @employee_id::bigint AND inbox_id = ANY(@ids::bigint[]) AND claim = 0 AND state IN ('awaited', 'kept');

-- name: DropOldLetters :exec
-- Letters of leaves that nobody can send any more: the buttons of the draft are over.
UPDATE evidence SET state = 'removed', settled_at = @at::timestamptz, file_id = ''
WHERE claim = 0 AND created_at < @before::timestamptz AND state IN ('awaited', 'kept');

-- name: LettersFor :many
-- The letters of a claim, for whoever may decide about it (see ClaimOf) and nobody else.
SELECT e.inbox_id, e.kind, e.state, e.hash, coalesce(b.mime, '')::text AS mime
FROM evidence e LEFT JOIN blob b ON b.hash = e.hash
WHERE e.claim = @claim::bigint AND e.claim <> 0 AND e.state IN ('awaited', 'kept')
  AND EXISTS (SELECT FROM absence a WHERE a.claim = e.claim AND a.employee_id = e.employee_id AND a.source = 'chat'
    AND (a.asks = sqlc.arg(viewer)::bigint OR supervisor_on(a.employee_id, sqlc.arg(today)::date) = sqlc.arg(viewer)::bigint
      OR a.employee_id <> sqlc.arg(viewer)::bigint AND stands_in(sqlc.arg(viewer)::bigint, supervisor_on(a.employee_id, sqlc.arg(today)::date))))
ORDER BY e.inbox_id LIMIT 10;

-- name: AwaitPieces :exec
-- Notes which messages wait for a file that is on its way. Both this and whoever
-- settles the piece lock its row before they look for waiting messages, so one of the
-- two always sees the other. Two who ask for the same letters lock them in one order.
WITH mine AS (
  SELECT e.inbox_id FROM evidence e WHERE e.inbox_id = ANY(@pieces::bigint[]) ORDER BY e.inbox_id FOR UPDATE
)
UPDATE evidence e SET wanted = (SELECT array_agg(DISTINCT x.key) FROM unnest(e.wanted || w.keys) AS x(key))
FROM mine m, (SELECT i.piece, array_agg(i.key) AS keys
      FROM (SELECT unnest(@pieces::bigint[]) AS piece, unnest(@keys::text[]) AS key) i GROUP BY i.piece) w
WHERE e.inbox_id = m.inbox_id AND w.piece = m.inbox_id;

-- name: ReleaseAwaited :exec
-- Lets the messages go that wait for pieces which are settled: with the file when it
-- is kept, and a document's name only for what is one.
UPDATE outbox o SET not_before = @at::timestamptz,
  body = CASE WHEN e.state <> 'kept' THEN o.body
    ELSE (CASE WHEN b.mime = 'application/pdf' THEN o.body ELSE o.body - 'file_name' END) || jsonb_build_object('blob', encode(e.hash, 'hex')) END
FROM evidence e LEFT JOIN blob b ON b.hash = e.hash
WHERE e.inbox_id = ANY(@pieces::bigint[]) AND e.state <> 'awaited' AND o.key = ANY(e.wanted) AND o.state = 'pending' AND o.attempt = 0;
