-- name: LockLine :one
-- One process decides the line at a time.
SELECT pass_leave, fingerprint FROM line_state WHERE single FOR UPDATE;

-- name: LineState :one
SELECT pass_leave, fingerprint FROM line_state WHERE single;

-- name: SetLineState :exec
UPDATE line_state SET pass_leave = @pass_leave, fingerprint = @fingerprint WHERE single;

-- name: LeadersAway :many
-- Confirmed leaves, from a day on, of everybody who leads or could.
SELECT a.id, a.employee_id, a.kind, a.first_day, a.last_day FROM absence a
WHERE a.state = 'confirmed' AND a.last_day >= @day::date AND a.kind NOT IN ('DL', 'DIKLAT', 'WFH', 'WFA')
  AND (EXISTS (SELECT FROM supervisor_link l WHERE l.supervisor_id = a.employee_id AND (l.valid_to IS NULL OR l.valid_to > @day::date))
    OR EXISTS (SELECT FROM assignment h WHERE h.employee_id = a.employee_id AND (h.valid_to IS NULL OR h.valid_to > @day::date)))
ORDER BY a.id;

-- name: SupervisorLinks :many
SELECT employee_id, supervisor_id, valid_from, (valid_to - 1)::date AS last_day
FROM supervisor_link WHERE valid_to IS NULL OR valid_to > @day::date;

-- name: Posts :many
SELECT p.id, p.code, p.name, o.name AS opd, u.name AS unit
FROM post p JOIN unit u ON u.id = p.unit_id JOIN opd o ON o.id = u.opd_id ORDER BY p.id;

-- name: SuperiorPosts :many
SELECT post_id, superior_id, valid_from, (valid_to - 1)::date AS last_day
FROM post_superior WHERE valid_to IS NULL OR valid_to > @day::date ORDER BY post_id, valid_from;

-- name: Assignments :many
SELECT post_id, employee_id, kind, valid_from, (valid_to - 1)::date AS last_day, letter
FROM assignment WHERE valid_to IS NULL OR valid_to > @day::date ORDER BY post_id, valid_from, employee_id;

-- name: EverybodyOnTheRoster :many
-- known: something is or was said about who leads the person.
SELECT e.id, e.active,
       (EXISTS (SELECT FROM supervisor_link l WHERE l.employee_id = e.id)
        OR EXISTS (SELECT FROM assignment a WHERE a.employee_id = e.id))::boolean AS known
FROM employee e ORDER BY e.id;

-- name: DecidedLines :many
SELECT employee_id, supervisor_id, valid_from, (valid_to - 1)::date AS last_day
FROM reporting_line WHERE valid_to IS NULL OR valid_to > @day::date ORDER BY employee_id, valid_from;

-- name: ForgetLines :exec
DELETE FROM reporting_line WHERE employee_id = ANY(@ids::bigint[]) AND valid_from >= @day::date;

-- name: EndLines :exec
UPDATE reporting_line SET valid_to = @day::date
WHERE employee_id = ANY(@ids::bigint[]) AND (valid_to IS NULL OR valid_to > @day::date);

-- name: DecideLines :exec
INSERT INTO reporting_line (employee_id, supervisor_id, valid_from, valid_to)
SELECT unnest(@employees::bigint[]), unnest(@supervisors::bigint[]), unnest(@froms::text[])::date,
       NULLIF(unnest(@tos::text[]), '')::date;

-- name: PutPosts :exec
WITH input AS (
  SELECT unnest(@codes::text[]) AS code, unnest(@names::text[]) AS name, unnest(@opds::text[]) AS opd, unnest(@units::text[]) AS unit
)
INSERT INTO post (code, name, unit_id)
SELECT i.code, i.name, u.id FROM input i JOIN opd o ON o.name = i.opd JOIN unit u ON u.opd_id = o.id AND u.name = i.unit
ORDER BY i.code
ON CONFLICT (code) DO UPDATE SET name = excluded.name, unit_id = excluded.unit_id;

-- name: DropSuperiorPosts :exec
-- What was to begin on the day or later is taken back.
WITH input AS (
  SELECT unnest(@codes::text[]) AS code, unnest(@froms::text[])::date AS valid_from
)
DELETE FROM post_superior l USING input i JOIN post p ON p.code = i.code
WHERE l.post_id = p.id AND l.valid_from >= i.valid_from;

-- name: EndSuperiorPosts :exec
WITH input AS (
  SELECT unnest(@codes::text[]) AS code, unnest(@froms::text[])::date AS valid_from
)
UPDATE post_superior l SET valid_to = i.valid_from FROM input i JOIN post p ON p.code = i.code
WHERE l.post_id = p.id AND (l.valid_to IS NULL OR l.valid_to > i.valid_from);

-- name: PutSuperiorPosts :exec
WITH input AS (
  SELECT unnest(@codes::text[]) AS code, unnest(@superiors::text[]) AS superior, unnest(@froms::text[])::date AS valid_from
)
INSERT INTO post_superior (post_id, superior_id, valid_from)
SELECT p.id, s.id, i.valid_from FROM input i JOIN post p ON p.code = i.code JOIN post s ON s.code = i.superior;

-- name: SetSuperiorPosts :exec
-- For the version before this one, which knows no days.
WITH input AS (
  SELECT unnest(@codes::text[]) AS code, unnest(@superiors::text[]) AS superior, unnest(@froms::text[])::date AS valid_from
)
UPDATE post p SET superior_id = s.id FROM input i LEFT JOIN post s ON s.code = i.superior
WHERE p.code = i.code AND i.valid_from <= @day::date;

-- name: AddPlaces :exec
-- Offices and units that a file names and nobody had yet.
WITH input AS (
  SELECT unnest(@opds::text[]) AS opd, unnest(@units::text[]) AS unit
)
INSERT INTO unit (opd_id, name)
SELECT DISTINCT o.id, i.unit FROM input i JOIN opd o ON o.name = i.opd ORDER BY o.id, i.unit
ON CONFLICT DO NOTHING;

-- name: AddOffices :exec
INSERT INTO opd (name) SELECT DISTINCT unnest(@opds::text[]) ON CONFLICT DO NOTHING;

-- name: DropAssignments :exec
-- What has not begun is taken back.
DELETE FROM assignment a USING post p
WHERE p.id = a.post_id AND p.code = ANY(@codes::text[]) AND a.valid_from >= @day::date;

-- name: EndAssignments :exec
UPDATE assignment a SET valid_to = @day::date FROM post p
WHERE p.id = a.post_id AND p.code = ANY(@codes::text[]) AND (a.valid_to IS NULL OR a.valid_to > @day::date);

-- name: PutAssignments :exec
WITH input AS (
  SELECT unnest(@codes::text[]) AS code, unnest(@employees::bigint[]) AS employee_id, unnest(@kinds::text[]) AS kind,
         unnest(@froms::text[])::date AS valid_from, NULLIF(unnest(@tos::text[]), '')::date AS valid_to, unnest(@letters::text[]) AS letter
)
INSERT INTO assignment (post_id, employee_id, kind, valid_from, valid_to, letter)
SELECT p.id, i.employee_id, i.kind, i.valid_from, i.valid_to, i.letter FROM input i JOIN post p ON p.code = i.code
ON CONFLICT (post_id, employee_id, kind, valid_from) DO UPDATE SET valid_to = excluded.valid_to, letter = excluded.letter;
