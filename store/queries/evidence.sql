-- name: AddEvidence :exec
INSERT INTO evidence (inbox_id, employee_id, day, items, kind, album, state, file_id, lat, lon,
                      sent_at, created_at, not_before, settled_at, claim)
VALUES (@inbox_id, @employee_id, @day, @items, @kind, @album, @state, @file_id,
        nullif(@lat::text, '')::numeric, nullif(@lon::text, '')::numeric, @sent_at, @at, @at,
        CASE WHEN @state::text = 'awaited' THEN NULL ELSE @at::timestamptz END, @claim)
ON CONFLICT (inbox_id) DO NOTHING;

-- name: PlaceEvidence :exec
-- Says anew which activities each piece belongs to, and of which day it is.
UPDATE evidence e SET items = p.items, day = @day::date
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@items::jsonb[]) AS items) p
WHERE e.inbox_id = p.id AND e.employee_id = @employee_id::bigint AND e.claim IS NULL AND (e.items <> p.items OR e.day <> @day::date);

-- name: RemoveEvidence :exec
-- Takes pieces back: one, an album, or with neither all of the day.
UPDATE evidence SET state = 'removed', settled_at = @at::timestamptz, file_id = ''
WHERE employee_id = @employee_id::bigint AND day = @day::date AND state IN ('awaited', 'kept') AND claim IS NULL
  AND (inbox_id = @inbox_id::bigint OR (album <> '' AND album = @album::text)
    OR (@inbox_id::bigint = 0 AND @album::text = ''));

-- name: AmendPending :exec
-- Changes the words of a message that has not gone out yet.
UPDATE outbox SET body = jsonb_set(body, '{text}', to_jsonb(@words::text)) || jsonb_build_object('bold', @bold::jsonb)
WHERE key = @key::text AND state = 'pending' AND attempt = 0;

-- name: WithdrawPending :exec
UPDATE outbox SET state = 'superseded', settled_at = @at::timestamptz
WHERE key = @key::text AND state = 'pending' AND attempt = 0;

-- name: EvidenceOf :many
-- A person's pieces of a day that are kept or on their way, oldest first.
SELECT inbox_id, day, items, kind, album, state, sent_at, hash, reuse_of FROM evidence
WHERE employee_id = @employee_id AND day = @day AND state IN ('awaited', 'kept') AND claim IS NULL ORDER BY inbox_id;

-- name: EvidenceSeen :many
-- The same for somebody who may read the report, see MayRead.
SELECT e.inbox_id, e.day, e.items, e.kind, e.album, e.state, e.sent_at, e.hash, e.reuse_of,
       coalesce(b.mime, '')::text AS mime, coalesce(b.size, 0)::bigint AS size,
       coalesce(e.lat::text, '')::text AS lat, coalesce(e.lon::text, '')::text AS lon
FROM evidence e LEFT JOIN blob b ON b.hash = e.hash
WHERE e.employee_id = @employee_id::bigint AND e.day = @day::date AND e.state IN ('awaited', 'kept')
  AND e.claim IS NULL
ORDER BY e.inbox_id;

-- name: ClaimEvidence :many
-- Takes awaited files whose time has come; each comes back by itself when the
-- lease is over, whatever became of the taker.
UPDATE evidence e SET tries = e.tries + 1, not_before = @lease_until::timestamptz
FROM (SELECT x.inbox_id FROM evidence x WHERE x.state = 'awaited' AND x.not_before <= @at::timestamptz
      ORDER BY x.not_before LIMIT @most::integer FOR UPDATE SKIP LOCKED) due
WHERE e.inbox_id = due.inbox_id
RETURNING e.inbox_id, e.employee_id, e.day, e.kind, e.file_id, e.tries, e.created_at, e.claim;

-- name: HaveBlob :one
-- Makes a blob known before its bytes are stored; not when it is going.
INSERT INTO blob (hash, size, mime, made_at) VALUES (@hash, @size, @mime, @at)
ON CONFLICT (hash) DO UPDATE SET mime = blob.mime WHERE blob.state = 'here'
RETURNING hash;

-- name: NameEvidence :execrows
UPDATE evidence SET hash = @hash WHERE inbox_id = @inbox_id AND state = 'awaited' AND tries = @tries;

-- name: KeepEvidence :execrows
UPDATE evidence e SET state = 'kept', settled_at = @at::timestamptz, reason = '', file_id = '',
  reuse_of = (SELECT o.inbox_id FROM evidence o
              WHERE o.hash = e.hash AND o.inbox_id < e.inbox_id AND o.state = 'kept'
                AND o.claim IS NULL AND e.claim IS NULL
                AND (o.employee_id <> e.employee_id OR o.day <> e.day)
              ORDER BY o.inbox_id LIMIT 1)
WHERE e.inbox_id = @inbox_id AND e.state = 'awaited' AND e.tries = @tries;

-- name: PostponeEvidence :exec
UPDATE evidence SET not_before = @not_before::timestamptz, reason = @reason
WHERE inbox_id = @inbox_id AND state = 'awaited' AND tries = @tries;

-- name: FailEvidence :execrows
UPDATE evidence SET state = 'failed', settled_at = @at::timestamptz, reason = @reason, file_id = ''
WHERE inbox_id = @inbox_id AND state = 'awaited' AND tries = @tries;

-- name: EvidenceWaiting :one
-- When the next awaited file may be fetched; null when none is awaited.
SELECT min(not_before)::timestamptz AS at, count(*) AS n FROM evidence WHERE state = 'awaited';

-- name: UnusedBlobs :many
-- Blobs that nothing refers to any more, or that were left half deleted.
SELECT b.hash FROM blob b
WHERE b.made_at < @before::timestamptz
  AND NOT EXISTS (SELECT FROM evidence e WHERE e.hash = b.hash AND e.state IN ('awaited', 'kept'))
LIMIT @most::integer;

-- name: LockBlob :one
SELECT hash FROM blob WHERE hash = $1 FOR UPDATE;

-- name: LeaveBlob :execrows
UPDATE blob b SET state = 'going' WHERE b.hash = @hash
  AND NOT EXISTS (SELECT FROM evidence e WHERE e.hash = b.hash AND e.state IN ('awaited', 'kept'));

-- name: UnlinkEvidence :exec
UPDATE evidence SET hash = NULL WHERE hash = @hash AND state IN ('failed', 'removed');

-- name: DropBlob :exec
DELETE FROM blob WHERE hash = @hash AND state = 'going';

-- name: BlobsToVerify :many
-- Blobs that kept evidence refers to, in the order of their names.
SELECT b.hash, b.size, (SELECT min(e.inbox_id) FROM evidence e WHERE e.hash = b.hash AND e.state = 'kept')::bigint AS inbox_id
FROM blob b
WHERE b.hash > @after AND EXISTS (SELECT FROM evidence e WHERE e.hash = b.hash AND e.state = 'kept')
ORDER BY b.hash LIMIT @most::integer;
