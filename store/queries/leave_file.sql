-- name: AbsencesOfPeople :many
-- What a leave file is compared with: what counts, and what a superior has refused.
SELECT a.id, a.employee_id, a.first_day, a.last_day, a.kind, a.source, a.state, a.letter,
       coalesce(a.noted_by, 0)::bigint AS noted_by, coalesce(a.decided_by, 0)::bigint AS decided_by
FROM absence a
WHERE a.employee_id = ANY(@ids::bigint[]) AND a.first_day <= @last::date AND a.last_day >= @first::date
  AND a.withdrawn_at IS NULL AND (a.state <> 'refused' OR a.decided_by IS NOT NULL)
ORDER BY a.employee_id, a.id;

-- name: AddFileAbsence :exec
INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_at, letter)
VALUES (@employee_id, @first_day, @last_day, @kind, 'import', 'confirmed', @at, @letter);

-- name: SettleByFile :execrows
-- What is kept becomes what the file says; only as it was when the two were compared.
-- A claim stays one of the chat: its buttons answer that it is settled.
UPDATE absence SET first_day = @first_day, last_day = @last_day, kind = @kind, state = 'confirmed',
  source = CASE WHEN source = 'supervisor' THEN 'import' ELSE source END,
  letter = coalesce(nullif(@letter::text, ''), letter), decided_by = NULL, decided_at = @at::timestamptz, decision = ''
WHERE id = @id AND state = @was::text AND first_day = @was_first::date AND last_day = @was_last::date;

-- name: DropForFile :execrows
UPDATE absence SET state = 'refused', decided_by = NULL, decided_at = @at::timestamptz, decision = @decision
WHERE id = @id AND state = @was::text;

-- name: KeepRestOfClaim :exec
-- Days of a claim before and after those of the file go on waiting.
INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_by, noted_at, letter, note, file_id, claim, asks)
SELECT a.employee_id, r.first_day, r.last_day, a.kind, a.source, 'claimed', a.noted_by, a.noted_at, a.letter, a.note, a.file_id, a.claim, a.asks
FROM absence a, (VALUES (NULL::date, (sqlc.arg(first_day)::date - 1)::date), ((sqlc.arg(last_day)::date + 1)::date, NULL::date)) AS v (begins, ends),
  LATERAL (SELECT greatest(a.first_day, v.begins) AS first_day, least(a.last_day, v.ends) AS last_day) r
WHERE a.id = sqlc.arg(id) AND a.state = 'claimed' AND r.first_day <= r.last_day;
