-- name: DataOf :one
-- Everything that is kept about one person, as one document. What a superior did is
-- told without whom it was about: that is theirs. Of messages that were sent only
-- those that have reached the network, which are found by the chat; by what answered
-- them the person's own words are found that answered no question.
WITH sent_to AS (
  SELECT o.id, o.key, o.kind, o.about_day, o.state, o.created_at, o.sent_at
  FROM (SELECT DISTINCT a.network, a.chat_id FROM address a WHERE a.employee_id = @id) c
  JOIN outbox o ON o.network = c.network AND o.chat_id = c.chat_id AND o.message_id IS NOT NULL
  WHERE o.employee_id = @id OR o.employee_id IS NULL AND EXISTS (SELECT FROM address a
    WHERE a.employee_id = @id AND a.network = o.network AND a.chat_id = o.chat_id
      AND o.created_at >= a.bound_at AND (a.ended_at IS NULL OR o.created_at <= a.ended_at))
)
SELECT jsonb_build_object(
  'pegawai', (SELECT jsonb_build_object('nip', me.number, 'nama', me.name, 'jenis', me.kind, 'jabatan', me.post, 'opd', o.name, 'unit', u.name,
      'hp', me.phone, 'pola_kerja', me.pattern, 'bahasa', me.lang, 'jam_tanya', me.ask_pref, 'aktif', me.active, 'dicatat', me.created_at)
    FROM unit u JOIN opd o ON o.id = u.opd_id WHERE u.id = me.unit_id),
  'atasan', (SELECT coalesce(jsonb_agg(jsonb_build_object('nama', s.name, 'dari', l.valid_from, 'sampai_sebelum', l.valid_to) ORDER BY l.valid_from), '[]')
    FROM reporting_line l JOIN employee s ON s.id = l.supervisor_id WHERE l.employee_id = me.id),
  'atasan_menurut_daftar', (SELECT coalesce(jsonb_agg(jsonb_build_object('nama', s.name, 'dari', l.valid_from, 'sampai_sebelum', l.valid_to) ORDER BY l.valid_from), '[]')
    FROM supervisor_link l JOIN employee s ON s.id = l.supervisor_id WHERE l.employee_id = me.id),
  'penugasan', (SELECT coalesce(jsonb_agg(jsonb_build_object('jabatan', p.name, 'sebagai', g.kind, 'dari', g.valid_from, 'sampai_sebelum', g.valid_to, 'surat', g.letter) ORDER BY g.valid_from, p.id), '[]')
    FROM assignment g JOIN post p ON p.id = g.post_id WHERE g.employee_id = me.id),
  'mutasi', (SELECT coalesce(jsonb_agg(jsonb_build_object('berlaku', m.effective, 'keadaan', m.state, 'jabatan', v.post, 'opd', v.opd, 'unit', v.unit, 'kode_jabatan', v.post_code, 'atasan', v.supervisor) ORDER BY m.id), '[]')
    FROM mutation_move v JOIN mutation m ON m.id = v.mutation_id WHERE v.employee_id = me.id),
  'peran', (SELECT coalesce(jsonb_agg(jsonb_build_object('peran', y.role, 'opd', o.name, 'unit', u.name, 'dari', y.valid_from, 'sampai_sebelum', y.valid_to, 'oleh', y.granted_by, 'dicatat', y.granted_at) ORDER BY y.id), '[]')
    FROM roles y LEFT JOIN opd o ON o.id = y.opd_id LEFT JOIN unit u ON u.id = y.unit_id WHERE y.employee_id = me.id),
  'kanal', (SELECT coalesce(jsonb_agg(jsonb_build_object('jaringan', a.network, 'akun', a.chat_id, 'nomor', a.phone, 'keadaan', a.state, 'sejak', a.bound_at, 'sampai', a.ended_at, 'diberi_tahu', a.told_at) ORDER BY a.id), '[]')
    FROM address a WHERE a.employee_id = me.id),
  'undangan', (SELECT coalesce(jsonb_agg(jsonb_build_object('dibuat', v.created_at, 'berlaku_sampai', v.expires_at, 'dipakai', v.used_at) ORDER BY v.created_at), '[]')
    FROM invite v WHERE v.employee_id = me.id),
  'sif', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', f.day, 'mulai_menit', f.starts, 'selesai_menit', f.ends, 'nama', f.label) ORDER BY f.day), '[]')
    FROM shift f WHERE f.employee_id = me.id),
  'hari', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', d.day, 'keadaan', d.state, 'alasan', d.reason, 'nama', d.name,
      'ditanya', d.asked_at, 'batas', d.deadline_at, 'batas_semula', d.planned_deadline, 'diterima_sampai', d.late_until, 'pengingat', d.reminded) ORDER BY d.day), '[]')
    FROM duty d WHERE d.employee_id = me.id),
  'tambahan_waktu', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', g.day, 'batas', g.deadline_at, 'diterima_sampai', g.late_until, 'diberikan', g.granted_at) ORDER BY g.day), '[]')
    FROM grace g WHERE g.employee_id = me.id),
  'ketidakhadiran', (SELECT coalesce(jsonb_agg(jsonb_build_object('jenis', b.kind, 'dari', b.first_day, 'sampai', b.last_day, 'keadaan', b.state, 'sumber', b.source,
      'surat', b.letter, 'lampiran_surat', (SELECT count(*) FROM evidence x WHERE x.claim = b.claim AND x.state IN ('awaited', 'kept')), 'keterangan', b.note, 'dicatat', b.noted_at, 'ditanyakan_kepada', (SELECT x.name FROM employee x WHERE x.id = b.asks),
      'dicatat_oleh', (SELECT x.name FROM employee x WHERE x.id = b.noted_by), 'diputuskan', b.decided_at, 'diputuskan_oleh', (SELECT x.name FROM employee x WHERE x.id = b.decided_by), 'alasan_keputusan', b.decision, 'ditarik', b.withdrawn_at) ORDER BY b.id), '[]')
    FROM absence b WHERE b.employee_id = me.id),
  'laporan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', r.day, 'keadaan', r.state, 'kode', r.code, 'dimulai', r.started_at, 'terkirim', r.submitted_at, 'terlambat', r.late,
      'atasan', (SELECT x.name FROM employee x WHERE x.id = r.supervisor_id), 'kendala', r.obstacle, 'jawaban_lain', r.extra, 'pertanyaan', r.flow,
      'beban', jsonb_build_object('pesan', r.messages, 'tekan', r.taps, 'detik', r.seconds),
      'kegiatan', (SELECT coalesce(jsonb_agg(jsonb_build_object('uraian', k.description, 'jumlah', k.quantity, 'satuan', k.unit, 'hasil_lain', k.more, 'menit', k.minutes, 'mulai', k.starts, 'selesai', k.ends,
        'kendala', k.obstacle, 'kata_sendiri', k.source, 'rhk', i.code, 'rhk_dipilih', h.chosen_by) ORDER BY k.position), '[]')
        FROM activity k LEFT JOIN activity_plan h ON h.report_id = k.report_id AND h.position = k.position
        LEFT JOIN plan_item i ON i.id = h.item_id WHERE k.report_id = r.id),
      'versi', (SELECT coalesce(jsonb_agg(jsonb_build_object('versi', v.version, 'pada', v.at, 'sha256', encode(v.hash, 'hex'), 'isi', v.body) ORDER BY v.version), '[]')
        FROM report_version v WHERE v.report_id = r.id),
      'ditarik', (SELECT coalesce(jsonb_agg(jsonb_build_object('versi', w.version, 'pada', w.at, 'alasan', w.reason) ORDER BY w.version), '[]')
        FROM report_withdrawal w WHERE w.report_id = r.id),
      'dibuka', (SELECT coalesce(jsonb_agg(jsonb_build_object('oleh', p.name, 'pada', x.at, 'versi', x.version) ORDER BY x.at), '[]')
        FROM report_read x JOIN employee p ON p.id = x.reader_id WHERE x.report_id = r.id),
      'tinjauan', (SELECT coalesce(jsonb_agg(jsonb_build_object('oleh', p.name, 'versi', x.version, 'putusan', x.verdict, 'nilai', x.grade, 'catatan', x.note, 'pada', x.at, 'dibatalkan', x.undone_at) ORDER BY x.id), '[]')
        FROM review x JOIN employee p ON p.id = x.reviewer_id WHERE x.report_id = r.id),
      'batas_verifikasi', (SELECT coalesce(jsonb_agg(jsonb_build_object('versi', x.version, 'dikabarkan', x.told_at, 'diingatkan', x.reminded_at, 'dinaikkan', x.raised_at,
        'kepada', (SELECT p.name FROM employee p WHERE p.id = x.raised_to)) ORDER BY x.version), '[]')
        FROM review_clock x WHERE x.report_id = r.id)) ORDER BY r.day), '[]')
    FROM report r WHERE r.employee_id = me.id),
  'lampiran', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', c.day, 'jenis', c.kind, 'surat_ketidakhadiran', c.claim IS NOT NULL, 'kegiatan', c.items, 'keadaan', c.state, 'sha256', encode(c.hash, 'hex'), 'ukuran', z.size, 'format', z.mime,
      'lintang', c.lat, 'bujur', c.lon, 'dikirim', c.sent_at, 'selesai', c.settled_at, 'sebab', c.reason) ORDER BY c.inbox_id), '[]')
    FROM evidence c LEFT JOIN blob z ON z.hash = c.hash WHERE c.employee_id = me.id),
  'rencana', (SELECT coalesce(jsonb_agg(jsonb_build_object('kode', i.code, 'uraian', i.said, 'indikator', i.indicator, 'target', i.target, 'satuan', i.unit, 'tahun', i.year, 'triwulan', i.quarter,
      'dari', i.valid_from, 'sampai_sebelum', i.valid_to) ORDER BY i.id), '[]')
    FROM plan_item i WHERE i.employee_id = me.id),
  'pin_presensi', (SELECT coalesce(jsonb_agg(jsonb_build_object('pin', n.pin, 'mesin', g.name, 'dari', n.valid_from, 'sampai_sebelum', n.valid_to) ORDER BY n.id), '[]')
    FROM pin n LEFT JOIN device g ON g.id = n.device_id WHERE n.employee_id = me.id),
  'presensi', (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('pada', p.at, 'mesin', g.name, 'jam_mesin_keliru', p.doubt, 'diterima', p.received_at)), '[]')
    FROM pin n JOIN punch p ON p.pin = n.pin AND p.day >= n.valid_from AND (n.valid_to IS NULL OR p.day < n.valid_to)
      AND (n.device_id = p.device_id OR n.device_id IS NULL AND NOT EXISTS (SELECT FROM pin o WHERE o.pin = p.pin AND o.device_id = p.device_id
        AND p.day >= o.valid_from AND (o.valid_to IS NULL OR p.day < o.valid_to)))
    JOIN device g ON g.id = p.device_id WHERE n.employee_id = me.id),
  'pertanyaan_presensi', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', v.day, 'tentang', v.kind, 'presensi', v.punch_at, 'ditanya', v.asked_at, 'jawaban', v.answer, 'dijawab', v.answered_at) ORDER BY v.day), '[]')
    FROM presence_question v WHERE v.employee_id = me.id),
  'pesan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', w.day, 'pertanyaan', w.question, 'isi', w.said, 'pada', w.provider_at) ORDER BY w.provider_at), '[]')
    FROM answer w WHERE w.employee_id = me.id),
  'tulisan_lain', (SELECT coalesce(jsonb_agg(jsonb_build_object('isi', n.msg->>'text', 'pada', n.provider_at) ORDER BY n.id), '[]')
    FROM inbox n WHERE n.id IN (SELECT split_part(t.key, '/', 2)::bigint FROM sent_to t WHERE t.key ~ '^(reply|quarantine)/[0-9]{1,18}(/|$)')
      AND n.msg->>'text' <> '' AND NOT EXISTS (SELECT FROM answer w WHERE w.inbox_id = n.id)),
  'percakapan', (SELECT jsonb_build_object('diubah', c.updated_at, 'keadaan', c.body - 'invite') FROM conversation c WHERE c.employee_id = me.id),
  'nilai', (SELECT coalesce(jsonb_agg(jsonb_build_object('dari', s.first_day, 'sampai', s.last_day, 'jenis', s.period, 'skor', s.points, 'aturan', s.rubric, 'hitungan', s.record, 'dihitung', s.computed_at) ORDER BY s.first_day), '[]')
    FROM score_period s WHERE s.employee_id = me.id),
  'diteruskan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', m.day, 'kepada', h.name, 'pada', x.created_at, 'hari_berturut', m.in_a_row, 'tindakan', m.action, 'ditindak', m.acted_at) ORDER BY x.created_at), '[]')
    FROM escalation_member m JOIN escalation x ON x.id = m.escalation_id JOIN employee h ON h.id = x.receiver_id WHERE m.employee_id = me.id),
  'sudah_dihubungi', (SELECT coalesce(jsonb_agg(jsonb_build_object('oleh', p.name, 'pada', x.at, 'sampai', x.until) ORDER BY x.at), '[]')
    FROM ladder_ack x JOIN employee p ON p.id = x.by_id WHERE x.employee_id = me.id),
  'klarifikasi', (SELECT coalesce(jsonb_agg(jsonb_build_object('hari', x.missed, 'keadaan', x.state, 'ditanya', x.asked_at, 'diingatkan', x.reminded_at, 'sebab', x.kind, 'isi', x.said,
      'sha256', encode(x.hash, 'hex'), 'dijelaskan', x.explained_at, 'pada_meja', (SELECT p.name FROM employee p WHERE p.id = x.holder_id),
      'diputuskan_oleh', (SELECT p.name FROM employee p WHERE p.id = x.decided_by), 'putusan', x.decision, 'selesai', x.settled_at) ORDER BY x.id), '[]')
    FROM clarification x WHERE x.employee_id = me.id),
  'dikirim_kepada_saya', (SELECT coalesce(jsonb_agg(jsonb_build_object('jenis', t.kind, 'tentang', t.about_day, 'keadaan', t.state, 'dibuat', t.created_at, 'terkirim', t.sent_at) ORDER BY t.id), '[]')
    FROM sent_to t WHERE true),
  'sebagai_atasan', (SELECT coalesce(jsonb_agg(jsonb_build_object('perbuatan', z.did, 'pada', z.at) ORDER BY z.at), '[]')
    FROM (
      SELECT 'daftar staf' AS did, x.created_at AS at FROM escalation x WHERE x.receiver_id = me.id
      UNION ALL SELECT 'membuka laporan', x.at FROM report_read x WHERE x.reader_id = me.id
      UNION ALL SELECT 'meninjau laporan', x.at FROM review x WHERE x.reviewer_id = me.id
      UNION ALL SELECT 'menghubungi staf', x.at FROM ladder_ack x WHERE x.by_id = me.id
      UNION ALL SELECT 'memutuskan klarifikasi', x.settled_at FROM clarification x WHERE x.decided_by = me.id AND x.settled_at IS NOT NULL
      UNION ALL SELECT 'memutuskan ketidakhadiran', x.decided_at FROM absence x WHERE x.decided_by = me.id
      UNION ALL SELECT 'mencatat ketidakhadiran', x.noted_at FROM absence x WHERE x.noted_by = me.id AND x.employee_id <> me.id) z WHERE true),
  'wakil', (SELECT coalesce(jsonb_agg(jsonb_build_object('dari', g.first_day, 'sampai', g.last_day, 'keadaan', g.state, 'atasan', s.name, 'wakil', w.name, 'dibuat', g.made_at) ORDER BY g.id), '[]')
    FROM delegation g JOIN employee s ON s.id = g.superior_id JOIN employee w ON w.id = g.stand_in_id WHERE me.id IN (g.superior_id, g.stand_in_id)),
  'kendala_diteruskan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', b.day, 'jenis', b.kind, 'isi', b.said, 'keadaan', b.state, 'kepada', h.name, 'batas', b.due_day, 'dibuat', b.made_at, 'selesai', b.closed_at,
      'langkah', (SELECT coalesce(jsonb_agg(jsonb_build_object('pada', x.at, 'langkah', x.did, 'keterangan', x.note) ORDER BY x.id), '[]')
        FROM blocker_step x WHERE x.blocker_id = b.id)) ORDER BY b.id), '[]')
    FROM blocker b LEFT JOIN employee h ON h.id = b.holder_id WHERE b.reporter_id = me.id),
  'kru', (SELECT coalesce(jsonb_agg(jsonb_build_object('mandor', f.name, 'nomor', c.place, 'dari', c.valid_from, 'sampai_sebelum', c.valid_to) ORDER BY c.valid_from), '[]')
    FROM crew_member c JOIN employee f ON f.id = c.foreman_id WHERE c.employee_id = me.id),
  'laporan_lewat_mandor', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', r.day, 'mandor', f.name, 'pada', c.at) ORDER BY r.day), '[]')
    FROM crew_report c JOIN report r ON r.id = c.report_id JOIN employee f ON f.id = c.foreman_id WHERE r.employee_id = me.id),
  'keberatan_catatan', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', c.day, 'isi', c.said, 'keadaan', c.state, 'pada', c.at, 'diputuskan', c.decided_at) ORDER BY c.id), '[]')
    FROM contest c WHERE c.employee_id = me.id),
  'contoh_daftar', (SELECT coalesce(jsonb_agg(jsonb_build_object('tanggal', r.day, 'versi', x.version, 'oleh', p.name, 'pada', x.at) ORDER BY x.at), '[]')
    FROM review_sample x JOIN report r ON r.id = x.report_id JOIN employee p ON p.id = x.reviewer_id WHERE r.employee_id = me.id),
  'catatan_perubahan', (SELECT coalesce(jsonb_agg(jsonb_build_object('pada', l.at, 'oleh_sendiri', l.actor IN ('e' || me.id, 'employee:' || me.id), 'perbuatan', l.action, 'rincian', l.detail) ORDER BY l.seq), '[]')
    FROM audit l WHERE l.subject IN ('e' || me.id, 'employee:' || me.id))
)::jsonb AS data
FROM employee me WHERE me.id = @id;
