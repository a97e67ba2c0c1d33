-- name: Epoch :one
SELECT id::text AS id FROM epoch;

-- name: TouchReady :exec
-- Proves that this database takes writes.
INSERT INTO lease (name, holder, epoch, until) VALUES ('ready', '', 0, @at)
ON CONFLICT (name) DO UPDATE SET until = excluded.until;

-- name: NewEpoch :one
UPDATE epoch SET id = gen_random_uuid() RETURNING id::text AS id;

-- name: DoubtWaiting :one
-- After a restore: what was due, or under way, may have been sent by the life
-- that was lost. The restore is on the record.
WITH doubted AS (
  UPDATE outbox SET state = 'unclear', lease_until = NULL, settled_at = @at::timestamptz, outcome = 'restored'
  WHERE state IN ('pending', 'sending') AND not_before <= @at::timestamptz
  RETURNING id
), noted AS (
  INSERT INTO audit (at, actor, action, subject, detail)
  SELECT @at::timestamptz, 'system', 'database.restored', 'database', jsonb_build_object('unclear', (SELECT count(*) FROM doubted))
)
SELECT count(*) FROM doubted;
