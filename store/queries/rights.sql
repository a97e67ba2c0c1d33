-- name: ReceiptOf :one
-- The newest kept version of a report, with how many there are.
SELECT r.id, r.day, r.state, coalesce(r.code, '')::text AS code, r.late, r.submitted_at, v.version, v.hash, v.at,
       (SELECT count(*) FROM report_version x WHERE x.report_id = r.id)::integer AS versions
FROM report r JOIN report_version v ON v.report_id = r.id
WHERE r.employee_id = @employee_id AND r.day = @day::date
ORDER BY v.version DESC LIMIT 1;

-- name: NewestReceiptDay :one
SELECT r.day FROM report r WHERE r.employee_id = @employee_id AND r.version > 0
  AND (@code::text = '' OR r.code = @code::text)
ORDER BY r.day DESC LIMIT 1;

-- name: ReadersOf :many
SELECT e.name, e.sex, min(x.at)::timestamptz AS at
FROM report_read x JOIN employee e ON e.id = x.reader_id
WHERE x.report_id = @report_id GROUP BY e.id ORDER BY min(x.at), e.id LIMIT 5;

-- name: NoteRead :exec
-- The first opening of a version by a person counts.
INSERT INTO report_read (report_id, version, reader_id, at)
SELECT r.id, r.version, @reader_id::bigint, @at::timestamptz
FROM report r WHERE r.employee_id = @employee_id AND r.day = @day::date AND r.state = 'submitted' AND r.employee_id <> @reader_id::bigint
ON CONFLICT DO NOTHING;

-- name: WithdrawReport :execrows
-- A sent report becomes a draft again. Its versions and its code stay.
WITH back AS (
  UPDATE report r SET state = 'draft', submitted_at = NULL, late = false
  WHERE r.employee_id = @employee_id AND r.day = @day::date AND r.state = 'submitted'
  RETURNING r.id, r.version
)
INSERT INTO report_withdrawal (report_id, version, reason, at, inbox_id)
SELECT b.id, b.version, @reason::text, @at::timestamptz, @inbox_id::bigint FROM back b;

-- name: StaffReports :many
-- The reports of a day of those whom somebody leads on it.
SELECT e.id, e.name, e.sex, coalesce(r.state, '')::text AS state, coalesce(r.late, false)::boolean AS late, r.submitted_at,
       d.state AS duty, d.reason
FROM duty d
JOIN employee e ON e.id = d.employee_id AND e.active
LEFT JOIN report r ON r.employee_id = e.id AND r.day = d.day
WHERE d.day = @day::date AND supervisor_on(e.id, @day::date) = @viewer::bigint
ORDER BY e.name, e.id LIMIT 30;

-- name: MayRead :one
-- A report is read by its writer and by whoever led the writer on its day.
SELECT (@viewer::bigint = @employee_id::bigint OR supervisor_on(@employee_id::bigint, @day::date) = @viewer::bigint
  OR EXISTS (SELECT FROM report r WHERE r.employee_id = @employee_id::bigint AND r.day = @day::date AND r.supervisor_id = @viewer::bigint))::boolean AS may;

-- name: DutyWhy :one
SELECT d.*,
       EXISTS (SELECT FROM grace g WHERE g.employee_id = d.employee_id AND g.day = d.day
               AND g.deadline_at = d.deadline_at AND g.granted_at > d.ask_at) AS graced
FROM duty d WHERE d.employee_id = @employee_id AND d.day = @day::date;

-- name: SentAbout :many
-- What was really sent to a person about a day without being asked for.
SELECT o.kind, o.sent_at::timestamptz AS at FROM outbox o
WHERE o.employee_id = @employee_id AND o.about_day = @day::date AND o.kind IN ('ask', 'remind') AND o.state = 'sent'
ORDER BY o.sent_at, o.id LIMIT 10;

-- name: ToldAbout :many
-- Which superiors were told of a silent day.
SELECT h.name, h.sex, o.sent_at::timestamptz AS at
FROM escalation_member m
JOIN escalation x ON x.id = m.escalation_id
JOIN employee h ON h.id = x.receiver_id
JOIN outbox o ON o.key = 'escalate/' || x.id AND o.state = 'sent'
WHERE m.employee_id = @employee_id AND m.day = @day::date
ORDER BY o.sent_at, x.id LIMIT 5;

-- name: OutagesAbout :many
SELECT o.channel, o.started_at, o.ended_at FROM outage o, duty d
WHERE d.employee_id = @employee_id AND d.day = @day::date AND o.started_at < d.deadline_at
  AND coalesce(o.ended_at, @at::timestamptz) >= d.ask_at AND outage_concerns(o.channel, o.opd_id, d.employee_id)
ORDER BY o.started_at LIMIT 3;

-- name: SetAskTime :exec
UPDATE employee SET ask_pref = NULLIF(@minute::integer, -1) WHERE id = @id;

-- name: MoveQuestion :exec
-- The question of a day that is still to be asked.
UPDATE duty SET ask_at = @ask_at::timestamptz
WHERE employee_id = @employee_id AND day = @day AND state = 'due' AND asked_at IS NULL AND deadline_at > @ask_at::timestamptz;

-- name: AskPrefs :many
SELECT id, ask_pref::integer AS ask_pref FROM employee WHERE id = ANY(@ids::bigint[]) AND ask_pref IS NOT NULL;

-- name: Snooze :exec
-- One reminder moves: the first one of the policy is taken for sent, and what was put
-- off before is called off.
WITH off AS (
  UPDATE outbox o SET state = 'superseded', settled_at = @at::timestamptz
  WHERE o.employee_id = @employee_id AND o.about_day = @day::date AND o.state = 'pending' AND o.key LIKE 'jeda/%'
)
UPDATE duty d SET reminded = greatest(d.reminded, 1) WHERE d.employee_id = @employee_id AND d.day = @day::date AND d.state = 'due';

-- name: ConfirmPhone :exec
UPDATE address a SET phone = e.phone, told = '', told_at = NULL
FROM employee e
WHERE e.id = a.employee_id AND a.employee_id = @employee_id AND a.network = @network AND a.chat_id = @chat_id AND a.state <> 'closed';

-- name: FormerPerson :one
SELECT e.id, e.name, e.sex, e.lang FROM employee e WHERE e.id = @id AND NOT e.active;

-- name: ChatsToEnd :many
-- Live chats of people who have left, or whose number is another now, to whom
-- that was not said yet.
SELECT a.id, a.employee_id, a.network, a.chat_id, e.name, e.sex, e.lang, coalesce(e.phone, '')::text AS phone, (NOT e.active)::boolean AS gone
FROM address a JOIN employee e ON e.id = a.employee_id
WHERE a.state = 'live'
  AND ((NOT e.active AND a.told <> 'left') OR (e.active AND a.told = '' AND e.phone IS NOT NULL AND a.phone IS DISTINCT FROM e.phone))
ORDER BY a.id LIMIT @most::integer;

-- name: NoteTold :execrows
UPDATE address SET told = @told, told_at = @at WHERE id = @id AND state = 'live' AND told <> @told;

-- name: CloseUnconfirmed :many
-- Chats that did not confirm the new number in time.
UPDATE address a SET state = 'closed', ended_at = @at::timestamptz
FROM employee e
WHERE a.state = 'live' AND a.told = 'number' AND a.told_at <= @before::timestamptz
  AND e.id = a.employee_id AND a.phone IS DISTINCT FROM e.phone
RETURNING a.id, a.employee_id, a.network, a.chat_id, e.name, e.sex, e.lang, coalesce(e.phone, '')::text AS phone;

-- name: DataOf :one
-- Everything that is kept about one person, as one document.
SELECT jsonb_build_object(
  'pegawai', (SELECT jsonb_build_object('nip', e.number, 'nama', e.name, 'jenis', e.kind, 'jabatan', e.post, 'opd', o.name, 'unit', u.name,
      'hp', e.phone, 'pola_kerja', e.pattern, 'bahasa', e.lang, 'jam_tanya', e.ask_pref, 'aktif', e.active)
    FROM employee e JOIN unit u ON u.id = e.unit_id JOIN opd o ON o.id = u.opd_id WHERE e.id = @id),
  'atasan', (SELECT coalesce(jsonb_agg(jsonb_build_object('nama', s.name, 'dari', l.valid_from, 'sampai_sebelum', l.valid_to) ORDER BY l.valid_from), '[]')
    FROM reporting_line l JOIN employee s ON s.id = l.supervisor_id WHERE l.employee_id = @id),
  'kanal', (SELECT coalesce(jsonb_agg(jsonb_build_object('jaringan', a.network, 'keadaan', a.state, 'sejak', a.bound_at, 'sampai', a.ended_at) ORDER BY a.id), '[]')
    FROM address a WHERE a.employee_id = @id),
  'hari', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', d.day, 'keadaan', d.state, 'alasan', d.reason, 'nama', d.name,
      'ditanya', d.asked_at, 'batas', d.deadline_at, 'diterima_sampai', d.late_until, 'pengingat', d.reminded) ORDER BY d.day), '[]')
    FROM duty d WHERE d.employee_id = @id),
  'ketidakhadiran', (SELECT coalesce(jsonb_agg(jsonb_build_object('jenis', b.kind, 'dari', b.first_day, 'sampai', b.last_day, 'keadaan', b.state,
      'surat', b.letter, 'keterangan', b.note, 'dicatat', b.noted_at, 'diputuskan', b.decided_at, 'alasan_keputusan', b.decision) ORDER BY b.id), '[]')
    FROM absence b WHERE b.employee_id = @id),
  'laporan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', r.day, 'keadaan', r.state, 'kode', r.code, 'terkirim', r.submitted_at,
      'terlambat', r.late, 'versi', (SELECT coalesce(jsonb_agg(jsonb_build_object('versi', v.version, 'pada', v.at, 'sha256', encode(v.hash, 'hex'), 'isi', v.body) ORDER BY v.version), '[]')
        FROM report_version v WHERE v.report_id = r.id),
      'ditarik', (SELECT coalesce(jsonb_agg(jsonb_build_object('versi', w.version, 'pada', w.at, 'alasan', w.reason) ORDER BY w.version), '[]')
        FROM report_withdrawal w WHERE w.report_id = r.id),
      'dibuka', (SELECT coalesce(jsonb_agg(jsonb_build_object('oleh', p.name, 'pada', x.at, 'versi', x.version) ORDER BY x.at), '[]')
        FROM report_read x JOIN employee p ON p.id = x.reader_id WHERE x.report_id = r.id)) ORDER BY r.day), '[]')
    FROM report r WHERE r.employee_id = @id),
  'pesan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', w.day, 'pertanyaan', w.question, 'isi', w.said, 'pada', w.provider_at) ORDER BY w.provider_at), '[]')
    FROM answer w WHERE w.employee_id = @id),
  'nilai', (SELECT coalesce(jsonb_agg(jsonb_build_object('dari', s.first_day, 'sampai', s.last_day, 'jenis', s.period, 'skor', s.points, 'aturan', s.rubric, 'hitungan', s.record) ORDER BY s.first_day), '[]')
    FROM score_period s WHERE s.employee_id = @id),
  'diteruskan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', m.day, 'kepada', h.name, 'pada', x.created_at, 'tindakan', m.action) ORDER BY x.created_at), '[]')
    FROM escalation_member m JOIN escalation x ON x.id = m.escalation_id JOIN employee h ON h.id = x.receiver_id WHERE m.employee_id = @id)
)::jsonb AS data;

-- name: Retire :one
-- Messages that wait for the person and have a reason are called off by their guard.
WITH gone AS (
  UPDATE employee e SET active = false WHERE e.number = @number AND e.active RETURNING e.id
)
INSERT INTO audit (at, actor, action, subject)
SELECT @at::timestamptz, 'system', 'person.left', 'e' || g.id FROM gone g
RETURNING subject;
