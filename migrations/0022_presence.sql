-- +goose Up
-- What was asked about a day of which a machine and the reports say different
-- things, once a person and day, and what the person said to it.
CREATE TABLE presence_question (
  employee_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('seen', 'leave', 'unseen')),
  punch_at    timestamptz,
  asked_at    timestamptz NOT NULL,
  answer      text NOT NULL DEFAULT '',
  answered_at timestamptz,
  PRIMARY KEY (employee_id, day),
  CHECK ((answer = '') = (answered_at IS NULL))
);
CREATE POLICY viewer ON presence_question USING (current_user <> 'ekinerja_viewer' OR employee_id = wall_viewer())
  WITH CHECK (current_user <> 'ekinerja_viewer');
ALTER TABLE presence_question ENABLE ROW LEVEL SECURITY;
