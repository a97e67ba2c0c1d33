-- name: ReviewerLoads :many
-- Reachable readers who have to be told: of something nobody told them of, of
-- something that has waited, or of what went up today; above an id. Only those who
-- have chosen this minute of the day, or with -1 those who have chosen none between
-- from and until.
WITH waiting AS (
  SELECT u.reviewer_id AS id, count(*) AS n, min(u.day)::date AS oldest,
         count(*) FILTER (WHERE k.report_id IS NULL) AS fresh,
         count(*) FILTER (WHERE k.reminded_at IS NULL AND k.raised_at IS NULL AND v.at < @due_before::timestamptz) AS due
  FROM unread_report u
  JOIN report_version v ON v.report_id = u.id AND v.version = u.version
  LEFT JOIN review_clock k ON k.report_id = u.id AND k.version = u.version
  WHERE u.day >= @first::date AND u.reviewer_id > @after::bigint
  GROUP BY u.reviewer_id
), raised AS (
  SELECT r.supervisor_id AS id, count(*) AS n
  FROM review_clock k JOIN report r ON r.id = k.report_id
  WHERE k.raised_on = @today::date AND r.supervisor_id > @after::bigint
  GROUP BY r.supervisor_id
)
SELECT h.id, h.name, h.sex, h.lang, coalesce(w.n, 0)::integer AS waiting, coalesce(w.oldest, @today::date)::date AS oldest,
       coalesce(w.fresh, 0)::integer AS fresh, coalesce(w.due, 0)::integer AS due, coalesce(x.n, 0)::integer AS raised
FROM employee h
LEFT JOIN waiting w ON w.id = h.id
LEFT JOIN raised x ON x.id = h.id
WHERE h.active AND h.id > @after::bigint
  AND CASE WHEN @chosen::integer >= 0 THEN h.review_pref = @chosen::integer
      ELSE h.review_pref IS NULL OR h.review_pref < @earliest::integer OR h.review_pref >= @until::integer END
  AND (w.fresh > 0 OR w.due > 0 OR x.n > 0)
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = h.id AND a.state = 'live')
ORDER BY h.id LIMIT @most::integer;

-- name: ReadingHours :many
-- The minutes of the day that superiors have chosen, between two.
SELECT DISTINCT e.review_pref::integer AS minute FROM employee e
WHERE e.review_pref IS NOT NULL AND e.active AND e.review_pref >= @earliest::integer AND e.review_pref < @until::integer ORDER BY 1;

-- name: TellReviews :exec
-- All that waits for these readers is told of; what was sent before a moment, reminded of.
INSERT INTO review_clock (report_id, version, told_at, reminded_at)
SELECT u.id, u.version, @at::timestamptz, CASE WHEN v.at < @due_before::timestamptz THEN @at::timestamptz END
FROM unread_report u
JOIN report_version v ON v.report_id = u.id AND v.version = u.version
WHERE u.reviewer_id = ANY(@readers::bigint[]) AND u.day >= @first::date
ORDER BY u.id
ON CONFLICT (report_id, version) DO UPDATE SET reminded_at = coalesce(review_clock.reminded_at, excluded.reminded_at);

-- name: OverdueReviews :many
-- Reports that wait and were sent before a moment; told: their writer heard of such
-- a report in the two weeks before.
SELECT r.id, r.version, r.day, e.id AS writer_id, e.name AS writer, e.sex, e.lang,
       h.id AS head_id, h.name AS head, h.sex AS head_sex, h.lang AS head_lang,
       EXISTS (SELECT FROM review_clock x JOIN report y ON y.id = x.report_id
               WHERE y.employee_id = r.employee_id AND x.raised_at > @told_since::timestamptz) AS told
FROM report r
JOIN report_version v ON v.report_id = r.id AND v.version = r.version
JOIN employee e ON e.id = r.employee_id AND e.active
JOIN employee h ON h.id = r.supervisor_id
LEFT JOIN review_clock k ON k.report_id = r.id AND k.version = r.version
WHERE r.state = 'submitted' AND r.reviewed_version < r.version AND r.day >= @first::date
  AND v.at < @sent_before::timestamptz AND k.raised_at IS NULL AND r.id > @after::bigint
ORDER BY r.id LIMIT @most::integer;

-- name: RaiseReviews :exec
-- From now on they count as accepted, whatever is said of them later.
WITH input AS (
  SELECT unnest(@reports::bigint[]) AS report, unnest(@versions::integer[]) AS version, unnest(@tos::bigint[]) AS raised_to
)
INSERT INTO review_clock (report_id, version, told_at, raised_at, raised_on, raised_to)
SELECT i.report, i.version, @at::timestamptz, @at::timestamptz, @today::date, NULLIF(i.raised_to, 0)
FROM input i JOIN report r ON r.id = i.report AND r.version = i.version AND r.reviewed_version < r.version
ORDER BY i.report
ON CONFLICT (report_id, version) DO UPDATE SET raised_at = excluded.raised_at, raised_on = excluded.raised_on, raised_to = excluded.raised_to
WHERE review_clock.raised_at IS NULL;

-- name: LapsedAbout :one
-- Whether the time to read what was sent of a day is over without a reader.
SELECT EXISTS (SELECT FROM report r JOIN review_clock k ON k.report_id = r.id AND k.version = r.version AND k.raised_at IS NOT NULL
               WHERE r.employee_id = @employee_id AND r.day = @day::date AND r.state = 'submitted') AS lapsed;

-- name: ReviewSpeeds :many
-- How soon the reports of a span were read, by office: each with when it was sent
-- and when somebody judged that sending; the zero time: nobody yet.
SELECT o.name AS opd, v.at AS sent_at,
       coalesce((SELECT min(w.at) FROM review w WHERE w.report_id = r.id AND w.version = v.version AND w.undone_at IS NULL),
                '0001-01-01 00:00:00Z'::timestamptz)::timestamptz AS read_at
FROM report r
JOIN report_version v ON v.report_id = r.id AND v.version = r.version
JOIN unit u ON u.id = r.unit_id
JOIN opd o ON o.id = u.opd_id
WHERE r.day BETWEEN @first::date AND @last::date AND r.state = 'submitted' AND r.supervisor_id IS NOT NULL;
