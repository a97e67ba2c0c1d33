-- name: OldMessages :one
-- Of the next messages after an id, how far those reach that came before a
-- moment: nothing younger lies up to there.
WITH next AS (
  SELECT i.id, i.received_at FROM inbox i WHERE i.id > @after::bigint ORDER BY i.id LIMIT @most::integer
), young AS (
  SELECT min(n.id) AS id FROM next n WHERE n.received_at >= @before::timestamptz
)
SELECT coalesce(max(n.id), @after::bigint)::bigint AS upto, count(*) AS n
FROM next n, young y WHERE y.id IS NULL OR n.id < y.id;

-- name: ForgetRaw :exec
UPDATE inbox SET raw = '' WHERE id > @after::bigint AND id <= @upto::bigint AND raw <> '';

-- name: OldSendings :one
WITH next AS (
  SELECT o.id, o.created_at FROM outbox o WHERE o.id > @after::bigint ORDER BY o.id LIMIT @most::integer
), young AS (
  SELECT min(n.id) AS id FROM next n WHERE n.created_at >= @before::timestamptz
)
SELECT coalesce(max(n.id), @after::bigint)::bigint AS upto, count(*) AS n
FROM next n, young y WHERE y.id IS NULL OR n.id < y.id;

-- name: ForgetPictures :exec
UPDATE outbox SET photo = NULL WHERE id > @after::bigint AND id <= @upto::bigint AND photo IS NOT NULL;
