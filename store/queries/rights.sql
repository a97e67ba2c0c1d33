-- name: ReceiptOf :one
-- The newest kept version of a report, with how many there are.
SELECT r.id, r.day, r.state, coalesce(r.code, '')::text AS code, r.late, r.submitted_at, v.version, v.hash, v.at,
       (SELECT count(*) FROM report_version x WHERE x.report_id = r.id)::integer AS versions
FROM report r JOIN report_version v ON v.report_id = r.id
WHERE r.employee_id = @employee_id AND r.day = @day::date
ORDER BY v.version DESC LIMIT 1;

-- name: NewestReceiptDay :one
SELECT r.day FROM report r WHERE r.employee_id = @employee_id AND r.version > 0
  AND (@code::text = '' OR r.code = @code::text)
ORDER BY r.day DESC LIMIT 1;

-- name: ReadersOf :many
SELECT e.name, e.sex, min(x.at)::timestamptz AS at, coalesce((array_agg(x.reason ORDER BY x.at DESC) FILTER (WHERE x.reason <> ''))[1], '')::text AS reason
FROM report_read x JOIN employee e ON e.id = x.reader_id
WHERE x.report_id = @report_id GROUP BY e.id ORDER BY min(x.at), e.id LIMIT 5;

-- name: NoteRead :exec
-- The first opening of a version by a person counts, with the newest reason given.
INSERT INTO report_read (report_id, version, reader_id, at, reason)
SELECT r.id, r.version, @reader_id::bigint, @at::timestamptz, @reason::text
FROM report r WHERE r.employee_id = @employee_id AND r.day = @day::date AND r.state = 'submitted' AND r.employee_id <> @reader_id::bigint
ON CONFLICT (report_id, version, reader_id) DO UPDATE SET reason = excluded.reason WHERE excluded.reason <> '';

-- name: WithdrawReport :execrows
-- A sent report becomes a draft again. Its versions and its code stay.
WITH back AS (
  UPDATE report r SET state = 'draft', submitted_at = NULL, late = false
  WHERE r.employee_id = @employee_id AND r.day = @day::date AND r.state = 'submitted'
  RETURNING r.id, r.version
)
INSERT INTO report_withdrawal (report_id, version, reason, at, inbox_id)
SELECT b.id, b.version, @reason::text, @at::timestamptz, @inbox_id::bigint FROM back b;

-- name: StaffReports :many
-- The reports of a day of those whom somebody leads on it.
SELECT e.id, e.name, e.sex, coalesce(r.state, '')::text AS state, coalesce(r.late, false)::boolean AS late, r.submitted_at,
       d.state AS duty, d.reason
FROM duty d
JOIN employee e ON e.id = d.employee_id AND e.active
LEFT JOIN report r ON r.employee_id = e.id AND r.day = d.day
WHERE d.day = @day::date AND (supervisor_on(e.id, @day::date) = @viewer::bigint
  OR e.id <> @viewer::bigint AND stands_in(@viewer::bigint, supervisor_on(e.id, @day::date)))
ORDER BY e.name, e.id LIMIT 60;

-- name: MayRead :one
-- The one rule of who sees a report and what was sent with it: its writer, whoever
-- led the writer on its day, everybody above the writer in today's line, and HR for
-- the offices in its care.
WITH RECURSIVE line (id, depth) AS (
  SELECT @employee_id::bigint, 0
  UNION ALL
  SELECT l.supervisor_id, line.depth + 1 FROM line
  JOIN reporting_line l ON l.employee_id = line.id AND l.valid_from <= @today::date
    AND (l.valid_to IS NULL OR l.valid_to > @today::date)
  WHERE line.depth < 12
)
SELECT (EXISTS (SELECT FROM line WHERE line.id = @viewer::bigint)
  OR coalesce(supervisor_on(@employee_id::bigint, @day::date) = @viewer::bigint, false)
  OR EXISTS (SELECT FROM roles x JOIN employee e ON e.id = @employee_id::bigint JOIN unit u ON u.id = e.unit_id
    WHERE x.employee_id = @viewer::bigint AND x.role = 'hr' AND x.valid_from <= @today::date AND (x.valid_to IS NULL OR x.valid_to > @today::date)
      AND (x.opd_id IS NULL OR x.opd_id = u.opd_id) AND (x.unit_id IS NULL OR x.unit_id = u.id))
  OR EXISTS (SELECT FROM report r WHERE r.employee_id = @employee_id::bigint AND r.day = @day::date AND r.supervisor_id = @viewer::bigint)
  OR @employee_id::bigint <> @viewer::bigint AND EXISTS (SELECT FROM delegation g JOIN report r ON r.supervisor_id = g.superior_id
     WHERE g.state = 'active' AND g.stand_in_id = @viewer::bigint AND r.employee_id = @employee_id::bigint AND r.day = @day::date))::boolean AS may;

-- name: DutyWhy :one
SELECT d.*,
       EXISTS (SELECT FROM grace g WHERE g.employee_id = d.employee_id AND g.day = d.day
               AND g.deadline_at = d.deadline_at AND g.granted_at > d.ask_at) AS graced
FROM duty d WHERE d.employee_id = @employee_id AND d.day = @day::date;

-- name: SentAbout :many
-- What was really sent to a person about a day without being asked for.
SELECT o.kind, o.sent_at::timestamptz AS at FROM outbox o
WHERE o.employee_id = @employee_id AND o.about_day = @day::date AND o.kind IN ('ask', 'remind') AND o.state = 'sent'
ORDER BY o.sent_at, o.id LIMIT 10;

-- name: ToldAbout :many
-- Which superiors were told of a silent day.
SELECT h.name, h.sex, o.sent_at::timestamptz AS at
FROM escalation_member m
JOIN escalation x ON x.id = m.escalation_id
JOIN employee h ON h.id = x.receiver_id
JOIN outbox o ON o.key = 'escalate/' || x.id AND o.state = 'sent'
WHERE m.employee_id = @employee_id AND m.day = @day::date
ORDER BY o.sent_at, x.id LIMIT 5;

-- name: OutagesAbout :many
SELECT o.channel, o.started_at, o.ended_at FROM outage o, duty d
WHERE d.employee_id = @employee_id AND d.day = @day::date AND o.started_at < d.deadline_at
  AND coalesce(o.ended_at, @at::timestamptz) >= d.ask_at AND outage_concerns(o.channel, o.opd_id, d.employee_id)
ORDER BY o.started_at LIMIT 3;

-- name: SetAskTime :exec
UPDATE employee SET ask_pref = NULLIF(@minute::integer, -1) WHERE id = @id;

-- name: SetReadTime :exec
UPDATE employee SET review_pref = NULLIF(@minute::integer, -1) WHERE id = @id;

-- name: MoveQuestion :exec
-- The question of a day that is still to be asked.
UPDATE duty SET ask_at = @ask_at::timestamptz
WHERE employee_id = @employee_id AND day = @day AND state = 'due' AND asked_at IS NULL AND deadline_at > @ask_at::timestamptz;

-- name: AskPrefs :many
SELECT id, ask_pref::integer AS ask_pref FROM employee WHERE id = ANY(@ids::bigint[]) AND ask_pref IS NOT NULL;

-- name: Snooze :exec
-- One reminder moves: the first one of the policy is taken for sent, and what was put
-- off before is called off.
WITH off AS (
  UPDATE outbox o SET state = 'superseded', settled_at = @at::timestamptz
  WHERE o.employee_id = @employee_id AND o.about_day = @day::date AND o.state = 'pending' AND o.key LIKE 'jeda/%'
)
UPDATE duty d SET reminded = greatest(d.reminded, 1) WHERE d.employee_id = @employee_id AND d.day = @day::date AND d.state = 'due';

-- name: ConfirmPhone :exec
UPDATE address a SET phone = e.phone, told = '', told_at = NULL
FROM employee e
WHERE e.id = a.employee_id AND a.employee_id = @employee_id AND a.network = @network AND a.chat_id = @chat_id AND a.state <> 'closed';

-- name: FormerPerson :one
SELECT e.id, e.name, e.sex, e.lang FROM employee e WHERE e.id = @id AND NOT e.active;

-- name: ChatsToEnd :many
-- Live chats of people who have left, or whose number is another now, to whom
-- that was not said yet.
SELECT a.id, a.employee_id, a.network, a.chat_id, e.name, e.sex, e.lang, coalesce(e.phone, '')::text AS phone, (NOT e.active)::boolean AS gone
FROM address a JOIN employee e ON e.id = a.employee_id
WHERE a.state = 'live'
  AND ((NOT e.active AND a.told <> 'left') OR (e.active AND a.told = '' AND e.phone IS NOT NULL AND a.phone IS DISTINCT FROM e.phone))
ORDER BY a.id LIMIT @most::integer;

-- name: NoteTold :execrows
UPDATE address SET told = @told, told_at = @at WHERE id = @id AND state = 'live' AND told <> @told;

-- name: CloseUnconfirmed :many
-- Chats that did not confirm the new number in time.
UPDATE address a SET state = 'closed', ended_at = @at::timestamptz
FROM employee e
WHERE a.state = 'live' AND a.told = 'number' AND a.told_at <= @before::timestamptz
  AND e.id = a.employee_id AND a.phone IS DISTINCT FROM e.phone
RETURNING a.id, a.employee_id, a.network, a.chat_id, e.name, e.sex, e.lang, coalesce(e.phone, '')::text AS phone;

-- name: Retire :one
-- Messages that wait for the person and have a reason are called off by their guard.
WITH gone AS (
  UPDATE employee e SET active = false WHERE e.number = @number AND e.active RETURNING e.id
)
INSERT INTO audit (at, actor, action, subject)
SELECT @at::timestamptz, 'system', 'person.left', 'e' || g.id FROM gone g
RETURNING subject;
