-- name: Epoch :one
SELECT id::text AS id FROM epoch;

-- name: TouchReady :exec
-- Proves that this database takes writes.
INSERT INTO lease (name, holder, epoch, until) VALUES ('ready', '', 0, @at)
ON CONFLICT (name) DO UPDATE SET until = excluded.until;
