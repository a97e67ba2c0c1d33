-- name: TakeLease :one
-- A lease that is over is free; so is one of a clock that was ahead and put back.
INSERT INTO lease AS l (name, holder, epoch, until) VALUES (@name, @holder, 1, @until)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = l.epoch + 1, until = excluded.until
  WHERE l.until <= sqlc.arg(at)::timestamptz OR l.until > sqlc.arg(absurd)::timestamptz
RETURNING epoch;

-- name: RenewLease :execrows
-- A term that is over may go on if nobody else has begun one.
UPDATE lease SET until = @until WHERE name = @name AND holder = @holder AND epoch = @epoch;

-- name: ReleaseLease :exec
UPDATE lease SET until = @at WHERE name = @name AND holder = @holder AND epoch = @epoch;

-- name: HoldsLease :one
-- Asked in the transaction of a write, this is the fence of a term.
SELECT EXISTS (
  SELECT FROM lease WHERE name = @name AND holder = @holder AND epoch = @epoch AND until > sqlc.arg(at)::timestamptz
) AS held;

-- name: AnnounceReplica :exec
INSERT INTO lease (name, holder, epoch, until) VALUES ('replica:' || sqlc.arg(holder)::text, @holder, 0, @until)
ON CONFLICT (name) DO UPDATE SET until = excluded.until;

-- name: CountReplicas :one
-- Those long gone are forgotten on the way.
WITH gone AS (
  DELETE FROM lease WHERE starts_with(name, 'replica:') AND until < sqlc.arg(forget)::timestamptz
)
SELECT count(*) FROM lease WHERE starts_with(name, 'replica:') AND until > sqlc.arg(at)::timestamptz;
