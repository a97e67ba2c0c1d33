-- name: AddEscalations :many
WITH input AS (
  SELECT unnest(@receivers::bigint[]) AS receiver, unnest(@revisions::integer[]) AS revision, unnest(@notes::jsonb[]) AS notes
)
INSERT INTO escalation (receiver_id, day, revision, notes, created_at)
SELECT i.receiver, @day::date, i.revision, i.notes, @at::timestamptz FROM input i
ON CONFLICT (receiver_id, day, revision) DO NOTHING
RETURNING id, receiver_id;

-- name: AddEscalationMembers :exec
INSERT INTO escalation_member (escalation_id, employee_id, day, in_a_row, step, ack_days, in_month)
SELECT unnest(@escalations::bigint[]), unnest(@employees::bigint[]), unnest(@days::text[])::date, unnest(@in_a_rows::integer[]),
       unnest(@steps::text[]), unnest(@ack_days::integer[]), unnest(@in_months::integer[]);

-- name: SupersededDigests :many
-- A digest without a member is one that only tells of offices by now.
WITH newest AS (
  SELECT DISTINCT ON (x.receiver_id) x.id, x.receiver_id, x.revision, x.notes FROM escalation x
  WHERE x.day = @day::date ORDER BY x.receiver_id, x.revision DESC
), open AS (
  SELECT m.escalation_id, m.employee_id, m.day, m.in_a_row, m.step, m.ack_days, m.in_month, e.name
  FROM escalation_member m
  JOIN employee e ON e.id = m.employee_id AND e.active
  JOIN duty d ON d.employee_id = m.employee_id AND d.day = m.day AND d.state = 'due'
  WHERE m.escalation_id IN (SELECT n.id FROM newest n) AND m.action = ''
    AND NOT EXISTS (SELECT FROM report x WHERE x.employee_id = m.employee_id AND x.day = m.day AND x.state = 'submitted')
)
SELECT n.receiver_id, r.name AS receiver, r.sex, r.lang, n.revision, n.notes, coalesce(m.employee_id, 0)::bigint AS employee_id,
       coalesce(m.name, '')::text AS name, coalesce(m.day, @day::date)::date AS day, coalesce(m.in_a_row, 0)::integer AS in_a_row,
       coalesce(m.step, '')::text AS step, coalesce(m.ack_days, 0)::integer AS ack_days, coalesce(m.in_month, 0)::integer AS in_month,
       EXISTS (SELECT FROM address a WHERE a.employee_id = m.employee_id AND a.state = 'live') AS live
FROM newest n
JOIN outbox o ON o.key = 'escalate/' || n.id AND o.state = 'superseded'
JOIN employee r ON r.id = n.receiver_id AND r.active
LEFT JOIN open m ON m.escalation_id = n.id
WHERE m.employee_id IS NOT NULL OR jsonb_array_length(n.notes) > 0
ORDER BY n.receiver_id, m.name, m.employee_id;

-- name: LadderTold :many
-- When each step of the ladder told of a person last, and of which silent day.
-- Digests that did not go out have told nothing.
SELECT m.employee_id, m.step, max(x.day)::date AS sent, max(m.day)::date AS newest
FROM escalation_member m
JOIN escalation x ON x.id = m.escalation_id
JOIN outbox o ON o.key = 'escalate/' || x.id AND o.state NOT IN ('superseded', 'expired', 'failed')
WHERE m.employee_id = ANY(@ids::bigint[]) AND m.step <> '' AND x.day >= @back::date
GROUP BY m.employee_id, m.step;

-- name: LadderRests :many
-- For whom an acknowledgement holds the ladder on a day, and until when.
SELECT a.employee_id, max(a.until)::date AS until FROM ladder_ack a
WHERE a.employee_id = ANY(@ids::bigint[]) AND a.until >= @day::date GROUP BY a.employee_id;

-- name: LadderPlaces :many
SELECT e.id, o.name AS opd, u.name AS unit
FROM employee e JOIN unit u ON u.id = e.unit_id JOIN opd o ON o.id = u.opd_id WHERE e.active;

-- name: AwayToday :many
-- Of these people, who is on confirmed leave on a day, however short.
SELECT DISTINCT b.employee_id FROM absence b
WHERE b.employee_id = ANY(@ids::bigint[]) AND b.state = 'confirmed' AND @day::date BETWEEN b.first_day AND b.last_day
  AND b.kind NOT IN ('DL', 'DIKLAT', 'WFH', 'WFA');

-- name: OfficeWeeks :many
-- What came in of each office in a week, of what people were asked for and could
-- answer; told are the steps whose digest about it went out.
SELECT o.name AS opd, count(*)::integer AS due,
       count(*) FILTER (WHERE EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted'))::integer AS reports,
       ARRAY(SELECT DISTINCT n.note->>'step' FROM escalation x
             JOIN outbox b ON b.key = 'escalate/' || x.id AND b.state NOT IN ('superseded', 'expired', 'failed')
             CROSS JOIN LATERAL jsonb_array_elements(x.notes) AS n(note)
             WHERE x.day > @last::date AND n.note->>'opd' = o.name AND n.note->>'first' = to_char(@first::date, 'YYYY-MM-DD'))::text[] AS told
FROM duty d
JOIN employee e ON e.id = d.employee_id AND e.active
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE d.day BETWEEN @first::date AND @last::date AND d.state = 'due' AND d.asked_at IS NOT NULL
  AND NOT outage_holds(d.employee_id, d.ask_at, d.deadline_at, d.deadline_at)
GROUP BY o.id, o.name ORDER BY o.name;

-- name: AddLadderAcks :exec
-- Only the receiver of a digest can acknowledge who is in it.
INSERT INTO ladder_ack (escalation_id, employee_id, by_id, until, at)
SELECT m.escalation_id, m.employee_id, x.receiver_id, @until::date, @at::timestamptz
FROM escalation_member m JOIN escalation x ON x.id = m.escalation_id
WHERE m.escalation_id = @escalation_id AND m.employee_id = @employee_id AND x.receiver_id = @viewer;

-- name: LadderMembers :many
-- What a digest's rows know of the ladder, for its receiver.
SELECT m.employee_id, m.ack_days,
       EXISTS (SELECT FROM ladder_ack a WHERE a.employee_id = m.employee_id AND a.until >= @today::date) AS contacted
FROM escalation_member m JOIN escalation x ON x.id = m.escalation_id
WHERE m.escalation_id = @escalation_id AND x.receiver_id = @viewer;

-- name: StillOver :many
-- Of these people, whom somebody leads on a day, from whatever height, or looks
-- after by a role.
WITH RECURSIVE line (person, id, depth) AS (
  SELECT p, p, 0 FROM unnest(@ids::bigint[]) AS p
  UNION ALL
  SELECT line.person, l.supervisor_id, line.depth + 1 FROM line
  JOIN reporting_line l ON l.employee_id = line.id AND l.valid_from <= @today::date
    AND (l.valid_to IS NULL OR l.valid_to > @today::date)
  WHERE line.depth < 12
)
SELECT DISTINCT line.person::bigint AS person FROM line WHERE line.depth > 0 AND line.id = @viewer::bigint
UNION
SELECT e.id FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN roles x ON x.employee_id = @viewer::bigint AND x.role IN ('opd_admin', 'hr')
  AND x.valid_from <= @today::date AND (x.valid_to IS NULL OR x.valid_to > @today::date)
  AND (x.opd_id IS NULL OR x.opd_id = u.opd_id) AND (x.unit_id IS NULL OR x.unit_id = u.id)
WHERE e.id = ANY(@ids::bigint[]) AND e.id <> @viewer::bigint;

-- name: MonthListed :many
-- People with many closed days without a report in a span, of those on which they
-- were asked, with who leads them now.
SELECT e.name, e.number, e.post, o.name AS opd,
       coalesce((SELECT s.name FROM reporting_line l JOIN employee s ON s.id = l.supervisor_id
                 WHERE l.employee_id = e.id AND l.valid_from <= @today::date AND (l.valid_to IS NULL OR l.valid_to > @today::date)
                 ORDER BY l.valid_from DESC LIMIT 1), '')::text AS superior,
       count(*)::integer AS missed
FROM duty d
JOIN employee e ON e.id = d.employee_id AND e.active
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE d.day BETWEEN @first::date AND @last::date AND d.state = 'due' AND d.asked_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
  AND NOT outage_holds(d.employee_id, d.ask_at, d.deadline_at, d.deadline_at)
GROUP BY e.id, e.name, e.number, e.post, o.name HAVING count(*) >= @least::integer
ORDER BY o.name, e.name, e.id;
