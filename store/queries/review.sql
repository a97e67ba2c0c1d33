-- name: UnreadReports :many
-- What waits for a reviewer, oldest first.
SELECT u.id, u.employee_id, e.name, u.day, u.version, u.late, u.minutes,
       (SELECT count(*) FROM activity a WHERE a.report_id = u.id)::integer AS activities, v.at AS sent_at,
       (r.obstacle <> '')::boolean AS obstacle,
       (CASE WHEN u.superior_id <> u.reviewer_id THEN coalesce(h.name, '') ELSE '' END)::text AS stands_for
FROM unread_report u
JOIN report r ON r.id = u.id
JOIN employee e ON e.id = u.employee_id
LEFT JOIN employee h ON h.id = u.superior_id
JOIN report_version v ON v.report_id = u.id AND v.version = u.version
WHERE u.reviewer_id = @reviewer::bigint AND u.day >= @first::date
ORDER BY u.day, e.name, e.id;

-- name: ReportsBeside :many
-- What is known of reports besides their words.
SELECT r.id, r.employee_id, r.day,
       (SELECT count(*) FROM evidence x WHERE x.employee_id = r.employee_id AND x.day = r.day AND x.state = 'kept'
          AND x.reuse_of IS NOT NULL)::integer AS reused,
       (SELECT count(*) FROM report p
        WHERE p.employee_id = r.employee_id AND p.state = 'submitted' AND p.day < r.day AND p.day >= r.day - 14
          AND (SELECT string_agg(lower(a.description), '|' ORDER BY a.position) FROM activity a WHERE a.report_id = p.id)
            = (SELECT string_agg(lower(a.description), '|' ORDER BY a.position) FROM activity a WHERE a.report_id = r.id))::integer AS same,
       coalesce(d.ends - d.starts, 0)::integer AS span,
       EXISTS (SELECT FROM crew_report c WHERE c.report_id = r.id)::boolean AS crew,
       coalesce((SELECT t.said FROM contest t WHERE t.report_id = r.id AND t.state = 'open'), '')::text AS contested
FROM report r LEFT JOIN duty d ON d.employee_id = r.employee_id AND d.day = r.day
WHERE r.id = ANY(@ids::bigint[]);

-- name: EvidenceOfReports :many
-- The pieces of several reports that are kept or on their way.
SELECT r.id, x.inbox_id, x.kind FROM report r
JOIN evidence x ON x.employee_id = r.employee_id AND x.day = r.day AND x.state IN ('awaited', 'kept')
WHERE r.id = ANY(@ids::bigint[]) ORDER BY r.id, x.inbox_id;

-- name: AddSample :exec
-- What was shown whole beside a list, each version once; its writer sees that it
-- was opened.
WITH input AS (
  SELECT unnest(@reports::bigint[]) AS report_id, unnest(@versions::integer[]) AS version
), opened AS (
  INSERT INTO report_read (report_id, version, reader_id, at)
  SELECT i.report_id, i.version, @reviewer::bigint, @at::timestamptz FROM input i
  ON CONFLICT DO NOTHING
)
INSERT INTO review_sample (inbox_id, reviewer_id, report_id, version, at)
SELECT @inbox_id::bigint, @reviewer::bigint, i.report_id, i.version, @at::timestamptz FROM input i
ON CONFLICT DO NOTHING;

-- name: VerdictOf :one
-- The verdict on what was sent last; none when it waits or was undone.
SELECT w.verdict, w.grade, w.note, w.at, e.name AS reviewer
FROM report r
JOIN review w ON w.report_id = r.id AND w.version = r.version AND w.undone_at IS NULL
JOIN employee e ON e.id = w.reviewer_id
WHERE r.employee_id = @employee_id AND r.day = @day AND r.reviewed_version = r.version
ORDER BY w.id DESC LIMIT 1;

-- name: AddReviews :exec
-- Each for the version that was shown, by whoever may read it; the division
-- refuses all when one of them is not waiting any more.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee, unnest(@days::text[]) AS day, unnest(@versions::integer[]) AS version,
         unnest(@verdicts::text[]) AS verdict, unnest(@grades::text[]) AS grade, unnest(@notes::text[]) AS note
), target AS (
  SELECT u.id, i.version, i.verdict, i.grade, i.note, NULLIF(u.superior_id, @reviewer::bigint) AS for_id
  FROM input i JOIN unread_report u ON u.employee_id = i.employee AND u.day = i.day::date AND u.version = i.version
  WHERE u.reviewer_id = @reviewer::bigint
), marked AS (
  UPDATE report r SET reviewed_version = t.version, verdict = t.verdict, grade = t.grade
  FROM target t WHERE r.id = t.id AND r.version = t.version RETURNING r.id
), added AS (
  INSERT INTO review (report_id, version, reviewer_id, for_id, verdict, grade, note, inbox_id, at)
  SELECT t.id, t.version, @reviewer::bigint, t.for_id, t.verdict, t.grade, t.note, @inbox_id::bigint, @at::timestamptz FROM target t
)
SELECT 1 / (CASE WHEN (SELECT count(*) FROM marked) = (SELECT count(*) FROM input) THEN 1 ELSE 0 END);

-- name: ReviewsOf :many
-- The verdicts of one message of a reviewer that may still be taken back.
SELECT r.employee_id, r.day, w.verdict, w.grade
FROM review w JOIN report r ON r.id = w.report_id
WHERE w.inbox_id = @inbox_id AND w.reviewer_id = @reviewer_id AND w.undone_at IS NULL AND w.at > @since::timestamptz
  AND r.reviewed_version = r.version AND r.version = w.version
ORDER BY r.day, r.employee_id;

-- name: UndoReviews :exec
WITH undone AS (
  UPDATE review SET undone_at = @at::timestamptz
  WHERE inbox_id = @inbox_id AND reviewer_id = @reviewer_id AND undone_at IS NULL RETURNING report_id, version
)
UPDATE report r SET reviewed_version = 0, verdict = '', grade = ''
FROM undone u WHERE r.id = u.report_id AND r.reviewed_version = u.version AND r.version = u.version;
