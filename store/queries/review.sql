-- name: UnreadReports :many
-- What waits for a reviewer, oldest first.
SELECT u.employee_id, e.name, u.day, u.version, u.late, u.minutes,
       (SELECT count(*) FROM activity a WHERE a.report_id = u.id)::integer AS activities, v.at AS sent_at
FROM unread_report u
JOIN employee e ON e.id = u.employee_id
JOIN report_version v ON v.report_id = u.id AND v.version = u.version
WHERE u.reviewer_id = @reviewer::bigint AND u.day >= @first::date
ORDER BY u.day, e.name, e.id;

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
  SELECT u.id, i.version, i.verdict, i.grade, i.note
  FROM input i JOIN unread_report u ON u.employee_id = i.employee AND u.day = i.day::date AND u.version = i.version
  WHERE u.reviewer_id = @reviewer::bigint
), marked AS (
  UPDATE report r SET reviewed_version = t.version, verdict = t.verdict, grade = t.grade
  FROM target t WHERE r.id = t.id AND r.version = t.version RETURNING r.id
), added AS (
  INSERT INTO review (report_id, version, reviewer_id, verdict, grade, note, inbox_id, at)
  SELECT t.id, t.version, @reviewer::bigint, t.verdict, t.grade, t.note, @inbox_id::bigint, @at::timestamptz FROM target t
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

-- name: ReviewerLoads :many
-- Reachable reviewers with how much waits for each, above an id.
SELECT h.id, h.name, h.sex, h.lang, count(*) AS n, min(u.day)::date AS oldest
FROM unread_report u
JOIN employee h ON h.id = u.reviewer_id AND h.active
WHERE u.day >= @first::date AND h.id > @after::bigint
  AND EXISTS (SELECT FROM address a WHERE a.employee_id = h.id AND a.state = 'live')
GROUP BY h.id, h.name, h.sex, h.lang ORDER BY h.id LIMIT @most::integer;
