-- +goose Up
-- Obstacles that somebody else can remove, and crews for whom a foreman reports.

-- One obstacle of one report, on its way to being removed:
--
--   open ─▶ accepted ─▶ done ─▶ closed
--    ▲         │  ▲       │
--    └ not ours┘  └ not yet
--
-- holder is whose it is now; NULL: nobody was found, the personnel office sees it.
CREATE TABLE blocker (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reporter_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  kind        text NOT NULL,
  said        text NOT NULL,
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'done', 'closed')),
  holder_id   bigint REFERENCES employee,
  due_day     date NOT NULL,
  made_at     timestamptz NOT NULL,
  done_at     timestamptz,
  closed_at   timestamptz,
  reminded_at timestamptz,
  UNIQUE (reporter_id, day),
  CHECK (holder_id <> reporter_id),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX blocker_holder ON blocker (holder_id) WHERE state <> 'closed';
CREATE INDEX blocker_open ON blocker (due_day) WHERE state <> 'closed';

-- What was done about it, only added to; to_id is who has it after the step.
CREATE TABLE blocker_step (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  blocker_id bigint NOT NULL REFERENCES blocker,
  actor_id   bigint REFERENCES employee, -- NULL: the clock
  did        text NOT NULL CHECK (did IN ('asked', 'accepted', 'not_ours', 'done', 'not_yet', 'confirmed', 'expired')),
  note       text NOT NULL DEFAULT '',
  to_id      bigint REFERENCES employee,
  inbox_id   bigint,
  at         timestamptz NOT NULL
);
CREATE INDEX blocker_step_blocker ON blocker_step (blocker_id);

-- Who is in whose crew, with the number by which the foreman calls them. Nobody in a
-- crew is asked or reminded: the foreman is.
CREATE TABLE crew_member (
  foreman_id  bigint NOT NULL REFERENCES employee,
  employee_id bigint NOT NULL REFERENCES employee,
  place       integer NOT NULL CHECK (place BETWEEN 1 AND 60),
  valid_from  date NOT NULL,
  valid_to    date CHECK (valid_to >= valid_from),
  PRIMARY KEY (employee_id, valid_from),
  CHECK (foreman_id <> employee_id)
);
CREATE UNIQUE INDEX crew_member_open ON crew_member (employee_id) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX crew_member_place ON crew_member (foreman_id, place) WHERE valid_to IS NULL;

-- Reports that a foreman wrote for a member, by the message that sent them.
CREATE TABLE crew_report (
  report_id  bigint PRIMARY KEY REFERENCES report ON DELETE CASCADE,
  foreman_id bigint NOT NULL REFERENCES employee,
  inbox_id   bigint NOT NULL,
  at         timestamptz NOT NULL
);
CREATE INDEX crew_report_foreman ON crew_report (foreman_id);

-- Of these tables a viewer sees what concerns the viewer, see 0020.
CREATE POLICY viewer ON blocker USING (current_user <> 'ekinerja_viewer'
  OR NULLIF(current_setting('ekinerja.viewer', true), '')::bigint IN (reporter_id, holder_id)) WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON blocker_step USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM blocker b WHERE b.id = blocker_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON crew_report USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON crew_member USING (current_user <> 'ekinerja_viewer'
  OR NULLIF(current_setting('ekinerja.viewer', true), '')::bigint IN (foreman_id, employee_id)) WITH CHECK (current_user <> 'ekinerja_viewer');
ALTER TABLE crew_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE blocker ENABLE ROW LEVEL SECURITY;
ALTER TABLE blocker_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE crew_report ENABLE ROW LEVEL SECURITY;
