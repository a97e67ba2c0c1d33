-- name: RoleHolders :many
-- Who holds which role on a day, of one person (0: of all), with whether a message reaches them.
SELECT x.id, x.employee_id, x.role, coalesce(o.name, '')::text AS opd, coalesce(u.name, '')::text AS unit,
       x.valid_from, (x.valid_to - 1)::date AS last_day, e.name, e.sex, e.lang,
       EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live') AS live
FROM roles x
JOIN employee e ON e.id = x.employee_id AND e.active
LEFT JOIN opd o ON o.id = x.opd_id
LEFT JOIN unit u ON u.id = x.unit_id
WHERE (@employee_id::bigint = 0 OR x.employee_id = @employee_id::bigint)
  AND x.valid_from <= @day::date AND (x.valid_to IS NULL OR x.valid_to > @day::date)
ORDER BY x.role, o.name, u.name, e.name, x.id;

-- name: RolePlace :one
-- The person, office and unit that a role is about, 0 for what does not exist.
SELECT coalesce((SELECT e.id FROM employee e WHERE e.number = @number AND e.active), 0)::bigint AS employee_id,
       coalesce((SELECT o.id FROM opd o WHERE o.name = @opd), 0)::bigint AS opd_id,
       coalesce((SELECT u.id FROM unit u JOIN opd o ON o.id = u.opd_id WHERE o.name = @opd AND u.name = @unit), 0)::bigint AS unit_id;

-- name: GrantRole :execrows
-- One that covers the first day already is left as it is.
INSERT INTO roles (employee_id, role, opd_id, unit_id, valid_from, valid_to, granted_by, granted_at)
SELECT @employee_id::bigint, @role::text, NULLIF(@opd_id::bigint, 0), NULLIF(@unit_id::bigint, 0), @first::date,
       NULLIF(@past::text, '')::date, @granted_by::text, @at::timestamptz
WHERE NOT EXISTS (SELECT FROM roles x WHERE x.employee_id = @employee_id::bigint AND x.role = @role::text
  AND x.opd_id IS NOT DISTINCT FROM NULLIF(@opd_id::bigint, 0) AND x.unit_id IS NOT DISTINCT FROM NULLIF(@unit_id::bigint, 0)
  AND x.valid_from <= @first::date AND (x.valid_to IS NULL OR x.valid_to > @first::date));

-- name: EndRole :execrows
UPDATE roles x SET valid_to = greatest(@day::date, x.valid_from)
WHERE x.employee_id = @employee_id::bigint AND x.role = @role::text AND (x.valid_to IS NULL OR x.valid_to > @day::date)
  AND (@opd_id::bigint = 0 OR x.opd_id = @opd_id::bigint) AND (@unit_id::bigint = 0 OR x.unit_id = @unit_id::bigint);

-- name: RolesUntold :many
-- Roles that have begun or ended on or before a day without their holder being
-- told; those without a chat are told when they have one.
SELECT x.id, x.employee_id, x.role, coalesce(o.name, '')::text AS opd, coalesce(u.name, '')::text AS unit,
       x.valid_from, (x.valid_to - 1)::date AS last_day, e.name, e.sex, e.lang,
       (CASE WHEN x.valid_to <= @day::date THEN 'ended' ELSE 'given' END)::text AS what
FROM roles x
JOIN employee e ON e.id = x.employee_id AND e.active
LEFT JOIN opd o ON o.id = x.opd_id
LEFT JOIN unit u ON u.id = x.unit_id
WHERE ((x.told = '' AND x.valid_from <= @day::date AND (x.valid_to IS NULL OR x.valid_to > @day::date))
    OR (x.told = 'given' AND x.valid_to <= @day::date))
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
ORDER BY x.id LIMIT @most::integer;

-- name: MarkRoleTold :execrows
UPDATE roles SET told = @what WHERE id = @id AND told <> @what;
