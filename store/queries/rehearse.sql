-- name: SentRows :many
-- Of messages: for whom they were, and what about.
SELECT o.id, o.key, o.kind, o.network, o.guard, o.about_day, coalesce(e.id, 0)::bigint AS employee_id,
       coalesce(e.name, '')::text AS name, coalesce(p.name, '')::text AS opd
FROM outbox o
LEFT JOIN employee e ON e.id = o.employee_id
LEFT JOIN unit u ON u.id = e.unit_id
LEFT JOIN opd p ON p.id = u.opd_id
WHERE o.id = ANY(@ids::bigint[]) ORDER BY o.id;

-- name: ChatlessPeople :many
-- Active people without a chat.
SELECT e.id FROM employee e
WHERE e.active AND NOT EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live') ORDER BY e.id;

-- name: AddChats :exec
INSERT INTO address (employee_id, network, chat_id, state, bound_at)
SELECT unnest(@ids::bigint[]), 'telegram', 'latihan-' || unnest(@ids::bigint[]), 'live', @at::timestamptz;
