-- name: ReceiveMessages :many
-- Stores a batch, each message once for ever, and tells the conversations that
-- have something new. A batch is sorted by conversation so that two of them
-- cannot wait for each other.
-- What a chat sent faster than a person can, by the network's own time, is kept
-- and handled by nobody: a backlog that comes at once after a failure of ours is
-- no flood. The first such message of an hour is handled, with a warning.
WITH input AS (
  SELECT unnest(@networks::text[]) AS network, unnest(@chats::text[]) AS chat_id,
         unnest(@is_group::boolean[]) AS is_group, unnest(@ext_ids::text[]) AS ext_id,
         unnest(@provider_ats::timestamptz[]) AS provider_at, unnest(@msgs::jsonb[]) AS msg,
         unnest(@raws::bytea[]) AS raw, unnest(@states::text[]) AS state,
         unnest(@ords::integer[]) AS ord, unnest(@paced::boolean[]) AS paced, unnest(@taps::boolean[]) AS tap
), keyed AS (
  SELECT i.*, a.employee_id,
         coalesce('e' || a.employee_id, 'u' || i.network || ':' || i.chat_id)::text AS key
  FROM input i
  LEFT JOIN LATERAL (
    SELECT x.employee_id FROM address x
    WHERE NOT i.is_group AND x.network = i.network AND x.chat_id = i.chat_id AND x.state <> 'closed' LIMIT 1
  ) a ON true
), conversations AS (
  INSERT INTO conversation (key, employee_id, updated_at)
  SELECT DISTINCT k.key, k.employee_id, @received_at::timestamptz FROM keyed k ORDER BY k.key
  ON CONFLICT (key) DO NOTHING
), fresh AS (
  SELECT k.*, CASE WHEN k.tap THEN @tap_minute::integer ELSE @minute::integer END AS per_minute,
         CASE WHEN k.tap THEN @tap_day::integer ELSE @day::integer END AS per_day
  FROM keyed k
  WHERE k.paced AND NOT EXISTS (SELECT FROM inbox i WHERE i.network = k.network AND i.account = @account::text AND i.ext_id = k.ext_id
    OFFSET 0) -- looked up one by one: a join planned while the table was small reads all of it later
), over AS (
  SELECT f.ext_id, f.network, f.is_group, f.key, f.provider_at,
         row_number() OVER (PARTITION BY f.key ORDER BY f.ord) AS nth
  FROM fresh f
  CROSS JOIN LATERAL (
    SELECT count(*) AS day, count(*) FILTER (WHERE b.provider_at > f.provider_at - interval '1 minute') AS minute
    FROM fresh b WHERE b.key = f.key AND b.tap = f.tap AND b.ord < f.ord AND b.provider_at > f.provider_at - interval '1 day'
  ) batch
  CROSS JOIN LATERAL (
    SELECT count(*) AS minute FROM (
      SELECT FROM inbox i WHERE i.key = f.key AND (i.msg->>'kind' = 'tap') = f.tap AND i.flood = ''
        AND i.provider_at > f.provider_at - interval '1 minute' AND i.provider_at <= f.provider_at LIMIT f.per_minute) x
  ) m
  CROSS JOIN LATERAL (
    SELECT count(*) AS day FROM (
      SELECT FROM inbox i WHERE i.key = f.key AND (i.msg->>'kind' = 'tap') = f.tap AND i.flood = ''
        AND i.provider_at > f.provider_at - interval '1 day' AND i.provider_at <= f.provider_at LIMIT f.per_day) x
  ) d
  WHERE batch.minute + m.minute >= f.per_minute OR batch.day + d.day >= f.per_day
), judged AS (
  SELECT o.network, o.ext_id, CASE
    WHEN o.nth > 1 OR o.is_group OR EXISTS (SELECT FROM inbox i WHERE i.key = o.key AND i.flood = 'warned'
                                           AND i.provider_at > o.provider_at - interval '1 hour')
    THEN 'ignored' ELSE 'warned' END AS flood
  FROM over o
), stored AS (
  INSERT INTO inbox (network, account, ext_id, key, provider_at, received_at, msg, raw, state, flood, error)
  SELECT k.network, @account::text, k.ext_id, k.key, k.provider_at, @received_at::timestamptz, k.msg, k.raw,
         CASE WHEN j.flood = 'ignored' THEN 'ignored' ELSE k.state END, coalesce(j.flood, ''),
         CASE WHEN j.flood <> '' THEN 'flood' END
  FROM keyed k LEFT JOIN judged j ON j.network = k.network AND j.ext_id = k.ext_id
  ORDER BY k.key, k.ord
  ON CONFLICT (network, account, ext_id) DO NOTHING
  RETURNING key, state
)
SELECT DISTINCT s.key FROM stored s WHERE s.state = 'new';

-- name: WaitingKeys :many
-- Conversations whose oldest unhandled message may be handled now.
SELECT o.key FROM (
  SELECT DISTINCT ON (i.key) i.key, i.id, i.not_before FROM inbox i WHERE i.state = 'new' ORDER BY i.key, i.id
) o
WHERE o.not_before IS NULL OR o.not_before <= @at::timestamptz
ORDER BY o.id
LIMIT @most::integer;

-- name: RekeyInbox :exec
-- Unhandled messages of a chat that has been bound go on in the person's conversation.
UPDATE inbox SET key = @new_key WHERE key = @old_key AND state = 'new' AND id <> @except_id;

-- name: EnsureConversation :exec
INSERT INTO conversation (key, employee_id, body, updated_at)
VALUES (@key, @employee_id, @body, @updated_at)
ON CONFLICT (key) DO NOTHING;

-- name: FailMessage :one
-- Counts a failed try and sets the next one, or gives up after the last.
UPDATE inbox SET tries = tries + 1, error = @error,
  not_before = @retry_at::timestamptz,
  state = CASE WHEN tries + 1 >= @most::integer THEN 'quarantined' ELSE state END
WHERE id = @id AND state = 'new' AND tries = @tries
RETURNING state;

-- name: InboxState :one
SELECT count(*) AS waiting,
       coalesce(min(received_at), @at::timestamptz)::timestamptz AS oldest,
       (SELECT count(*) FROM inbox q WHERE q.state = 'quarantined') AS quarantined
FROM inbox WHERE state = 'new';
