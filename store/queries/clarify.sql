-- name: ToClarify :many
-- People whose reports are missing for long: closed days on which they were asked,
-- newer than any they were asked to explain before. Nobody is asked while away or
-- while one is open, nor while something of theirs waits to be read.
SELECT e.id, e.name, e.sex, e.lang, array_agg(to_char(d.day, 'YYYY-MM-DD') ORDER BY d.day)::text[] AS missed
FROM duty d JOIN employee e ON e.id = d.employee_id AND e.active
WHERE d.day >= @first::date AND d.state = 'due' AND d.asked_at IS NOT NULL AND d.late_until <= @at::timestamptz
  AND d.day > coalesce((SELECT max(c.missed[cardinality(c.missed)]) FROM clarification c WHERE c.employee_id = e.id), '-infinity'::date)
  AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted')
  AND NOT outage_holds(d.employee_id, d.ask_at, d.deadline_at, @at::timestamptz)
  AND NOT EXISTS (SELECT FROM clarification c WHERE c.employee_id = e.id AND c.settled_at IS NULL)
  AND NOT EXISTS (SELECT FROM inbox i WHERE i.key = 'e' || e.id AND i.state = 'new')
  AND NOT EXISTS (SELECT FROM absence b WHERE b.employee_id = e.id AND b.state <> 'refused'
                  AND b.kind NOT IN ('DL', 'DIKLAT', 'WFH', 'WFA') AND @today::date BETWEEN b.first_day AND b.last_day)
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
GROUP BY e.id, e.name, e.sex, e.lang
HAVING count(*) >= @days::integer
ORDER BY e.id LIMIT @most::integer;

-- name: OpenClarifications :many
-- Those that are not settled, with how many of their days are still missing.
SELECT c.id, c.employee_id, e.name, e.sex, e.lang, e.number, e.post, o.name AS opd, ARRAY(SELECT to_char(m, 'YYYY-MM-DD') FROM unnest(c.missed) AS m)::text[] AS missed, c.state, c.since, c.kind, c.said, c.level,
       (c.explained_at IS NOT NULL)::boolean AS explained, (c.reminded_at IS NOT NULL)::boolean AS reminded,
       coalesce(h.id, 0)::bigint AS holder_id, coalesce(h.name, '')::text AS holder,
       (SELECT count(*) FROM duty d WHERE d.employee_id = c.employee_id AND d.day = ANY(c.missed) AND d.state = 'due'
          AND NOT EXISTS (SELECT FROM report r WHERE r.employee_id = d.employee_id AND r.day = d.day AND r.state = 'submitted'))::integer AS still
FROM clarification c
JOIN employee e ON e.id = c.employee_id AND e.active
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
LEFT JOIN employee h ON h.id = c.holder_id
WHERE c.settled_at IS NULL ORDER BY c.id;

-- name: BeginClarification :many
INSERT INTO clarification (employee_id, missed, since, asked_at)
VALUES (@employee_id, CAST(@missed::text[] AS date[]), @today::date, @at::timestamptz)
ON CONFLICT (employee_id) WHERE settled_at IS NULL DO NOTHING
RETURNING id;

-- name: MoveClarification :execrows
-- What the clock does; only from the states from which the move begins.
UPDATE clarification c SET
  state = CASE @move::text WHEN 'reminded' THEN c.state WHEN 'raised' THEN 'review' ELSE @move::text END,
  since = CASE @move::text WHEN 'reminded' THEN c.since ELSE @today::date END,
  reminded_at = CASE @move::text WHEN 'reminded' THEN @at::timestamptz ELSE c.reminded_at END,
  holder_id = CASE WHEN @move::text IN ('review', 'raised') THEN NULLIF(@holder::bigint, 0) ELSE c.holder_id END,
  level = c.level + CASE WHEN @move::text = 'raised' THEN 1 ELSE 0 END,
  decision = CASE @move::text WHEN 'accepted' THEN 'lapsed' ELSE c.decision END,
  settled_at = CASE WHEN @move::text IN ('accepted', 'void') THEN @at::timestamptz END
WHERE c.id = @id AND c.settled_at IS NULL AND c.state = ANY(CASE @move::text
  WHEN 'reminded' THEN '{asked}'::text[] WHEN 'review' THEN '{asked,explained}'::text[] WHEN 'care' THEN '{explained}'::text[]
  WHEN 'raised' THEN '{review}'::text[] WHEN 'accepted' THEN '{review}'::text[] WHEN 'forwarded' THEN '{asked,explained,review}'::text[]
  WHEN 'drafted' THEN '{forwarded}'::text[] ELSE '{asked,explained,review,forwarded}'::text[] END);

-- name: ClarificationFor :one
-- One that somebody may see, and as whom; the office sees it once it is theirs.
SELECT c.id, c.employee_id, c.state, (c.explained_at IS NOT NULL)::boolean AS explained, (CASE
         WHEN c.employee_id = @viewer::bigint THEN 'self'
         WHEN c.holder_id = @viewer::bigint THEN 'reader'
         ELSE 'office' END)::text AS seen_as
FROM clarification c JOIN employee e ON e.id = c.employee_id JOIN unit u ON u.id = e.unit_id
WHERE c.id = @id AND (c.employee_id = @viewer::bigint OR c.holder_id = @viewer::bigint
  OR c.state IN ('care', 'drafted', 'closed') AND EXISTS (SELECT FROM roles x WHERE x.employee_id = @viewer::bigint AND x.role = 'hr'
       AND x.valid_from <= @today::date AND (x.valid_to IS NULL OR x.valid_to > @today::date)
       AND (x.opd_id IS NULL OR x.opd_id = u.opd_id) AND (x.unit_id IS NULL OR x.unit_id = u.id)));

-- name: ExplainClarification :exec
-- The person's own words, kept with their digest in the record. Until a draft exists
-- an explanation takes it back to the superior.
WITH told AS (
  UPDATE clarification c SET kind = @kind::text, said = @said::text, hash = sha256(convert_to(@kind::text || E'\n' || @said::text, 'UTF8')),
    explained_at = @at::timestamptz, state = 'explained', since = @today::date
  WHERE c.id = @id AND c.employee_id = @employee_id AND c.explained_at IS NULL AND c.state IN ('asked', 'review', 'forwarded')
  RETURNING c.id, c.employee_id, c.hash
)
INSERT INTO audit (at, actor, action, subject, detail)
SELECT @at::timestamptz, 'employee:' || t.employee_id, 'clarification.explained', 'e' || t.employee_id,
       jsonb_build_object('clarification', t.id, 'sha256', encode(t.hash, 'hex'))
FROM told t;

-- name: RuleClarification :exec
UPDATE clarification c SET decision = @decision::text, decided_by = @by_id::bigint, since = @today::date,
  state = @decision::text, settled_at = CASE @decision::text WHEN 'accepted' THEN @at::timestamptz END
WHERE c.id = @id AND c.holder_id = @by_id::bigint AND c.state = 'review';

-- name: CloseClarification :exec
UPDATE clarification c SET decision = @decision::text, decided_by = @by_id::bigint, since = @today::date, state = 'closed', settled_at = @at::timestamptz
WHERE c.id = @id AND c.state IN ('care', 'drafted');
