-- name: SetLanguage :exec
UPDATE employee SET lang = @lang WHERE id = @id;

-- name: MarkReach :exec
-- Who blocks us, or comes back, is on the record.
WITH changed AS (
  UPDATE address SET state = @state::text
  WHERE network = @network AND chat_id = @chat_id AND state NOT IN ('closed', @state::text)
  RETURNING employee_id
)
INSERT INTO audit (at, actor, action, subject)
SELECT @at::timestamptz, 'system', CASE WHEN @state::text = 'blocked' THEN 'address_blocked' ELSE 'address_back' END, 'e' || employee_id
FROM changed;

-- name: AddAudit :exec
INSERT INTO audit (at, actor, action, subject, detail)
SELECT @at::timestamptz, unnest(@actors::text[]), unnest(@actions::text[]), unnest(@subjects::text[]), unnest(@details::jsonb[]);

-- name: MarkActed :exec
-- Only the receiver of the digest can act on it.
UPDATE escalation_member m SET action = @action, acted_at = @at
FROM escalation e
WHERE e.id = m.escalation_id AND e.id = @escalation_id AND e.receiver_id = @viewer AND m.employee_id = @employee_id;

-- name: UseInvite :one
UPDATE invite SET used_at = @at, used_by = @used_by
WHERE token_hash = @token_hash AND used_at IS NULL AND expires_at > @at
RETURNING employee_id, opd_id;

-- name: CloseAddresses :many
-- One live address a person and network: a fresh invitation moves it.
UPDATE address SET state = 'closed', ended_at = @at
WHERE employee_id = @employee_id AND network = @network AND chat_id <> @chat_id AND state <> 'closed'
RETURNING chat_id;

-- name: ChatsElsewhere :many
-- The person's chats on other networks, the newest last.
SELECT network, chat_id FROM address
WHERE employee_id = @employee_id AND network <> @network AND state = 'live'
ORDER BY bound_at, id;

-- name: BindAddress :exec
INSERT INTO address (employee_id, network, chat_id, state, bound_at)
SELECT @employee_id::bigint, @network::text, @chat_id::text, 'live', @at::timestamptz
WHERE NOT EXISTS (SELECT FROM address a WHERE a.employee_id = @employee_id::bigint AND a.network = @network::text
                  AND a.chat_id = @chat_id::text AND a.state = 'live');

-- name: RedirectPending :exec
-- What waits for the person goes to the new chat.
UPDATE outbox SET network = @network, chat_id = @new_chat
WHERE employee_id = @employee_id AND network = @network AND chat_id = @old_chat AND state = 'pending';

-- name: LinkGroup :exec
INSERT INTO opd_group (network, chat_id, opd_id, linked_at)
VALUES (@network, @chat_id, @opd_id, @linked_at)
ON CONFLICT (network, chat_id) DO UPDATE SET opd_id = excluded.opd_id, linked_at = excluded.linked_at;

-- name: FindInvite :one
SELECT i.token_hash, coalesce(i.employee_id, 0)::bigint AS employee_id, coalesce(o.name, '')::text AS opd,
       EXISTS (SELECT FROM address a WHERE a.employee_id = i.employee_id AND a.state = 'live')::boolean AS linked
FROM invite i LEFT JOIN opd o ON o.id = i.opd_id
WHERE i.token_hash = @token_hash AND i.used_at IS NULL AND i.expires_at > @at;

-- name: SilentMembers :many
SELECT m.employee_id, m.day, m.in_a_row, m.action,
       EXISTS (SELECT FROM report r WHERE r.employee_id = m.employee_id AND r.day = m.day AND r.state = 'submitted') AS reported,
       NOT EXISTS (SELECT FROM duty d WHERE d.employee_id = m.employee_id AND d.day = m.day AND d.state = 'due') AS settled,
       EXISTS (SELECT FROM address a WHERE a.employee_id = m.employee_id AND a.state = 'live') AS reached
FROM escalation e
JOIN escalation_member m ON m.escalation_id = e.id
JOIN employee p ON p.id = m.employee_id
WHERE e.id = @escalation_id AND e.receiver_id = @viewer
ORDER BY p.name, m.employee_id;

-- name: People :many
-- Who leads is looked up here and not by supervisor_on: the server plans the body
-- of a function again at each call, and this is asked for every message.
SELECT e.id, e.name, e.sex, e.lang, o.name AS opd, e.post, e.kind, coalesce(e.phone, '')::text AS phone,
       coalesce((SELECT s.name FROM reporting_line l JOIN employee s ON s.id = l.supervisor_id
    WHERE l.employee_id = e.id AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
    ORDER BY l.valid_from DESC LIMIT 1), '')::text AS supervisor,
       (SELECT count(*) FROM reporting_line l JOIN employee s ON s.id = l.employee_id AND s.active
        WHERE l.supervisor_id = e.id AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date))::integer AS staff
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE e.id = ANY(@ids::bigint[]) AND e.active;

-- name: MayMark :one
-- A person marks the own days; a supervisor those of the own line.
SELECT (@viewer::bigint = @employee_id::bigint
  OR EXISTS (SELECT FROM reporting_line l WHERE l.employee_id = @employee_id::bigint AND l.supervisor_id = @viewer::bigint
             AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @first_day::date))
  OR EXISTS (SELECT FROM escalation e JOIN escalation_member m ON m.escalation_id = e.id
             WHERE e.receiver_id = @viewer::bigint AND m.employee_id = @employee_id::bigint)
  OR stands_in(@viewer::bigint, supervisor_on(@employee_id::bigint, @day::date))
  OR EXISTS (SELECT FROM crew_member m WHERE m.foreman_id = @viewer::bigint AND m.employee_id = @employee_id::bigint
             AND m.valid_from <= @first_day::date AND (m.valid_to IS NULL OR m.valid_to > @first_day::date)))::boolean AS may;

-- name: AddAbsence :exec
INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_by, noted_at)
VALUES (@employee_id, @first_day, @last_day, @kind, @source, @state, @noted_by, @noted_at);

-- name: PatternOfEmployee :one
SELECT pattern FROM employee WHERE id = $1;

-- name: AbsencesOf :many
SELECT * FROM absence WHERE employee_id = @employee_id AND state <> 'refused'
  AND first_day <= @last_day::date AND last_day >= @first_day::date ORDER BY id;

-- name: ShiftsOf :many
SELECT * FROM shift WHERE employee_id = @employee_id AND day BETWEEN @first_day::date AND @last_day::date;

-- name: DutiesOf :many
SELECT * FROM duty WHERE employee_id = @employee_id AND day BETWEEN @first_day::date AND @last_day::date ORDER BY day;

-- name: PutDuty :exec
-- The times are those after outages; planned ones are kept beside them when they differ.
INSERT INTO duty (employee_id, day, state, reason, name, starts, ends, short_form, ask_at, deadline_at, late_until,
                  planned_deadline, planned_late, computed_at)
VALUES (@employee_id, @day, @state, @reason, @name, @starts, @ends, @short_form, @ask_at, @deadline_at, @late_until,
        @planned_deadline, @planned_late, @computed_at)
ON CONFLICT (employee_id, day) DO UPDATE
SET state = excluded.state, reason = excluded.reason, name = excluded.name, starts = excluded.starts, ends = excluded.ends,
    short_form = excluded.short_form, ask_at = excluded.ask_at, deadline_at = excluded.deadline_at,
    late_until = excluded.late_until, planned_deadline = excluded.planned_deadline, planned_late = excluded.planned_late,
    computed_at = excluded.computed_at;

-- name: LockPlan :one
-- One process at a time decides duties anew because of the policy.
SELECT policy FROM plan_state WHERE single FOR UPDATE;

-- name: SetPlan :exec
UPDATE plan_state SET policy = @policy WHERE single;

-- name: CalendarDays :many
SELECT * FROM calendar_day ORDER BY day;

-- name: PeopleWithDuty :many
SELECT DISTINCT employee_id FROM duty WHERE day BETWEEN @first_day::date AND @last_day::date ORDER BY employee_id;
