-- +goose Up
-- What people have planned to achieve (RHK of their SKP), the activities that an
-- office has agreed on with their usual minutes, and which item of the plan each
-- activity of a sent report serves.

-- A row never changes but for its end: what was linked to it keeps its words. A
-- changed item is a new row. It counts on the days of its period from valid_from
-- until before valid_to; a row that was replaced on the day it came counts on none.
CREATE TABLE plan_item (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id bigint NOT NULL REFERENCES employee,
  code        text NOT NULL CHECK (code <> ''),
  said        text NOT NULL CHECK (said <> ''),
  indicator   text NOT NULL DEFAULT '',
  target      text NOT NULL DEFAULT '',
  unit        text NOT NULL DEFAULT '',
  year        integer NOT NULL CHECK (year BETWEEN 2000 AND 2200),
  quarter     integer NOT NULL CHECK (quarter BETWEEN 0 AND 4), -- 0: the whole year
  valid_from  date NOT NULL,
  valid_to    date,
  created_at  timestamptz NOT NULL,
  UNIQUE (id, employee_id),
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX plan_item_open ON plan_item (employee_id, year, quarter, code) WHERE valid_to IS NULL;
CREATE INDEX plan_item_person ON plan_item (employee_id, valid_from);

-- An activity of an office, or of one unit of it, with the minutes of a
-- day that it usually takes.
CREATE TABLE bank_activity (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  opd_id     bigint NOT NULL REFERENCES opd,
  unit_id    bigint REFERENCES unit, -- NULL: the whole office
  name       text NOT NULL CHECK (name <> ''),
  result     text NOT NULL DEFAULT '',
  minutes    integer NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
  valid_from date NOT NULL,
  valid_to   date,
  created_at timestamptz NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX bank_activity_open ON bank_activity (opd_id) WHERE valid_to IS NULL;

-- How an activity of a sent report serves the plan. No item: an additional duty.
-- The second key makes another person's item impossible.
CREATE TABLE activity_plan (
  report_id   bigint NOT NULL REFERENCES report ON DELETE CASCADE,
  position    integer NOT NULL,
  employee_id bigint NOT NULL REFERENCES employee,
  item_id     bigint,
  chosen_by   text NOT NULL CHECK (chosen_by IN ('person', 'earlier', 'words', 'nothing')),
  PRIMARY KEY (report_id, position),
  FOREIGN KEY (item_id, employee_id) REFERENCES plan_item (id, employee_id)
);
CREATE INDEX activity_plan_person ON activity_plan (employee_id) WHERE chosen_by = 'person';
