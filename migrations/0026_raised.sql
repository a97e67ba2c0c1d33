-- +goose Up
-- What was not read in time is read by whoever leads its superior; and what people
-- said about missing reports is not read by viewers at all.

-- +goose StatementBegin
DO $$
BEGIN
  IF to_regclass('delegation') IS NULL THEN
    CREATE OR REPLACE VIEW unread_report AS
    SELECT r.id, r.employee_id, r.day, r.version, r.late, r.minutes, coalesce(x.id, s.id, l.supervisor_id) AS reviewer_id
    FROM report r
    LEFT JOIN employee s ON s.id = r.supervisor_id AND s.active
    LEFT JOIN reporting_line l ON s.id IS NULL AND l.employee_id = r.employee_id AND l.valid_to IS NULL
    LEFT JOIN review_clock k ON k.report_id = r.id AND k.version = r.version
    LEFT JOIN employee x ON x.id = k.raised_to AND x.active
    WHERE r.state = 'submitted' AND r.reviewed_version < r.version;
  ELSE -- whoever stands in for the one who reads it now
    CREATE OR REPLACE VIEW unread_report AS
    SELECT r.id, r.employee_id, r.day, r.version, r.late, r.minutes,
           coalesce(g.stand_in_id, x.id, s.id, l.supervisor_id) AS reviewer_id, coalesce(x.id, s.id, l.supervisor_id) AS superior_id
    FROM report r
    LEFT JOIN employee s ON s.id = r.supervisor_id AND s.active
    LEFT JOIN reporting_line l ON s.id IS NULL AND l.employee_id = r.employee_id AND l.valid_to IS NULL
    LEFT JOIN review_clock k ON k.report_id = r.id AND k.version = r.version
    LEFT JOIN employee x ON x.id = k.raised_to AND x.active
    LEFT JOIN delegation g ON g.state = 'active' AND g.superior_id = coalesce(x.id, s.id, l.supervisor_id) AND g.stand_in_id <> r.employee_id
    WHERE r.state = 'submitted' AND r.reviewed_version < r.version;
  END IF;
END
$$;
-- +goose StatementEnd

ALTER TABLE clarification ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON clarification USING (current_user <> 'ekinerja_viewer');
