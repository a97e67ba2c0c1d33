-- name: PutDevice :exec
-- A machine that is added again gets the new secret and works again.
INSERT INTO device (serial, name, secret_hash, zone_minutes, added_at)
VALUES (@serial, @name, @secret_hash, @zone_minutes, @at)
ON CONFLICT (serial) DO UPDATE
SET name = excluded.name, secret_hash = excluded.secret_hash, zone_minutes = excluded.zone_minutes, revoked_at = NULL;

-- name: Devices :many
SELECT d.id, d.serial, d.name, d.secret_hash, d.zone_minutes, d.added_at, d.revoked_at, d.last_seen, d.stamp, d.resend, d.skew_seconds, d.skew_late
FROM device d ORDER BY d.serial;

-- name: DevicePunches :many
-- The newest punch of each machine.
SELECT d.id, coalesce(n.at, 'epoch'::timestamptz)::timestamptz AS newest
FROM device d LEFT JOIN LATERAL (SELECT p.at FROM punch p WHERE p.device_id = d.id ORDER BY p.at DESC LIMIT 1) n ON true;

-- name: RevokeDevice :execrows
UPDATE device SET revoked_at = @at WHERE serial = @serial AND revoked_at IS NULL;

-- name: ResendDevice :execrows
UPDATE device SET resend = true WHERE serial = @serial AND revoked_at IS NULL;

-- name: ResendTold :exec
UPDATE device SET resend = false WHERE id = $1 AND resend;

-- name: SeeDevices :exec
UPDATE device d SET last_seen = greatest(d.last_seen, i.at)
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@ats::timestamptz[]) AS at) i WHERE d.id = i.id;

-- name: KeepPunches :many
-- What is there already stays as it came first. Returned is what is new. Rows go in
-- by the order of the key, so that two that write the same do not wait for each other.
INSERT INTO punch (device_id, at, pin, day, doubt, received_at, import_id)
SELECT i.device_id, i.at, i.pin, i.day, i.doubt, @received::timestamptz, nullif(@import::bigint, 0)
FROM (SELECT unnest(@devices::bigint[]) AS device_id, unnest(@ats::timestamptz[]) AS at, unnest(@pins::text[]) AS pin,
             unnest(@days::text[])::date AS day, unnest(@doubts::boolean[]) AS doubt) i
ORDER BY i.device_id, i.at, i.pin
ON CONFLICT (device_id, at, pin) DO NOTHING
RETURNING device_id, at, pin, day, doubt;

-- name: DevicesPushed :exec
-- How each machine stands after a push.
UPDATE device d SET last_seen = greatest(d.last_seen, @at::timestamptz), skew_seconds = i.skew, skew_late = i.late,
  stamp = CASE WHEN i.stamp = '' THEN d.stamp ELSE i.stamp END
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@skews::integer[]) AS skew, unnest(@lates::integer[]) AS late,
             unnest(@stamps::text[]) AS stamp) i
WHERE d.id = i.id;

-- name: AddPunchImport :one
INSERT INTO punch_import (device_id, source, at, rows, fresh, skipped)
VALUES (@device_id, @source, @at, @rows, 0, @skipped) RETURNING id;

-- name: CountPunchImport :exec
UPDATE punch_import SET fresh = @fresh WHERE id = @id;

-- name: KnownPunches :one
-- How many of these are there already.
SELECT count(*) FROM punch p
JOIN (SELECT unnest(@ats::timestamptz[]) AS at, unnest(@pins::text[]) AS pin) i ON p.at = i.at AND p.pin = i.pin
WHERE p.device_id = @device::bigint;

-- name: Pins :many
SELECT n.id, n.employee_id, n.pin, coalesce(d.serial, '')::text AS serial, n.valid_from, (n.valid_to - 1)::date AS last_day
FROM pin n LEFT JOIN device d ON d.id = n.device_id ORDER BY n.pin, n.id;

-- name: AddPin :exec
INSERT INTO pin (employee_id, pin, device_id, valid_from, valid_to)
SELECT @employee_id::bigint, @pin::text, (SELECT d.id FROM device d WHERE d.serial = @serial::text), @valid_from::date,
       sqlc.narg(valid_to)::date;

-- name: EndPin :exec
UPDATE pin SET valid_to = @valid_to::date WHERE id = @id;

-- name: DropPin :exec
DELETE FROM pin WHERE id = $1;

-- name: LockPins :exec
LOCK TABLE pin IN SHARE ROW EXCLUSIVE MODE;

-- name: PinHolders :many
-- Who stands behind these punches, and can be reached.
SELECT i.ord::bigint AS ord, e.id, e.name, e.sex, e.lang
FROM (SELECT unnest(@ords::bigint[]) AS ord, unnest(@devices::bigint[]) AS device_id, unnest(@pins::text[]) AS pin, unnest(@days::text[])::date AS day) i
JOIN pin n ON n.pin = i.pin AND n.valid_from <= i.day AND (n.valid_to IS NULL OR i.day < n.valid_to)
  AND (n.device_id = i.device_id OR n.device_id IS NULL AND NOT EXISTS (SELECT FROM pin o
    WHERE o.pin = i.pin AND o.device_id = i.device_id AND o.valid_from <= i.day AND (o.valid_to IS NULL OR i.day < o.valid_to)))
JOIN employee e ON e.id = n.employee_id AND e.active
WHERE EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
ORDER BY i.ord;

-- name: PunchesOf :many
-- A PIN that holds for one machine wins there over one that holds for all.
SELECT n.employee_id, p.device_id, p.pin, p.at, p.doubt
FROM pin n
JOIN punch p ON p.pin = n.pin AND p.day BETWEEN @first_day::date AND @last_day::date
  AND p.day >= n.valid_from AND (n.valid_to IS NULL OR p.day < n.valid_to)
  AND (n.device_id = p.device_id OR n.device_id IS NULL AND NOT EXISTS (SELECT FROM pin o
    WHERE o.pin = p.pin AND o.device_id = p.device_id AND o.valid_from <= p.day AND (o.valid_to IS NULL OR p.day < o.valid_to)))
WHERE n.employee_id = ANY(@ids::bigint[])
ORDER BY n.employee_id, p.at;

-- name: MachinesOf :many
-- Which machines a person uses.
SELECT DISTINCT n.employee_id, p.device_id
FROM pin n
JOIN punch p ON p.pin = n.pin AND p.day BETWEEN @first_day::date AND @last_day::date
  AND p.day >= n.valid_from AND (n.valid_to IS NULL OR p.day < n.valid_to)
  AND (n.device_id = p.device_id OR n.device_id IS NULL AND NOT EXISTS (SELECT FROM pin o
    WHERE o.pin = p.pin AND o.device_id = p.device_id AND o.valid_from <= p.day AND (o.valid_to IS NULL OR p.day < o.valid_to)))
WHERE n.employee_id = ANY(@ids::bigint[])
ORDER BY n.employee_id, p.device_id;

-- name: MachineHours :many
-- In which hours a machine has recorded how many people.
SELECT p.device_id, date_trunc('hour', p.at)::timestamptz AS hour, count(DISTINCT p.pin)::integer AS people
FROM punch p WHERE p.device_id = ANY(@devices::bigint[]) AND p.at >= @first::timestamptz AND p.at < @last::timestamptz AND NOT p.doubt
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: PresencePeople :many
-- Reachable people whom a machine knows.
SELECT e.id, e.name, e.sex, e.lang FROM employee e
WHERE e.active AND e.id > @after::bigint
  AND EXISTS (SELECT FROM pin n WHERE n.employee_id = e.id AND n.valid_from <= @day::date AND (n.valid_to IS NULL OR n.valid_to > @day::date))
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
ORDER BY e.id LIMIT @most::integer;

-- name: PresenceDays :many
-- held: it was asked about already, or an outage is being given back, whose message
-- asks itself.
SELECT d.employee_id, d.day, d.state, d.reason, d.starts, d.ends, d.deadline_at, d.asked_at,
       EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted') AS reported,
       (EXISTS (SELECT FROM presence_question q WHERE q.employee_id = d.employee_id AND q.day = d.day)
         OR d.state = 'due' AND outage_holds(d.employee_id, d.ask_at, d.deadline_at, @at::timestamptz))::boolean AS held
FROM duty d
WHERE d.employee_id = ANY(@ids::bigint[]) AND d.day BETWEEN @first_day::date AND @last_day::date
ORDER BY d.employee_id, d.day;

-- name: AddPresenceQuestions :many
-- Asked once a person and day, whoever asks.
INSERT INTO presence_question (employee_id, day, kind, punch_at, asked_at)
SELECT i.employee_id, i.day, i.kind, CASE WHEN i.kind <> 'unseen' THEN i.punch_at END, @at::timestamptz
FROM (SELECT unnest(@employees::bigint[]) AS employee_id, unnest(@days::text[])::date AS day, unnest(@kinds::text[]) AS kind,
             unnest(@punch_ats::timestamptz[]) AS punch_at) i
ORDER BY i.employee_id, i.day
ON CONFLICT (employee_id, day) DO NOTHING
RETURNING employee_id, day;

-- name: RemindedByPresence :exec
-- The question was the evening's reminder: nobody is told twice.
UPDATE duty d SET reminded = greatest(d.reminded, 1)
FROM (SELECT unnest(@employees::bigint[]) AS employee_id, unnest(@days::text[])::date AS day) i
WHERE d.employee_id = i.employee_id AND d.day = i.day;

-- name: AnswerPresence :exec
-- The last answer is the one that is kept.
UPDATE presence_question SET answer = @answer, answered_at = @at
WHERE employee_id = @employee_id AND day = @day;

-- name: CountPunches :one
SELECT count(*) FROM punch;
