-- name: OfficeDays :many
-- The days of the offices that somebody looks after in a role, summed up: no names.
SELECT o.name AS opd, sum(d.due)::integer AS due, sum(d.sent)::integer AS sent, sum(d.late)::integer AS late, sum(d.away)::integer AS away,
       sum(d.answered)::integer AS answered, sum(d.missing)::integer AS missing
FROM office_day d JOIN opd o ON o.id = d.opd_id
WHERE d.day BETWEEN @first::date AND @last::date AND looks_after(@viewer::bigint, @role::text, d.opd_id, d.unit_id, @today::date)
GROUP BY o.name ORDER BY o.name;

-- name: OfficeStaff :many
-- How many people the same offices have, and how many of them have a chat.
SELECT o.name AS opd, count(*)::integer AS people, count(a.employee_id)::integer AS reached
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
LEFT JOIN (SELECT DISTINCT x.employee_id FROM address x WHERE x.state = 'live') a ON a.employee_id = e.id
WHERE e.active AND looks_after(@viewer::bigint, @role::text, u.opd_id, u.id, @today::date)
GROUP BY o.name ORDER BY o.name;

-- name: OfficePeople :many
-- Of the people whom somebody looks after as administrator: who has no chat, who owes
-- a report of a day, and who is away.
SELECT e.name, u.name AS unit, o.name AS opd, (a.employee_id IS NOT NULL)::boolean AS live,
       coalesce(d.state, '')::text AS state, coalesce(d.reason, '')::text AS reason, (r.employee_id IS NOT NULL)::boolean AS sent
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
LEFT JOIN (SELECT DISTINCT x.employee_id FROM address x WHERE x.state = 'live') a ON a.employee_id = e.id
LEFT JOIN duty d ON d.employee_id = e.id AND d.day = @day::date
LEFT JOIN office_report r ON r.employee_id = e.id AND r.day = @day::date
WHERE e.active AND looks_after(@viewer::bigint, 'opd_admin', u.opd_id, u.id, @today::date)
ORDER BY o.name, u.name, e.name, e.id LIMIT 2000;

-- name: OfficeOpen :many
-- What waits in those offices for a decision: how much of each kind, and since when.
-- Obstacles are those whose day is over.
SELECT w.what, o.name AS opd, count(*)::integer AS n, min(w.since)::date AS since
FROM office_open w JOIN opd o ON o.id = w.opd_id
WHERE (w.what <> 'blocker' OR w.since < @today::date) AND looks_after(@viewer::bigint, @role::text, w.opd_id, w.unit_id, @today::date)
GROUP BY w.what, o.name ORDER BY w.what, count(*) DESC, o.name;

-- name: OfficeCases :many
-- Missing reports that wait for a decision of the personnel office, the oldest first.
SELECT c.id, e.name, o.name AS opd, c.state, c.since
FROM clarification c
JOIN employee e ON e.id = c.employee_id AND e.active
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE c.state IN ('care', 'drafted') AND looks_after(@viewer::bigint, 'hr', u.opd_id, u.id, @today::date)
ORDER BY c.since, c.id LIMIT 10;

-- name: OfficeBlockers :many
-- The oldest open obstacles of the offices in care of somebody of the personnel office.
SELECT b.id, b.kind, b.said, b.due_day, b.made_at, b.state, o.name AS opd, e.name AS reporter, coalesce(h.name, '')::text AS holder
FROM blocker b
JOIN employee e ON e.id = b.reporter_id
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
LEFT JOIN employee h ON h.id = b.holder_id
WHERE b.state IN ('open', 'accepted') AND looks_after(@viewer::bigint, 'hr', u.opd_id, u.id, @today::date)
ORDER BY b.made_at, b.id LIMIT 10;

-- name: NumberedInCare :one
-- Who has a staff number, if somebody of the personnel office looks after them; 0 else.
SELECT coalesce((SELECT e.id FROM employee e JOIN unit u ON u.id = e.unit_id
  WHERE e.number = @number::text AND looks_after(@viewer::bigint, 'hr', u.opd_id, u.id, @today::date)), 0)::bigint AS id;

-- name: ServiceState :one
-- How the service is, for an operator and nobody else: no person is in it. Messages
-- that came after a moment are being handled.
SELECT (SELECT count(*) FROM outbox x WHERE x.state = 'pending' AND x.not_before <= @at::timestamptz)::integer AS outbox,
       (SELECT coalesce(min(x.not_before), @at::timestamptz) FROM outbox x WHERE x.state = 'pending' AND x.not_before <= @at::timestamptz)::timestamptz AS outbox_since,
       (SELECT count(*) FROM outbox x WHERE x.state = 'unclear')::integer AS unclear,
       (SELECT count(*) FROM inbox i WHERE i.state = 'new' AND i.received_at < @before::timestamptz)::integer AS inbox,
       (SELECT coalesce(min(i.received_at), @at::timestamptz) FROM inbox i WHERE i.state = 'new' AND i.received_at < @before::timestamptz)::timestamptz AS inbox_since,
       (SELECT count(*) FROM inbox i WHERE i.state = 'quarantined')::integer AS quarantined,
       (SELECT count(*) FROM employee e WHERE e.active)::integer AS people,
       (SELECT count(DISTINCT a.employee_id) FROM address a JOIN employee e ON e.id = a.employee_id AND e.active WHERE a.state = 'live')::integer AS reached
FROM roles x
WHERE x.employee_id = @viewer::bigint AND x.role = 'operator' AND x.valid_from <= @today::date AND (x.valid_to IS NULL OR x.valid_to > @today::date)
LIMIT 1;

-- name: RecentOutages :many
-- Outages that run or ended after a moment, the newest first.
SELECT o.channel, o.started_at, o.ended_at FROM outage o
WHERE o.ended_at IS NULL OR o.ended_at > @since::timestamptz ORDER BY o.started_at DESC, o.id DESC LIMIT 3;
