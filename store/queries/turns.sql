-- name: LockConversations :many
-- The lock of a conversation is its row; nobody waits for it, and who takes
-- several takes them in one order. A body is not read when the caller's copy is
-- of this very version.
SELECT c.key, c.version, (CASE WHEN c.version = i.version THEN '{}'::jsonb ELSE c.body END)::jsonb AS body
FROM (SELECT unnest(@keys::text[]) AS key, unnest(@cached_versions::bigint[]) AS version) i
JOIN conversation c ON c.key = i.key
ORDER BY c.key
FOR UPDATE OF c SKIP LOCKED;

-- name: NextMessages :many
-- The oldest unhandled message of each conversation with what it points to: the
-- person its chat is bound to, the button it pressed, the message of ours it
-- quotes. What quotes nothing costs nothing: the condition is asked before any
-- row is looked for.
SELECT k.key, i.id, i.msg, i.not_before, i.tries, (i.flood <> '')::boolean AS flood,
       EXISTS (SELECT FROM inbox n WHERE n.key = k.key AND n.state = 'new' AND n.id > i.id)::boolean AS more,
       coalesce(a.employee_id, 0)::bigint AS bound,
       b.token_hash, coalesce(b.key, '')::text AS button_key, coalesce(b.action, '')::text AS action, b.args,
       b.expires_at, b.used_inbox_id, coalesce(b.outbox_id, 0)::bigint AS outbox_id,
       coalesce(s.state IN ('unclear', 'pending', 'sending'), false)::boolean AS uncertain,
       coalesce(q.found, false)::boolean AS quoted, q.about_day, coalesce(q.about_question, '')::text AS about_question,
       coalesce(q.about_item, 0)::integer AS about_item
FROM (SELECT unnest(@keys::text[])::text AS key) k
CROSS JOIN LATERAL (
  SELECT x.id, x.msg, x.not_before, x.tries, x.flood FROM inbox x WHERE x.key = k.key AND x.state = 'new' ORDER BY x.id LIMIT 1
) i
LEFT JOIN LATERAL (
  SELECT x.employee_id FROM address x
  WHERE x.network = i.msg->'from'->>'network' AND x.chat_id = i.msg->'from'->>'id' AND x.state <> 'closed' LIMIT 1
) a ON true
LEFT JOIN button b ON b.token_hash = sha256(convert_to(i.msg->>'token', 'UTF8'))
LEFT JOIN LATERAL (SELECT x.state FROM outbox x WHERE x.id = b.outbox_id LIMIT 1) s ON true
LEFT JOIN LATERAL (
  SELECT true AS found, o.about_day, o.about_question, o.about_item FROM outbox o
  WHERE i.msg->>'quoted' <> ''
    AND o.network = i.msg->'from'->>'network' AND o.chat_id = i.msg->'from'->>'id' AND o.message_id = i.msg->>'quoted'
  UNION ALL
  SELECT true, o.about_day, o.about_question, o.about_item FROM outbox_copy c JOIN outbox o ON o.id = c.outbox_id
  WHERE i.msg->>'quoted' <> '' AND c.message_id = i.msg->>'quoted'
    AND o.network = i.msg->'from'->>'network' AND o.chat_id = i.msg->'from'->>'id'
  LIMIT 1
) q ON true;

-- name: RecentDays :many
-- The days of several people as a turn knows them, the newest first. The rows are
-- compared whole, because only the index that begins with the person can do that.
SELECT d.*, coalesce(r.id, 0)::bigint AS report_id, coalesce(r.state, '')::text AS report_state, coalesce(r.version, 0)::integer AS version, r.submitted_at,
       coalesce(r.late, false)::boolean AS late, coalesce(r.code, '')::text AS code,
       coalesce(r.minutes, 0)::integer AS minutes, coalesce(r.reviewed_version = r.version, false)::boolean AS reviewed,
       (SELECT count(*) FROM activity a WHERE a.report_id = r.id)::integer AS activities
FROM (SELECT unnest(@ids::bigint[]) AS id) p
CROSS JOIN LATERAL (
  SELECT * FROM duty x
  WHERE (x.employee_id, x.day) >= (p.id, @first_day::date) AND (x.employee_id, x.day) <= (p.id, @last_day::date) OFFSET 0
) d
LEFT JOIN LATERAL (SELECT * FROM report x WHERE x.employee_id = d.employee_id AND x.day = d.day LIMIT 1) r ON true
ORDER BY d.employee_id, d.day DESC;

-- name: AttemptsOf :many
-- Refused invitations and contacts of conversations.
SELECT key, count(*)::integer AS attempts FROM enrol_attempt
WHERE key = ANY(@keys::text[]) AND at > @since::timestamptz GROUP BY key;

-- name: RepeatedQuestions :many
-- Questions of chats of which a second copy may have been seen: sent again
-- after a crash, or not known to have arrived.
SELECT i.key, q.about_day, q.about_question, q.about_item
FROM (SELECT unnest(@keys::text[])::text AS key, unnest(@networks::text[]) AS network, unnest(@chats::text[]) AS chat_id) i
CROSS JOIN LATERAL (
  SELECT o.about_day, o.about_question, o.about_item, o.id FROM outbox o
  WHERE o.network = i.network AND o.chat_id = i.chat_id AND (o.resent OR o.state = 'unclear')
    AND o.about_question <> '' AND o.created_at > @since::timestamptz
  ORDER BY o.id DESC LIMIT 10
) q
ORDER BY i.key, q.id DESC;

-- name: FinishMessages :exec
-- The division refuses, in the server, what does not change every row: these
-- statements may travel with their COMMIT. The state is compared in a way that no
-- index knows: the row is found by its id, not among all that wait.
WITH input AS (SELECT unnest(@ids::bigint[]) AS id, unnest(@states::text[]) AS state), done AS (
  UPDATE inbox m SET state = i.state, error = NULL FROM input i WHERE m.id = i.id AND m.state || '' = 'new' RETURNING m.id
)
SELECT 1 / (count(*) = cardinality(@ids::bigint[]))::integer FROM done;

-- name: SaveConversations :exec
-- The fence: whoever worked with an older version saves nothing.
WITH input AS (
  SELECT unnest(@keys::text[]) AS key, unnest(@versions::bigint[]) AS version, unnest(@bodies::jsonb[]) AS body
), saved AS (
  UPDATE conversation c SET version = c.version + 1, body = i.body, updated_at = @updated_at::timestamptz
  FROM input i WHERE c.key = i.key AND c.version = i.version
  RETURNING c.version
)
SELECT 1 / (count(*) = cardinality(@keys::text[]))::integer FROM saved;

-- name: UseButtons :exec
-- Each once for ever.
WITH input AS (SELECT unnest(@hashes::bytea[]) AS hash, unnest(@inbox_ids::bigint[]) AS inbox_id), used AS (
  UPDATE button b SET used_inbox_id = i.inbox_id FROM input i WHERE b.token_hash = i.hash AND b.used_inbox_id IS NULL
  RETURNING b.outbox_id
)
SELECT 1 / (count(*) = cardinality(@hashes::bytea[]))::integer FROM used;

-- name: AddAnswers :exec
INSERT INTO answer (inbox_id, employee_id, day, question, item, said, provider_at)
SELECT unnest(@inbox_ids::bigint[]), unnest(@employees::bigint[]), unnest(@days::date[]), unnest(@questions::text[]),
       unnest(@items::integer[]), unnest(@said::text[]), unnest(@provider_ats::timestamptz[]);
