-- +goose Up
-- What people reported, escalations about silence, and scores.

CREATE TABLE report (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id   bigint NOT NULL REFERENCES employee,
  day           date NOT NULL,
  state         text NOT NULL CHECK (state IN ('draft', 'submitted')),
  version       integer NOT NULL DEFAULT 0,
  unit_id       bigint NOT NULL REFERENCES unit,
  supervisor_id bigint REFERENCES employee,
  obstacle      text NOT NULL DEFAULT '',
  extra         jsonb NOT NULL DEFAULT '{}',
  flow          text NOT NULL DEFAULT '',
  minutes       integer NOT NULL DEFAULT 0,
  started_at    timestamptz NOT NULL,
  submitted_at  timestamptz,
  late          boolean NOT NULL DEFAULT false,
  code          text UNIQUE,
  UNIQUE (employee_id, day),
  CHECK (state = 'draft' OR (submitted_at IS NOT NULL AND code IS NOT NULL AND version > 0))
);
CREATE INDEX report_day ON report (day, employee_id) WHERE state = 'submitted';

CREATE TABLE activity (
  report_id   bigint NOT NULL REFERENCES report,
  position    integer NOT NULL,
  description text NOT NULL,
  quantity    text,
  unit        text NOT NULL DEFAULT '',
  minutes     integer CHECK (minutes > 0),
  starts      text,
  ends        text,
  more        jsonb NOT NULL DEFAULT '[]',
  obstacle    text NOT NULL DEFAULT '',
  source      text NOT NULL,
  PRIMARY KEY (report_id, position)
);

-- Every sending of a report, whole: the receipt is made from it.
CREATE TABLE report_version (
  report_id bigint NOT NULL REFERENCES report,
  version   integer NOT NULL,
  body      jsonb NOT NULL,
  hash      bytea NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (report_id, version)
);

-- The person's own words, each message once.
CREATE TABLE answer (
  inbox_id    bigint PRIMARY KEY REFERENCES inbox,
  employee_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  question    text NOT NULL,
  item        integer NOT NULL DEFAULT 0,
  said        text NOT NULL,
  provider_at timestamptz NOT NULL
);
CREATE INDEX answer_day ON answer (employee_id, day);

-- One digest a receiver, day of sending and revision; members are the silent
-- people in it, each with the newest day without a report.
CREATE TABLE escalation (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  receiver_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  revision    integer NOT NULL,
  created_at  timestamptz NOT NULL,
  UNIQUE (receiver_id, day, revision)
);

CREATE TABLE escalation_member (
  escalation_id bigint NOT NULL REFERENCES escalation,
  employee_id   bigint NOT NULL REFERENCES employee,
  day           date NOT NULL,
  in_a_row      integer NOT NULL,
  action        text NOT NULL DEFAULT '',
  acted_at      timestamptz,
  PRIMARY KEY (escalation_id, employee_id),
  CHECK ((action = '') = (acted_at IS NULL))
);
CREATE INDEX escalation_member_day ON escalation_member (employee_id, day);

-- A score with everything it was made from, so that it can be made again.
CREATE TABLE score_period (
  employee_id bigint NOT NULL REFERENCES employee,
  period      text NOT NULL CHECK (period IN ('week', 'month')),
  first_day   date NOT NULL,
  last_day    date NOT NULL,
  unit_id     bigint NOT NULL REFERENCES unit,
  rubric      text NOT NULL,
  record      jsonb NOT NULL,
  points      text,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (employee_id, period, first_day)
);
