-- name: AddMutation :one
INSERT INTO mutation (effective, source, planned_at) VALUES (@effective, @source, @at) RETURNING id;

-- name: AddMoves :exec
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee_id, unnest(@moves::jsonb[]) AS m
)
INSERT INTO mutation_move (mutation_id, employee_id, post, opd, unit, post_code, supervisor)
SELECT @mutation::bigint, i.employee_id, i.m->>'post', i.m->>'opd', i.m->>'unit', i.m->>'code', i.m->>'supervisor' FROM input i;

-- name: Mutations :many
SELECT m.id, m.effective, m.state, m.source, m.planned_at, m.settled_at,
       (SELECT count(*) FROM mutation_move v WHERE v.mutation_id = m.id)::integer AS people
FROM mutation m ORDER BY m.id DESC LIMIT @most::integer;

-- name: MovesOf :many
SELECT employee_id, post, opd, unit, post_code, supervisor FROM mutation_move WHERE mutation_id = $1 ORDER BY employee_id;

-- name: CancelMutation :execrows
UPDATE mutation SET state = 'cancelled', settled_at = @at WHERE id = @id AND state = 'planned';

-- name: DueMutation :one
-- The next one whose day has come; one process has it.
SELECT id, effective FROM mutation WHERE state = 'planned' AND effective <= @day::date
ORDER BY effective, id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: SettleMutation :exec
UPDATE mutation SET state = 'applied', settled_at = @at WHERE id = @id;

-- name: MovePeople :exec
UPDATE employee e SET post = coalesce(v.post, e.post), unit_id = coalesce(n.id, e.unit_id)
FROM mutation_move v
JOIN employee x ON x.id = v.employee_id
JOIN unit u ON u.id = x.unit_id
JOIN opd o ON o.id = u.opd_id
LEFT JOIN opd newer ON newer.name = coalesce(v.opd, o.name)
LEFT JOIN unit n ON n.opd_id = newer.id AND n.name = coalesce(v.unit, u.name)
WHERE v.mutation_id = @id AND e.id = v.employee_id;

-- name: MoveOffices :exec
INSERT INTO opd (name) SELECT DISTINCT v.opd FROM mutation_move v WHERE v.mutation_id = $1 AND v.opd IS NOT NULL ON CONFLICT DO NOTHING;

-- name: MoveUnits :exec
INSERT INTO unit (opd_id, name)
SELECT DISTINCT newer.id, coalesce(v.unit, u.name) FROM mutation_move v
JOIN employee x ON x.id = v.employee_id JOIN unit u ON u.id = x.unit_id JOIN opd o ON o.id = u.opd_id
JOIN opd newer ON newer.name = coalesce(v.opd, o.name)
WHERE v.mutation_id = $1 AND (v.opd IS NOT NULL OR v.unit IS NOT NULL)
ON CONFLICT DO NOTHING;

-- name: MoveDropLinks :exec
DELETE FROM supervisor_link l USING mutation_move v
WHERE v.mutation_id = @id AND v.employee_id = l.employee_id AND v.supervisor IS NOT NULL AND l.valid_from >= @day::date;

-- name: MoveEndLinks :exec
UPDATE supervisor_link l SET valid_to = @day::date FROM mutation_move v
WHERE v.mutation_id = @id AND v.employee_id = l.employee_id AND v.supervisor IS NOT NULL AND (l.valid_to IS NULL OR l.valid_to > @day::date);

-- name: MoveAddLinks :exec
INSERT INTO supervisor_link (employee_id, supervisor_id, valid_from)
SELECT v.employee_id, s.id, @day::date FROM mutation_move v JOIN employee s ON s.number = v.supervisor
WHERE v.mutation_id = @id AND v.supervisor <> '' AND s.id <> v.employee_id;

-- name: MoveDropAssignments :exec
DELETE FROM assignment a USING mutation_move v
WHERE v.mutation_id = @id AND v.employee_id = a.employee_id AND a.kind IN ('definitif', 'pj') AND a.valid_from >= @day::date
  AND (v.opd IS NOT NULL OR v.unit IS NOT NULL OR v.post_code IS NOT NULL OR v.supervisor IS NOT NULL);

-- name: MoveEndAssignments :exec
UPDATE assignment a SET valid_to = @day::date FROM mutation_move v
WHERE v.mutation_id = @id AND v.employee_id = a.employee_id AND a.kind IN ('definitif', 'pj')
  AND (a.valid_to IS NULL OR a.valid_to > @day::date)
  AND (v.opd IS NOT NULL OR v.unit IS NOT NULL OR v.post_code IS NOT NULL OR v.supervisor IS NOT NULL);

-- name: MoveAddAssignments :exec
INSERT INTO assignment (post_id, employee_id, kind, valid_from)
SELECT p.id, v.employee_id, 'definitif', @day::date FROM mutation_move v JOIN post p ON p.code = v.post_code
WHERE v.mutation_id = @id;

-- name: NoteMoves :exec
INSERT INTO audit (at, actor, action, subject, detail)
SELECT @at::timestamptz, 'system', 'roster.move', 'e' || v.employee_id,
       jsonb_build_object('mutation', v.mutation_id, 'day', @day::date) FROM mutation_move v
WHERE v.mutation_id = @id ORDER BY v.employee_id;
