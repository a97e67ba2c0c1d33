-- name: WithoutDuty :many
SELECT e.id, e.pattern, s.starts, s.ends, s.label
FROM employee e LEFT JOIN shift s ON s.employee_id = e.id AND s.day = @day::date
WHERE e.active AND e.id > @after::bigint
  AND NOT EXISTS (SELECT FROM duty d WHERE d.employee_id = e.id AND d.day = @day::date)
ORDER BY e.id LIMIT @most::integer;

-- name: AbsencesOn :many
SELECT employee_id, kind, first_day, last_day, state FROM absence
WHERE employee_id = ANY(@ids::bigint[]) AND state <> 'refused' AND first_day <= @day::date AND last_day >= @day::date
ORDER BY id;

-- name: AddDuties :execrows
-- One that exists stays as it is. Whoever has no chat is set aside at once, so that
-- the first look for whom to ask does not go through everybody who has yet to enrol.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@days::text[])::date AS day, unnest(@states::text[]) AS state,
         unnest(@reasons::text[]) AS reason, unnest(@names::text[]) AS name, unnest(@starts::integer[]) AS starts,
         unnest(@ends::integer[]) AS ends, unnest(@short_forms::boolean[]) AS short_form,
         unnest(@ask_ats::timestamptz[]) AS ask_at, unnest(@deadlines::timestamptz[]) AS deadline_at,
         unnest(@late_untils::timestamptz[]) AS late_until
)
INSERT INTO duty (employee_id, day, state, reason, name, starts, ends, short_form, ask_at, deadline_at, late_until, unreached, computed_at)
SELECT i.employee, i.day, i.state, i.reason, i.name, i.starts, i.ends, i.short_form,
       CASE WHEN i.state <> 'not_due' THEN i.ask_at END, CASE WHEN i.state <> 'not_due' THEN i.deadline_at END,
       CASE WHEN i.state <> 'not_due' THEN i.late_until END,
       i.state = 'due' AND NOT EXISTS (SELECT FROM address a WHERE a.employee_id = i.employee AND a.state = 'live'),
       @at::timestamptz
FROM input i ORDER BY i.employee, i.day
ON CONFLICT (employee_id, day) DO NOTHING;

-- name: ToAsk :many
-- since only bounds the search: nobody's deadline is that long after the question.
-- Nobody of a crew is asked: the foreman reports for them.
SELECT e.id, e.name, e.sex, e.lang, d.day, d.reason, d.short_form,
       d.deadline_at::timestamptz AS deadline_at, d.late_until::timestamptz AS late_until,
       EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'draft'
               AND EXISTS (SELECT FROM activity w WHERE w.report_id = r.id)) AS draft,
       EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day BETWEEN d.day - 7 AND d.day - 1
               AND r.state = 'submitted') AS recent
FROM duty d JOIN employee e ON e.id = d.employee_id AND e.active
WHERE d.state = 'due' AND d.asked_at IS NULL AND NOT d.unreached AND d.ask_at <= @at::timestamptz AND d.ask_at > @since::timestamptz
  AND d.deadline_at > @before::timestamptz AND e.id > @after::bigint
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
  AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
  AND NOT outage_holds(d.employee_id, d.ask_at, d.deadline_at, @at::timestamptz)
  AND NOT EXISTS (SELECT FROM crew_member c WHERE c.employee_id = e.id AND c.valid_to IS NULL)
ORDER BY e.id, d.day LIMIT @most::integer;

-- name: SetUnreachedAside :execrows
-- Those who have no live address; what another replica has at hand is left to it.
WITH picked AS (
  SELECT d.employee_id, d.day FROM duty d
  WHERE d.state = 'due' AND d.asked_at IS NULL AND NOT d.unreached AND d.ask_at <= @at::timestamptz AND d.ask_at > @since::timestamptz
    AND NOT EXISTS (SELECT FROM address a WHERE a.employee_id = d.employee_id AND a.state = 'live')
  LIMIT @most::integer FOR UPDATE OF d SKIP LOCKED
)
UPDATE duty d SET unreached = true FROM picked p
WHERE d.employee_id = p.employee_id AND d.day = p.day;

-- name: TakeReachedBack :exec
-- A chat that was bound in the moment of setting aside was not seen there.
UPDATE duty d SET unreached = false
WHERE d.state = 'due' AND d.asked_at IS NULL AND d.unreached AND d.ask_at <= @at::timestamptz AND d.ask_at > @since::timestamptz
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = d.employee_id AND a.state = 'live');

-- name: Unreachable :one
SELECT count(*)::integer AS people
FROM duty d JOIN employee e ON e.id = d.employee_id AND e.active
WHERE d.state = 'due' AND d.asked_at IS NULL AND d.unreached AND d.ask_at <= @at::timestamptz AND d.ask_at > @since::timestamptz
  AND d.deadline_at > @before::timestamptz
  AND NOT EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
  AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
  AND NOT EXISTS (SELECT FROM crew_member c WHERE c.employee_id = e.id AND c.valid_to IS NULL);

-- name: OverdueQuestion :one
-- The oldest question that should have been asked by now; see ToAsk. Rows are read
-- in the order of their times and the first that holds ends it: the least of all
-- would look at everybody's addresses and outages at each look.
SELECT coalesce((
  SELECT d.ask_at FROM duty d JOIN employee e ON e.id = d.employee_id AND e.active
  WHERE d.state = 'due' AND d.asked_at IS NULL AND NOT d.unreached AND d.ask_at <= @at::timestamptz AND d.ask_at > @since::timestamptz
    AND d.deadline_at > @before::timestamptz
    AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
    AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
    AND NOT outage_holds(d.employee_id, d.ask_at, d.deadline_at, @at::timestamptz)
    AND NOT EXISTS (SELECT FROM crew_member c WHERE c.employee_id = e.id AND c.valid_to IS NULL)
  ORDER BY d.ask_at LIMIT 1), @at::timestamptz)::timestamptz AS since;

-- name: MarkAsked :many
-- What another replica marks just now is left to it. Each is looked up by itself,
-- and rows are compared whole, because only the index that begins with the person
-- can do that: joined, everybody's duty would be gone through for each of them.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@days::text[])::date AS day
), picked AS (
  SELECT d.employee_id, d.day FROM input i
  CROSS JOIN LATERAL (
    SELECT x.employee_id, x.day FROM duty x
    WHERE (x.employee_id, x.day) >= (i.employee, i.day) AND (x.employee_id, x.day) <= (i.employee, i.day)
      AND x.state = 'due' AND x.asked_at IS NULL
    FOR UPDATE SKIP LOCKED
  ) d
)
UPDATE duty d SET asked_at = @at::timestamptz FROM picked p
WHERE d.employee_id = p.employee_id AND d.day = p.day
RETURNING d.employee_id, d.day;

-- name: ToRemindBeforeDeadline :many
-- Who was asked after the reminder's moment has just been asked.
SELECT e.id, e.name, e.sex, e.lang, d.day, d.reason, d.short_form,
       d.deadline_at::timestamptz AS deadline_at, d.late_until::timestamptz AS late_until,
       EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'draft'
               AND EXISTS (SELECT FROM activity w WHERE w.report_id = r.id)) AS draft,
       false AS recent
FROM duty d JOIN employee e ON e.id = d.employee_id AND e.active
WHERE d.state = 'due' AND d.reminded < @step::integer
  AND d.deadline_at > @at::timestamptz AND d.deadline_at <= @until::timestamptz
  AND d.asked_at < d.deadline_at - @lead::interval AND e.id > @after::bigint
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
  AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
  AND NOT outage_holds(d.employee_id, d.ask_at, d.deadline_at, @at::timestamptz)
  AND NOT EXISTS (SELECT FROM crew_member c WHERE c.employee_id = e.id AND c.valid_to IS NULL)
ORDER BY e.id, d.day LIMIT @most::integer;

-- name: ToRemindAfterDeadline :many
-- Nobody is disturbed on a day of leave or illness.
SELECT e.id, e.name, e.sex, e.lang, d.day, d.reason, d.short_form,
       d.deadline_at::timestamptz AS deadline_at, d.late_until::timestamptz AS late_until,
       EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'draft'
               AND EXISTS (SELECT FROM activity w WHERE w.report_id = r.id)) AS draft,
       false AS recent
FROM duty d JOIN employee e ON e.id = d.employee_id AND e.active
WHERE d.state = 'due' AND d.reminded < @step::integer
  AND d.late_until > @at::timestamptz AND d.late_until <= @until::timestamptz AND d.deadline_at <= @at::timestamptz
  AND e.id > @after::bigint
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
  AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
  AND NOT EXISTS (SELECT FROM absence b WHERE b.employee_id = e.id AND b.state <> 'refused'
                  AND b.kind NOT IN ('DL', 'DIKLAT', 'WFH', 'WFA') AND @today::date BETWEEN b.first_day AND b.last_day)
  AND NOT EXISTS (SELECT FROM crew_member c WHERE c.employee_id = e.id AND c.valid_to IS NULL)
ORDER BY e.id, d.day LIMIT @most::integer;

-- name: MarkReminded :many
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@days::text[])::date AS day
), picked AS (
  SELECT d.employee_id, d.day FROM duty d JOIN input i ON d.employee_id = i.employee AND d.day = i.day
  WHERE d.state = 'due' AND d.reminded < @step::integer
  ORDER BY d.employee_id, d.day FOR UPDATE OF d SKIP LOCKED
)
UPDATE duty d SET reminded = @step::integer FROM picked p
WHERE d.employee_id = p.employee_id AND d.day = p.day
RETURNING d.employee_id, d.day;

-- name: JobProgress :one
SELECT coalesce((result->>'after')::bigint, 0)::bigint AS after, coalesce((result->>'done')::boolean, false)::boolean AS done
FROM job_run WHERE job = @job AND period = @period;

-- name: AdvanceJob :execrows
-- The fence: of two replicas at the same step only one changes the row.
INSERT INTO job_run (job, period, started_at, result)
VALUES (@job, @period, @at, jsonb_build_object('after', @after::bigint, 'done', @done::boolean, 'counts', @counts::jsonb))
ON CONFLICT (job, period) DO UPDATE SET result = excluded.result || jsonb_build_object('counts', (
    SELECT coalesce(jsonb_object_agg(c.k, c.n), '{}') FROM (
      SELECT b.k, sum(b.v::bigint) AS n
      FROM (SELECT x.k, x.v FROM jsonb_each_text(job_run.result->'counts') AS x(k, v)
            UNION ALL SELECT y.k, y.v FROM jsonb_each_text(excluded.result->'counts') AS y(k, v)) b
      GROUP BY b.k) c))
WHERE (job_run.result->>'after')::bigint = @from_id::bigint AND NOT (job_run.result->>'done')::boolean;

-- name: SilentDays :many
-- Due days whose deadline is over, of people with one that no digest told of;
-- a digest that did not go out has told nothing, and one that nobody acted on
-- before the person moved is for the new superior to hear.
-- Only days count on which we asked, or could not for want of an address. Whose
-- message waits to be read is left for the next digest.
WITH past AS (
  SELECT d.employee_id, d.day, l.live::boolean AS live, coalesce(d.day <= t.day, false)::boolean AS told,
         (d.asked_at IS NOT NULL)::boolean AS asked,
         EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted') AS reported
  FROM duty d
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM address a WHERE a.employee_id = d.employee_id AND a.state = 'live') AS live) l
  LEFT JOIN LATERAL (SELECT max(m.day) AS day FROM escalation_member m
                     JOIN outbox o ON o.key = 'escalate/' || m.escalation_id
                     WHERE m.employee_id = d.employee_id AND o.state NOT IN ('superseded', 'expired', 'failed')
                       AND NOT (m.action = '' AND EXISTS (
                         SELECT FROM mutation_move v JOIN mutation u ON u.id = v.mutation_id AND u.state = 'applied'
                         JOIN escalation x ON x.id = m.escalation_id AND x.created_at < u.settled_at
                         WHERE v.employee_id = m.employee_id))) t ON true
  WHERE d.state = 'due' AND d.deadline_at <= @at::timestamptz AND d.day >= @back::date
    AND (d.asked_at IS NOT NULL OR NOT l.live)
    AND NOT outage_holds(d.employee_id, d.ask_at, d.deadline_at, @at::timestamptz)
)
SELECT e.id, e.name, p.live, p.day, p.reported, p.told, p.asked
FROM past p JOIN employee e ON e.id = p.employee_id AND e.active
WHERE EXISTS (SELECT FROM past x WHERE x.employee_id = p.employee_id AND x.day >= @first::date AND NOT x.reported AND NOT x.told)
  AND NOT EXISTS (SELECT FROM inbox i WHERE i.key = 'e' || p.employee_id AND i.state = 'new')
  AND NOT EXISTS (SELECT FROM crew_member c WHERE c.employee_id = e.id AND c.valid_to IS NULL)
ORDER BY e.id, p.day DESC;

-- name: CommandLines :many
SELECT l.employee_id, l.supervisor_id, l.valid_from, (l.valid_to - 1)::date AS last_day, e.active
FROM reporting_line l JOIN employee e ON e.id = l.employee_id
WHERE l.valid_to IS NULL OR l.valid_to > @since::date;

-- name: CommandHeads :many
SELECT e.id, e.name, e.sex, e.lang, EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live') AS live,
       EXISTS (SELECT FROM absence b WHERE b.employee_id = e.id AND b.state = 'confirmed' AND @today::date BETWEEN b.first_day AND b.last_day
               AND b.kind NOT IN ('DL', 'DIKLAT', 'WFH', 'WFA')) AS away
FROM employee e WHERE e.active AND EXISTS (SELECT FROM reporting_line l WHERE l.supervisor_id = e.id);

-- name: WeekPeople :many
SELECT e.id FROM employee e
WHERE e.active AND e.id > @after::bigint
  AND EXISTS (SELECT FROM duty d WHERE d.employee_id = e.id AND d.day BETWEEN @first::date AND @last::date AND d.state = 'due')
ORDER BY e.id LIMIT @most::integer;

-- name: PersonWeeks :many
-- The minutes of activities that serve no item of the plan are only known of reports
-- that were sent with a plan.
SELECT e.id, e.name AS person, e.sex, e.lang, EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live') AS live,
       d.day, d.state, d.reason, d.name, d.late_until, d.asked_at,
       coalesce(r.id, 0)::bigint AS report_id, coalesce(r.late, false)::boolean AS late, coalesce(r.minutes, 0)::integer AS minutes,
       coalesce((SELECT sum(a.minutes) FROM activity_plan x JOIN activity a ON a.report_id = x.report_id AND a.position = x.position
                 WHERE x.report_id = r.id AND x.item_id IS NULL), 0)::integer AS additional,
       coalesce(CASE WHEN r.reviewed_version = r.version THEN r.grade END, '')::text AS grade,
       EXISTS (SELECT FROM review_clock k WHERE k.report_id = r.id AND k.version = r.version AND k.raised_at IS NOT NULL) AS lapsed
FROM employee e
JOIN duty d ON d.employee_id = e.id AND d.day BETWEEN @first::date AND @last::date
LEFT JOIN report r ON r.employee_id = e.id AND r.day = d.day AND r.state = 'submitted'
WHERE e.id = ANY(@ids::bigint[])
ORDER BY e.id, d.day;

-- name: WeekRecords :many
SELECT employee_id, record FROM score_period
WHERE employee_id = ANY(@ids::bigint[]) AND period = 'week' AND first_day = @first::date;

-- name: SaveScores :exec
-- A week is scored again while its late windows close; the unit stays that of the
-- first time. A score that is new or came out otherwise leaves its digest in the record.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@rubrics::text[]) AS rubric, unnest(@records::jsonb[]) AS record,
         unnest(@points::text[]) AS points
), kept AS (
  INSERT INTO score_period (employee_id, period, first_day, last_day, unit_id, rubric, record, points, computed_at)
  SELECT i.employee, 'week', @first::date, @last::date, e.unit_id, i.rubric, i.record, NULLIF(i.points, ''), @at::timestamptz
  FROM input i JOIN employee e ON e.id = i.employee ORDER BY i.employee
  ON CONFLICT (employee_id, period, first_day) DO UPDATE
  SET rubric = excluded.rubric, record = excluded.record, points = excluded.points, computed_at = excluded.computed_at
  WHERE (score_period.rubric, score_period.record, score_period.points)
    IS DISTINCT FROM (excluded.rubric, excluded.record, excluded.points)
  RETURNING employee_id, period, first_day, rubric, record, points
)
INSERT INTO audit (at, actor, action, subject, detail)
SELECT @at::timestamptz, 'system', 'score.kept', 'e' || k.employee_id,
       jsonb_build_object('period', k.period, 'first', k.first_day, 'sha256',
         encode(sha256(convert_to(k.rubric || E'\n' || coalesce(k.points, '') || E'\n' || k.record::text, 'UTF8')), 'hex'))
FROM kept k ORDER BY k.employee_id;

-- name: Supervisors :many
SELECT h.id, h.name, h.sex, h.lang, array_agg(e.id ORDER BY e.id)::bigint[] AS staff
FROM employee h
JOIN reporting_line l ON l.supervisor_id = h.id AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
JOIN employee e ON e.id = l.employee_id AND e.active
WHERE h.active AND h.id > @after::bigint AND EXISTS (SELECT FROM address a WHERE a.employee_id = h.id AND a.state = 'live')
GROUP BY h.id ORDER BY h.id LIMIT @most::integer;

-- name: OfficesWithGroup :many
SELECT o.id, o.name, array_agg(g.network ORDER BY g.linked_at, g.chat_id)::text[] AS networks,
       array_agg(g.chat_id ORDER BY g.linked_at, g.chat_id)::text[] AS chats,
       ARRAY(SELECT e.id FROM employee e JOIN unit u ON u.id = e.unit_id WHERE u.opd_id = o.id AND e.active ORDER BY e.id)::bigint[] AS staff
FROM opd o JOIN opd_group g ON g.opd_id = o.id
WHERE o.id > @after::bigint
GROUP BY o.id ORDER BY o.id LIMIT @most::integer;

-- name: OfficeRates :many
SELECT s.first_day, sum((s.record->'result'->>'due_days')::integer)::integer AS due,
       sum((s.record->'result'->>'on_time')::integer + (s.record->'result'->>'late')::integer)::integer AS reports
FROM score_period s JOIN unit u ON u.id = s.unit_id
WHERE u.opd_id = @opd AND s.period = 'week' AND s.first_day >= @first::date
GROUP BY s.first_day ORDER BY s.first_day;

-- name: PeopleOfPattern :many
SELECT e.id, e.name, e.sex, e.lang FROM employee e
WHERE e.active AND e.pattern = @pattern AND e.id > @after::bigint
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
ORDER BY e.id LIMIT @most::integer;

-- name: UnsentDrafts :many
-- Drafts with activities whose deadline has come and whose conversation was not
-- told yet; the message's name is that of conversations.CloseDraft.
SELECT a.network, a.chat_id, d.day
FROM duty d
JOIN report r ON r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'draft'
JOIN LATERAL (
  SELECT x.network, x.chat_id FROM address x
  WHERE x.employee_id = d.employee_id AND x.state = 'live'
  ORDER BY x.bound_at DESC, x.id DESC LIMIT 1
) a ON true
WHERE d.state = 'due' AND d.deadline_at > @since AND d.deadline_at <= @at
  AND EXISTS (SELECT 1 FROM activity v WHERE v.report_id = r.id)
  AND NOT EXISTS (
    SELECT 1 FROM inbox i
    WHERE i.network = a.network AND i.account = 'timer'
      AND i.ext_id = 'close:' || a.network || ':' || a.chat_id || ':' || d.day::text)
ORDER BY d.employee_id, d.day
LIMIT @most::integer;

-- name: BookedScores :many
-- Stored scores of whole weeks between two days, in the order of their key, with
-- whom and which office they are of.
SELECT s.employee_id, s.first_day, e.number, e.name, o.name AS opd, s.record
FROM score_period s JOIN employee e ON e.id = s.employee_id JOIN unit u ON u.id = s.unit_id JOIN opd o ON o.id = u.opd_id
WHERE s.period = 'week' AND s.first_day >= @from_day::date AND s.last_day <= @to_day::date
  AND (s.employee_id, s.first_day) > (@employee_id::bigint, @first_day::date)
ORDER BY s.employee_id, s.first_day LIMIT @most::integer;
