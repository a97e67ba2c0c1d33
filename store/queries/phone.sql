-- name: QuestionArrivals :many
-- The copies of one question in one chat: those with a number are on the
-- telephone; of those without, one that waits was never handed over.
SELECT coalesce(o.message_id, '')::text AS message_id, (o.state = 'pending')::boolean AS waits,
       (o.resent OR o.state IN ('sending', 'unclear'))::boolean AS doubtful
FROM outbox o
WHERE o.network = @network AND o.chat_id = @chat_id AND o.about_day = @day AND o.about_question = @question
  AND o.about_item = @item AND o.state IN ('pending', 'sending', 'sent', 'unclear');
