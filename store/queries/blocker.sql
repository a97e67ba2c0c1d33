-- name: AddBlocker :one
INSERT INTO blocker (reporter_id, day, kind, said, holder_id, due_day, made_at)
VALUES (@reporter_id, @day, @kind, @said, NULLIF(@holder_id::bigint, 0), @due_day, @at)
ON CONFLICT (reporter_id, day) DO NOTHING
RETURNING id;

-- name: AddBlockerStep :exec
INSERT INTO blocker_step (blocker_id, actor_id, did, note, to_id, inbox_id, at)
VALUES (@blocker_id, NULLIF(@actor_id::bigint, 0), @did, @note, NULLIF(@to_id::bigint, 0), NULLIF(@inbox_id::bigint, 0), @at);

-- name: MoveBlocker :execrows
-- One step of its way; only from the state in which it was seen.
UPDATE blocker SET state = @state::text, holder_id = NULLIF(@holder_id::bigint, 0), due_day = @due_day::date,
  done_at = CASE WHEN @state::text = 'done' THEN @at::timestamptz WHEN @state::text = 'closed' THEN done_at END,
  closed_at = CASE WHEN @state::text = 'closed' THEN @at::timestamptz END,
  reminded_at = CASE WHEN due_day <> @due_day::date THEN NULL ELSE reminded_at END
WHERE id = @id AND state = @was::text;

-- name: BlockerOf :one
-- That of a report, for its reporter and for whoever has it.
SELECT b.* FROM blocker b
WHERE b.reporter_id = @reporter_id::bigint AND b.day = @day::date AND (b.reporter_id = @viewer::bigint OR b.holder_id = @viewer::bigint);

-- name: BlockersWith :many
-- Those that somebody has or has told of, the oldest first.
SELECT b.*, e.name AS reporter, coalesce(h.name, '')::text AS holder
FROM blocker b JOIN employee e ON e.id = b.reporter_id LEFT JOIN employee h ON h.id = b.holder_id
WHERE b.state <> 'closed' AND (b.holder_id = @person::bigint OR b.reporter_id = @person::bigint)
ORDER BY b.made_at, b.id LIMIT 10;

-- name: BlockerTried :many
-- Who has had it.
SELECT DISTINCT s.to_id::bigint AS id FROM blocker_step s WHERE s.blocker_id = @blocker_id AND s.to_id IS NOT NULL;

-- name: PostHolderOn :one
-- Who holds a post on a day, the acting officer first; 0 when nobody reachable does.
SELECT coalesce((SELECT e.id FROM post p JOIN assignment a ON a.post_id = p.id JOIN employee e ON e.id = a.employee_id AND e.active
  WHERE p.code = @code::text AND a.valid_from <= @day::date AND (a.valid_to IS NULL OR a.valid_to > @day::date)
    AND EXISTS (SELECT FROM address x WHERE x.employee_id = e.id AND x.state = 'live')
  ORDER BY array_position(ARRAY['plh', 'plt', 'pj', 'definitif'], a.kind), a.valid_from DESC LIMIT 1), 0)::bigint AS id;

-- name: HeadOfPlace :one
-- Who leads a unit, or an office when the unit is empty: its member with the most
-- staff who is led by nobody in it; 0 when there is none with a chat.
WITH place AS (
  SELECT e.id, (SELECT l.supervisor_id FROM reporting_line l WHERE l.employee_id = e.id AND l.valid_from <= @day::date
      AND (l.valid_to IS NULL OR l.valid_to > @day::date) ORDER BY l.valid_from DESC LIMIT 1) AS head
  FROM employee e JOIN unit u ON u.id = e.unit_id JOIN opd o ON o.id = u.opd_id
  WHERE e.active AND o.name = @opd::text AND (@unit::text = '' OR u.name = @unit::text)
)
SELECT coalesce((SELECT p.id FROM place p
  WHERE NOT EXISTS (SELECT FROM place x WHERE x.id = p.head)
    AND EXISTS (SELECT FROM address a WHERE a.employee_id = p.id AND a.state = 'live')
  ORDER BY (SELECT count(*) FROM place x WHERE x.head = p.id) DESC, p.id LIMIT 1), 0)::bigint AS id;

-- name: PersonByNumber :one
-- An active person with a chat by staff number, 0 for none.
SELECT coalesce((SELECT e.id FROM employee e WHERE e.number = @number::text AND e.active
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')), 0)::bigint AS id;

-- name: BlockersToRemind :many
-- Those that are over their day and of which their holder was not reminded.
SELECT b.id, b.kind, b.said, b.day, b.due_day, b.state, b.reporter_id, e.name AS reporter, h.id AS holder_id, h.name AS holder, h.sex, h.lang
FROM blocker b JOIN employee e ON e.id = b.reporter_id JOIN employee h ON h.id = b.holder_id AND h.active
WHERE b.state IN ('open', 'accepted') AND b.due_day < @day::date AND b.reminded_at IS NULL
ORDER BY b.id LIMIT 200;

-- name: NoteBlockerReminded :execrows
UPDATE blocker SET reminded_at = @at::timestamptz WHERE id = @id AND reminded_at IS NULL AND state IN ('open', 'accepted');

-- name: BlockersUnconfirmed :many
-- Those that were said to be done and of which their reporter says nothing.
SELECT id FROM blocker WHERE state = 'done' AND done_at < @before::timestamptz ORDER BY id LIMIT 200;

-- name: ExpireBlocker :execrows
UPDATE blocker SET state = 'closed', closed_at = @at WHERE id = @id AND state = 'done';

-- name: OldestBlockers :many
-- Open ones of each office, the oldest first.
SELECT o.name AS opd, b.id, b.kind, b.said, b.due_day, b.state, b.made_at, e.name AS reporter, coalesce(h.name, '')::text AS holder
FROM blocker b JOIN employee e ON e.id = b.reporter_id JOIN unit u ON u.id = e.unit_id JOIN opd o ON o.id = u.opd_id
LEFT JOIN employee h ON h.id = b.holder_id
WHERE b.state <> 'closed' AND b.state <> 'done' ORDER BY o.name, b.made_at, b.id;
