-- name: Employees :many
-- Everybody active, with the number of who was named their supervisor on that day.
-- A file knows no styles of a language: id-ID is id there.
SELECT e.id, e.number, e.name, e.kind, e.sex, e.post, o.name AS opd, u.name AS unit, coalesce(e.phone, '')::text AS phone,
       e.pattern, left(e.lang, 2)::text AS lang, coalesce(s.number, '')::text AS supervisor
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
LEFT JOIN LATERAL (SELECT l.supervisor_id FROM supervisor_link l
  WHERE l.employee_id = e.id AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
  ORDER BY l.valid_from DESC LIMIT 1) named ON true
LEFT JOIN employee s ON s.id = named.supervisor_id
WHERE e.active
ORDER BY e.id;

-- name: PutCalendarDays :exec
WITH input AS (
  SELECT unnest(@days::date[]) AS day, unnest(@kinds::text[]) AS kind, unnest(@names::text[]) AS name, unnest(@bases::text[]) AS basis
)
INSERT INTO calendar_day (day, kind, name, basis)
SELECT i.day, i.kind, i.name, i.basis FROM input i
ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name, basis = excluded.basis;

-- name: SeedCalendarDays :exec
-- Only into an empty table: what somebody has entered is never added to unasked.
WITH input AS (
  SELECT unnest(@days::date[]) AS day, unnest(@kinds::text[]) AS kind, unnest(@names::text[]) AS name, unnest(@bases::text[]) AS basis
)
INSERT INTO calendar_day (day, kind, name, basis)
SELECT i.day, i.kind, i.name, i.basis FROM input i WHERE NOT EXISTS (SELECT FROM calendar_day)
ON CONFLICT (day) DO NOTHING;

-- name: DropCalendarYears :exec
DELETE FROM calendar_day WHERE extract(year FROM day)::integer = ANY(@years::integer[]);

-- name: PutShifts :exec
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee_id, unnest(@days::date[]) AS day, unnest(@starts::integer[]) AS starts,
         unnest(@ends::integer[]) AS ends, unnest(@labels::text[]) AS label
)
INSERT INTO shift (employee_id, day, starts, ends, label)
SELECT i.employee_id, i.day, i.starts, i.ends, i.label FROM input i
ON CONFLICT (employee_id, day) DO UPDATE SET starts = excluded.starts, ends = excluded.ends, label = excluded.label;

-- name: Invitable :many
-- Active people without a chat, of one OPD or of all.
SELECT e.id, e.number, e.name, o.name AS opd, u.name AS unit
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE e.active AND (@opd::text = '' OR o.name = @opd::text)
  AND NOT EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state <> 'closed')
ORDER BY o.name, u.name, e.name, e.id;

-- name: InvitablePerson :one
SELECT e.id, e.number, e.name, o.name AS opd, u.name AS unit
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE e.active AND e.number = @number;

-- name: PutInvites :exec
-- A new invitation replaces the person's older ones that nobody has used.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee_id, unnest(@hashes::bytea[]) AS token_hash
), dropped AS (
  DELETE FROM invite v USING input i WHERE v.employee_id = i.employee_id AND v.used_at IS NULL
)
INSERT INTO invite (token_hash, employee_id, created_at, expires_at)
SELECT i.token_hash, i.employee_id, @at::timestamptz, @expires_at::timestamptz FROM input i;

-- name: PutGroupInvite :execrows
INSERT INTO invite (token_hash, opd_id, created_at, expires_at)
SELECT @token_hash::bytea, o.id, @at::timestamptz, @expires_at::timestamptz FROM opd o WHERE o.name = @opd;

-- name: Unreached :many
-- Active people whom no message reaches, and why.
SELECT e.id, e.number, e.name, o.name AS opd, u.name AS unit,
       (CASE WHEN EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'blocked') THEN 'blocked'
             WHEN EXISTS (SELECT FROM address a WHERE a.employee_id = e.id) THEN 'closed'
             ELSE 'never' END)::text AS why
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE e.active AND NOT EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
ORDER BY o.name, u.name, e.name, e.id;

-- name: ShiftsOfPeople :many
-- Listed shifts of these people.
SELECT s.employee_id, s.day, s.starts, s.ends, s.label
FROM shift s JOIN employee e ON e.id = s.employee_id AND e.active
WHERE s.employee_id = ANY(@ids::bigint[]) AND s.day BETWEEN @first::date AND @last::date
ORDER BY s.employee_id, s.day;

-- name: DropShifts :exec
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee_id, unnest(@days::text[])::date AS day
)
DELETE FROM shift s USING input i WHERE s.employee_id = i.employee_id AND s.day = i.day;
