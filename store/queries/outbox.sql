-- name: EnqueueMessages :many
-- Queues messages with their buttons, each key once for ever. Whoever has no
-- live address gets a line in the record instead of a message. The answer tells
-- what was queued.
WITH input AS (
  SELECT unnest(@keys::text[]) AS key, unnest(@kinds::text[]) AS kind,
         unnest(@priorities::integer[]) AS priority, unnest(@employees::bigint[]) AS employee,
         unnest(@networks::text[]) AS network, unnest(@chats::text[]) AS chat_id,
         unnest(@bodies::jsonb[]) AS body, unnest(@photos::bytea[]) AS photo,
         unnest(@about_days::text[]) AS about_day, unnest(@about_questions::text[]) AS about_question,
         unnest(@about_items::integer[]) AS about_item, unnest(@guards::text[]) AS guard,
         unnest(@not_befores::timestamptz[]) AS not_before, unnest(@expires::timestamptz[]) AS expires_at,
         unnest(@ords::integer[]) AS ord
), resolved AS (
  SELECT i.*, coalesce(a.network, i.network) AS to_network, coalesce(a.chat_id, i.chat_id) AS to_chat
  FROM input i
  LEFT JOIN LATERAL (
    SELECT x.network, x.chat_id FROM address x
    WHERE i.chat_id = '' AND x.employee_id = i.employee AND x.state = 'live'
    ORDER BY x.bound_at DESC, x.id DESC LIMIT 1
  ) a ON true
), queued AS (
  INSERT INTO outbox (key, kind, priority, employee_id, network, chat_id, body, photo, about_day,
                      about_question, about_item, guard, not_before, expires_at, created_at)
  SELECT r.key, r.kind, r.priority, NULLIF(r.employee, 0), r.to_network, r.to_chat, r.body, NULLIF(r.photo, ''::bytea),
         NULLIF(r.about_day, '')::date, r.about_question, r.about_item, r.guard, r.not_before,
         NULLIF(r.expires_at, '0001-01-01 00:00:00Z'::timestamptz), @at::timestamptz
  FROM resolved r WHERE r.to_chat <> '' ORDER BY r.ord
  ON CONFLICT (key) DO NOTHING
  RETURNING id, key, employee_id, network, chat_id
), buttons AS (
  SELECT unnest(@button_keys::text[]) AS key, unnest(@button_hashes::bytea[]) AS hash,
         unnest(@button_actions::text[]) AS action, unnest(@button_args::jsonb[]) AS args
), made AS (
  INSERT INTO button (token_hash, key, action, args, created_at, expires_at, outbox_id)
  SELECT b.hash, coalesce('e' || coalesce(q.employee_id, a.employee_id), 'u' || q.network || ':' || q.chat_id),
         b.action, b.args, @at::timestamptz, @buttons_expire::timestamptz, q.id
  FROM buttons b
  JOIN queued q ON q.key = b.key
  LEFT JOIN LATERAL (
    SELECT x.employee_id FROM address x WHERE x.network = q.network AND x.chat_id = q.chat_id AND x.state <> 'closed' LIMIT 1
  ) a ON true
), noted AS (
  INSERT INTO audit (at, actor, action, subject, detail)
  SELECT @at::timestamptz, 'system', 'unreachable', 'e' || r.employee, jsonb_build_object('message', r.key)
  FROM resolved r WHERE r.to_chat = '' AND r.employee > 0
)
SELECT q.id, q.key FROM queued q;

-- name: ClaimMessages :many
-- Claims what is due, the most urgent first. Of a chat only the first row that is
-- due or was tried before, by priority and then age (a reply does not queue behind
-- a broadcast), and none while one of it is under way. In the same statement the
-- reason is checked again: what has lost it ends here. OFFSET 0 has each row looked
-- up by itself: read whole, these indexes hold mostly what is gone or not meant. The
-- network is compared in a way that no index knows, for the same reason.
WITH picked AS (
  SELECT o.id, o.key, o.network, o.chat_id, o.employee_id, o.about_day, o.guard, o.expires_at FROM outbox o
  WHERE o.state = 'pending' AND o.not_before <= @at::timestamptz
    AND (@network::text = '' OR o.network || '' = @network::text)
    AND NOT EXISTS (SELECT FROM outbox s WHERE s.network = o.network AND s.chat_id = o.chat_id AND s.state = 'sending' OFFSET 0)
    AND NOT EXISTS (SELECT FROM outbox p WHERE p.network = o.network AND p.chat_id = o.chat_id AND p.state = 'pending'
                    AND (p.priority, p.id) < (o.priority, o.id) AND (p.not_before <= @at::timestamptz OR p.attempt > 0) OFFSET 0)
  ORDER BY o.priority, o.not_before, o.id
  LIMIT @most::integer
  FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT o.id, CASE
    WHEN o.expires_at <= @at::timestamptz THEN 'expired'
    WHEN o.guard = 'unreported' AND (
           NOT EXISTS (SELECT FROM duty d WHERE d.employee_id = o.employee_id AND d.day = o.about_day AND d.state = 'due' OFFSET 0)
        OR EXISTS (SELECT FROM report r WHERE r.employee_id = o.employee_id AND r.day = o.about_day AND r.state = 'submitted' OFFSET 0))
      THEN 'superseded'
    WHEN o.guard = 'escalation' AND EXISTS (
           SELECT FROM escalation e
           JOIN escalation_member m ON m.escalation_id = e.id
           WHERE e.id = CASE WHEN o.key ~ '^escalate/[0-9]{1,18}(/|$)' THEN split_part(o.key, '/', 2)::bigint END
             AND (m.action <> ''
               OR NOT EXISTS (SELECT FROM duty d WHERE d.employee_id = m.employee_id AND d.day = m.day AND d.state = 'due' OFFSET 0)
               OR EXISTS (SELECT FROM report r WHERE r.employee_id = m.employee_id AND r.day = m.day AND r.state = 'submitted' OFFSET 0))
           OFFSET 0)
      THEN 'superseded'
    WHEN EXISTS (SELECT FROM address a WHERE a.network = o.network AND a.chat_id = o.chat_id AND a.state = 'blocked' OFFSET 0)
      OR (o.employee_id IS NOT NULL AND o.guard <> '' AND NOT EXISTS (SELECT FROM employee e WHERE e.id = o.employee_id AND e.active OFFSET 0))
      THEN 'failed'
    ELSE 'sending' END AS verdict
  FROM picked o
), claimed AS (
  UPDATE outbox o SET state = j.verdict,
    attempt = o.attempt + CASE WHEN j.verdict = 'sending' THEN 1 ELSE 0 END,
    lease_until = CASE WHEN j.verdict = 'sending' THEN @lease_until::timestamptz END,
    settled_at = CASE WHEN j.verdict = 'sending' THEN o.settled_at ELSE @at::timestamptz END,
    outcome = CASE WHEN j.verdict = 'failed' THEN 'blocked' ELSE o.outcome END
  FROM judged j WHERE o.id = j.id
  RETURNING o.id, o.attempt, o.untried, o.priority, o.network, o.chat_id, o.body, o.photo, o.not_before, o.state, o.key
)
SELECT c.id, c.attempt, c.untried, c.priority, c.network, c.chat_id, c.body, c.photo, c.state, c.key
FROM claimed c
ORDER BY c.priority, c.not_before, c.id;

-- name: SettleMessages :exec
-- Records how claims ended. The attempt is the fence: an old result changes
-- nothing. A group that moved takes its other messages along; an address that
-- blocked us is marked, once, in the record too.
WITH input AS (
  SELECT unnest(@ids::bigint[]) AS id, unnest(@attempts::integer[]) AS attempt, unnest(@states::text[]) AS state,
         unnest(@message_ids::text[]) AS message_id, unnest(@not_befores::timestamptz[]) AS not_before,
         unnest(@untried::integer[]) AS untried, unnest(@outcomes::text[]) AS outcome, unnest(@codes::integer[]) AS code,
         unnest(@moved_to::text[]) AS moved_to
), mine AS ( -- locked in the order in which turns confirm what was pressed
  SELECT o.id FROM outbox o WHERE o.id = ANY(@ids::bigint[]) AND o.state || '' = 'sending' ORDER BY o.id FOR UPDATE
), done AS (
  UPDATE outbox o SET state = i.state, lease_until = NULL, settled_at = @at::timestamptz,
    sent_at = CASE WHEN i.state = 'sent' THEN @at::timestamptz END,
    message_id = CASE WHEN i.state = 'sent' THEN NULLIF(i.message_id, '') ELSE o.message_id END,
    not_before = CASE WHEN i.state = 'pending' THEN i.not_before ELSE o.not_before END,
    untried = o.untried + i.untried,
    outcome = CASE WHEN i.code <> 0 THEN i.outcome || ' ' || i.code ELSE i.outcome END,
    chat_id = CASE WHEN i.moved_to <> '' THEN i.moved_to ELSE o.chat_id END
  FROM mine m JOIN input i ON i.id = m.id
  WHERE o.id = m.id AND o.attempt = i.attempt AND o.state || '' = 'sending'
  RETURNING o.id, o.attempt, o.network, o.chat_id, o.state, i.message_id, i.outcome
), copies AS (
  INSERT INTO outbox_copy (outbox_id, attempt, message_id, at)
  SELECT d.id, d.attempt, d.message_id, @at::timestamptz FROM done d WHERE d.state = 'sent' AND d.message_id <> ''
  ON CONFLICT DO NOTHING
), dead AS (
  UPDATE address a SET state = 'blocked'
  FROM done d
  WHERE d.state = 'failed' AND d.outcome = 'blocked' AND a.network = d.network AND a.chat_id = d.chat_id AND a.state = 'live'
  RETURNING a.employee_id
)
INSERT INTO audit (at, actor, action, subject)
SELECT @at::timestamptz, 'system', 'address_blocked', 'e' || employee_id FROM dead;

-- name: MoveAddress :exec
UPDATE address SET chat_id = @new_chat WHERE network = @network AND chat_id = @old_chat AND state <> 'closed';

-- name: MoveGroup :exec
UPDATE opd_group o SET chat_id = @new_chat WHERE o.network = @network AND o.chat_id = @old_chat
  AND NOT EXISTS (SELECT FROM opd_group g WHERE g.network = @network AND g.chat_id = @new_chat);

-- name: MovePending :exec
UPDATE outbox SET chat_id = @new_chat WHERE network = @network AND chat_id = @old_chat AND state = 'pending';

-- name: ExpireLeases :execrows
-- Whoever claimed these has died or lost its way; they may have been sent.
UPDATE outbox SET state = 'unclear', lease_until = NULL, settled_at = @at::timestamptz, outcome = 'lease over'
WHERE state = 'sending' AND lease_until <= @at::timestamptz;

-- name: ConfirmUnclear :execrows
-- A later answer of the person about the same day and question proves arrival;
-- networks date what people write in whole seconds.
UPDATE outbox o SET state = 'sent', sent_at = o.settled_at, outcome = 'answered'
WHERE o.state = 'unclear' AND NOT o.resent AND o.about_day IS NOT NULL AND o.settled_at > @since::timestamptz
  AND EXISTS (SELECT FROM answer a WHERE a.employee_id = o.employee_id AND a.day = o.about_day
              AND (o.about_question = '' OR a.question = o.about_question) AND a.provider_at >= date_trunc('second', o.created_at));

-- name: ResendUnclear :execrows
-- Replies and questions are repeated once; the claim checks their reason again.
UPDATE outbox o SET state = 'pending', resent = true, not_before = @at::timestamptz
WHERE o.state = 'unclear' AND NOT o.resent AND o.kind IN ('reply', 'ask') AND o.settled_at <= @before::timestamptz;

-- name: DropOldButtons :exec
-- Long expired buttons; whoever still presses one is told that it is unknown.
DELETE FROM button WHERE token_hash IN (
  SELECT b.token_hash FROM button b WHERE b.expires_at <= @before::timestamptz ORDER BY b.expires_at LIMIT 1000);

-- name: ArrivedByTaps :exec
-- Pressed buttons of messages that we were not sure of: they have arrived. So has
-- one whose sender died before it could say so; one that lives finds it settled.
-- Rows are locked in the order of their ids, as the sender does when it settles.
WITH input AS (SELECT unnest(@ids::bigint[]) AS id, unnest(@message_ids::text[]) AS message_id), mine AS (
  SELECT o.id FROM outbox o
  WHERE o.id = ANY(@ids::bigint[]) AND (o.state IN ('unclear', 'sending') OR (o.state = 'pending' AND o.resent))
  ORDER BY o.id FOR UPDATE
)
UPDATE outbox o SET state = 'sent', sent_at = @at::timestamptz, settled_at = @at::timestamptz, lease_until = NULL,
  message_id = coalesce(o.message_id, NULLIF(i.message_id, '')), outcome = 'tapped'
FROM mine m JOIN input i ON i.id = m.id
WHERE o.id = m.id;

-- name: SupersedeUnreported :exec
-- The report has been sent: nothing that asks for it goes out any more.
UPDATE outbox SET state = 'superseded', settled_at = @at::timestamptz
WHERE employee_id = @employee_id AND about_day = @day AND guard = 'unreported' AND state = 'pending';

-- name: NewestMessage :many
-- What a chat sees last of ours, or the message that it quotes.
SELECT o.message_id, o.body FROM outbox o
WHERE o.network = @network AND o.chat_id = @chat_id AND o.message_id IS NOT NULL
  AND (@quoted::text = '' OR o.message_id = @quoted::text)
ORDER BY o.sent_at DESC NULLS LAST, o.id DESC
LIMIT 1;

-- name: NextDue :one
SELECT min(not_before)::timestamptz AS at FROM outbox WHERE state = 'pending' HAVING count(*) > 0;

-- name: OutboxStates :many
-- What is still to come; the rest is history and has no end.
SELECT state, count(*) AS rows FROM outbox WHERE state = 'pending' GROUP BY state
UNION ALL
SELECT state, count(*) FROM outbox WHERE state = 'sending' GROUP BY state
UNION ALL
SELECT state, count(*) FROM outbox WHERE state = 'unclear' GROUP BY state;
