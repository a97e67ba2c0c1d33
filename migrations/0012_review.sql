-- +goose Up
-- What superiors say of reports. A verdict is of one sending: a report that is
-- sent anew waits to be read anew.

ALTER TABLE report
  ADD COLUMN reviewed_version integer NOT NULL DEFAULT 0,
  ADD COLUMN verdict text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'approved', 'returned')),
  ADD COLUMN grade   text NOT NULL DEFAULT '' CHECK (grade IN ('', 'sesuai', 'cukup', 'kurang', 'tidak'));
CREATE INDEX report_unread ON report (supervisor_id, day) WHERE state = 'submitted' AND reviewed_version < version;

CREATE TABLE review (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  report_id   bigint NOT NULL REFERENCES report,
  version     integer NOT NULL,
  reviewer_id bigint NOT NULL REFERENCES employee,
  verdict     text NOT NULL CHECK (verdict IN ('approved', 'returned')),
  grade       text NOT NULL DEFAULT '',
  note        text NOT NULL DEFAULT '',
  inbox_id    bigint NOT NULL, -- the message that said so
  at          timestamptz NOT NULL,
  undone_at   timestamptz,
  CHECK (verdict = 'approved' OR note <> '')
);
CREATE INDEX review_report ON review (report_id);
CREATE INDEX review_inbox ON review (inbox_id);

-- Who reads a report: the superior of its day; who leads now, when that one has
-- left. The line of command knows of Plt and Plh and of long leaves.
CREATE VIEW unread_report AS
SELECT r.id, r.employee_id, r.day, r.version, r.late, r.minutes, coalesce(s.id, l.supervisor_id) AS reviewer_id
FROM report r
LEFT JOIN employee s ON s.id = r.supervisor_id AND s.active
LEFT JOIN reporting_line l ON s.id IS NULL AND l.employee_id = r.employee_id AND l.valid_to IS NULL
WHERE r.state = 'submitted' AND r.reviewed_version < r.version;
