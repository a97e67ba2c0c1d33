-- +goose Up
-- Who reads for a superior on some days, which reports a superior was shown before
-- approving all of them, and what people say against what was noted about them.

-- A stand-in named by the superior alone. It is planned until its first day, active
-- until its last one is over; the line of command stays as it is: the stand-in acts
-- for the superior, and both names are kept. A Plh by decree overrules it.
CREATE TABLE delegation (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  superior_id bigint NOT NULL REFERENCES employee,
  stand_in_id bigint NOT NULL REFERENCES employee,
  first_day   date NOT NULL,
  last_day    date NOT NULL,
  state       text NOT NULL CHECK (state IN ('planned', 'active', 'over', 'refused', 'ended', 'overruled')),
  inbox_id    bigint NOT NULL,
  made_at     timestamptz NOT NULL,
  settled_at  timestamptz,
  CHECK (superior_id <> stand_in_id),
  CHECK (last_day >= first_day),
  CHECK ((state IN ('planned', 'active')) = (settled_at IS NULL))
);
CREATE UNIQUE INDEX delegation_active ON delegation (superior_id) WHERE state = 'active';
CREATE INDEX delegation_open ON delegation (first_day) WHERE state IN ('planned', 'active');
CREATE INDEX delegation_stand_in ON delegation (stand_in_id) WHERE state IN ('planned', 'active');

-- for_id: the superior in whose stead a stand-in decided.
ALTER TABLE review ADD COLUMN for_id bigint REFERENCES employee;

-- Reports that were shown whole beside a list, by the message that asked for it.
CREATE TABLE review_sample (
  inbox_id    bigint NOT NULL,
  reviewer_id bigint NOT NULL REFERENCES employee,
  report_id   bigint NOT NULL REFERENCES report ON DELETE CASCADE,
  version     integer NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (inbox_id, report_id)
);
CREATE INDEX review_sample_report ON review_sample (report_id);

-- Whether somebody acts for a superior now.
-- +goose StatementBegin
CREATE FUNCTION stands_in(reader bigint, superior bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM delegation g WHERE g.state = 'active' AND g.superior_id = $2 AND g.stand_in_id = $1)
$$;
-- +goose StatementEnd

-- superior_id is whose the report is; reviewer_id who reads it now. Nobody reads
-- the own report for somebody else.
DROP VIEW unread_report;
CREATE VIEW unread_report AS
SELECT r.id, r.employee_id, r.day, r.version, r.late, r.minutes,
       coalesce(g.stand_in_id, s.id, l.supervisor_id) AS reviewer_id, coalesce(s.id, l.supervisor_id) AS superior_id
FROM report r
LEFT JOIN employee s ON s.id = r.supervisor_id AND s.active
LEFT JOIN reporting_line l ON s.id IS NULL AND l.employee_id = r.employee_id AND l.valid_to IS NULL
LEFT JOIN delegation g ON g.state = 'active' AND g.superior_id = coalesce(s.id, l.supervisor_id) AND g.stand_in_id <> r.employee_id
WHERE r.state = 'submitted' AND r.reviewed_version < r.version;

-- A person's word against what somebody else noted about one of the own days: an
-- absence that the superior marked, or a report that the foreman of the crew wrote.
CREATE TABLE contest (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  absence_id  bigint REFERENCES absence,
  report_id   bigint REFERENCES report ON DELETE CASCADE,
  asks        bigint REFERENCES employee, -- who decides; NULL: the personnel office
  said        text NOT NULL CHECK (said <> ''),
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'kept')),
  inbox_id    bigint, -- NULL: said at the personnel office
  at          timestamptz NOT NULL,
  decided_by  bigint REFERENCES employee,
  decided_at  timestamptz,
  CHECK ((absence_id IS NULL) <> (report_id IS NULL)),
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX contest_absence ON contest (absence_id) WHERE state = 'open';
CREATE UNIQUE INDEX contest_report ON contest (report_id) WHERE state = 'open';
CREATE INDEX contest_employee ON contest (employee_id);

-- What a stand-in is shown of the superior's staff, beside what 0020 lets viewers
-- see. The functions run as their owner and so do not ask the policies that ask them.
-- +goose StatementBegin
CREATE FUNCTION wall_stands() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT g.superior_id FROM delegation g
  WHERE g.state = 'active' AND g.stand_in_id = NULLIF(current_setting('ekinerja.viewer', true), '')::bigint
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION wall_stood_for() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT l.employee_id FROM reporting_line l
  WHERE l.supervisor_id IN (SELECT wall_stands()) AND l.valid_from <= NULLIF(current_setting('ekinerja.day', true), '')::date
    AND (l.valid_to IS NULL OR l.valid_to > NULLIF(current_setting('ekinerja.day', true), '')::date)
    AND l.employee_id <> NULLIF(current_setting('ekinerja.viewer', true), '')::bigint
$$;
-- +goose StatementEnd
CREATE POLICY stand_in ON report FOR SELECT USING (current_user = 'ekinerja_viewer'
  AND (supervisor_id IN (SELECT wall_stands()) OR employee_id IN (SELECT wall_stood_for())));
CREATE POLICY stand_in ON duty FOR SELECT USING (current_user = 'ekinerja_viewer' AND employee_id IN (SELECT wall_stood_for()));
CREATE POLICY stand_in ON absence FOR SELECT USING (current_user = 'ekinerja_viewer'
  AND (asks IN (SELECT wall_stands()) OR employee_id IN (SELECT wall_stood_for())));
CREATE POLICY stand_in ON plan_item FOR SELECT USING (current_user = 'ekinerja_viewer' AND employee_id IN (SELECT wall_stood_for()));

-- Of these tables a viewer sees what concerns the viewer.
CREATE POLICY viewer ON contest USING (current_user <> 'ekinerja_viewer'
  OR NULLIF(current_setting('ekinerja.viewer', true), '')::bigint IN (employee_id, asks) OR asks IN (SELECT wall_stands())
  OR EXISTS (SELECT FROM report r WHERE r.id = report_id)) WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON review_sample USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
ALTER TABLE contest ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_sample ENABLE ROW LEVEL SECURITY;
