-- name: LockConversation :one
-- The lock of a conversation is its row; nobody waits for it. The body is not
-- read when the caller's copy is of this very version.
SELECT version, (CASE WHEN version = @cached_version::bigint THEN '{}'::jsonb ELSE body END)::jsonb AS body
FROM conversation WHERE key = @key
FOR UPDATE SKIP LOCKED;

-- name: NextMessage :one
-- The oldest unhandled message with what it points to: the person its chat is
-- bound to, the button it pressed, the message of ours it quotes. What quotes
-- nothing costs nothing: the condition is asked before any row is looked for.
SELECT i.id, i.msg, i.not_before, i.tries, (i.flood <> '')::boolean AS flood,
       EXISTS (SELECT FROM inbox n WHERE n.key = @key AND n.state = 'new' AND n.id > i.id)::boolean AS more,
       coalesce(a.employee_id, 0)::bigint AS bound,
       b.token_hash, coalesce(b.key, '')::text AS button_key, coalesce(b.action, '')::text AS action, b.args,
       b.expires_at, b.used_inbox_id, coalesce(b.outbox_id, 0)::bigint AS outbox_id,
       coalesce(s.state IN ('unclear', 'pending', 'sending'), false)::boolean AS uncertain,
       coalesce(q.found, false)::boolean AS quoted, q.about_day, coalesce(q.about_question, '')::text AS about_question,
       coalesce(q.about_item, 0)::integer AS about_item
FROM (SELECT x.id, x.msg, x.not_before, x.tries, x.flood FROM inbox x WHERE x.key = @key AND x.state = 'new' ORDER BY x.id LIMIT 1) i
LEFT JOIN address a ON a.network = i.msg->'from'->>'network' AND a.chat_id = i.msg->'from'->>'id' AND a.state <> 'closed'
LEFT JOIN button b ON b.token_hash = sha256(convert_to(i.msg->>'token', 'UTF8'))
LEFT JOIN outbox s ON s.id = b.outbox_id
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

-- name: RepeatedQuestions :many
-- Questions of a chat of which a second copy may have been seen: sent again
-- after a crash, or not known to have arrived.
SELECT about_day, about_question, about_item
FROM outbox
WHERE network = @network AND chat_id = @chat_id AND (resent OR state = 'unclear')
  AND about_question <> '' AND created_at > @since
ORDER BY id DESC LIMIT 10;
