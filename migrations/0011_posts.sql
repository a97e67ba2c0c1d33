-- +goose Up
-- The chairs of the organisation and who sits on them, and the line of command
-- that follows. reporting_line is from now on what was decided, day by day, from
-- posts, assignments, explicit links and long leaves; its past never changes.

-- code is the office's own name of a post.
CREATE TABLE post (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code        text NOT NULL UNIQUE,
  name        text NOT NULL,
  unit_id     bigint NOT NULL REFERENCES unit,
  superior_id bigint REFERENCES post,
  CHECK (superior_id <> id)
);

-- valid_to is the first day on which the person no longer holds the post.
CREATE TABLE assignment (
  post_id     bigint NOT NULL REFERENCES post,
  employee_id bigint NOT NULL REFERENCES employee,
  kind        text NOT NULL CHECK (kind IN ('definitif', 'plt', 'plh', 'pj')),
  valid_from  date NOT NULL,
  valid_to    date CHECK (valid_to > valid_from),
  letter      text NOT NULL DEFAULT '',
  PRIMARY KEY (post_id, employee_id, kind, valid_from)
);
CREATE INDEX assignment_employee ON assignment (employee_id);

-- Explicit supervisors: the column nip_atasan. Where nobody holds a post they are
-- the whole line of command.
CREATE TABLE supervisor_link (
  employee_id   bigint NOT NULL REFERENCES employee,
  supervisor_id bigint NOT NULL REFERENCES employee,
  valid_from    date NOT NULL,
  valid_to      date,
  PRIMARY KEY (employee_id, valid_from),
  CHECK (employee_id <> supervisor_id),
  CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE UNIQUE INDEX supervisor_link_open ON supervisor_link (employee_id) WHERE valid_to IS NULL;
INSERT INTO supervisor_link (employee_id, supervisor_id, valid_from, valid_to)
SELECT employee_id, supervisor_id, valid_from, valid_to FROM reporting_line;

-- How the line was last decided: the policy, and what its leaves looked like.
CREATE TABLE line_state (
  single      boolean PRIMARY KEY DEFAULT true CHECK (single),
  pass_leave  integer NOT NULL DEFAULT 3,
  fingerprint text NOT NULL DEFAULT ''
);
INSERT INTO line_state DEFAULT VALUES;
CREATE INDEX absence_last_day ON absence (last_day);

-- Many people who move on one day; moves keep the rows of the file.
CREATE TABLE mutation (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  effective  date NOT NULL,
  state      text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'applied', 'cancelled')),
  source     text NOT NULL,
  planned_at timestamptz NOT NULL,
  settled_at timestamptz,
  CHECK ((state = 'planned') = (settled_at IS NULL))
);
CREATE INDEX mutation_planned ON mutation (effective) WHERE state = 'planned';

-- NULL is unchanged; an empty supervisor is nobody.
CREATE TABLE mutation_move (
  mutation_id bigint NOT NULL REFERENCES mutation,
  employee_id bigint NOT NULL REFERENCES employee,
  post        text,
  opd         text,
  unit        text,
  post_code   text,
  supervisor  text,
  PRIMARY KEY (mutation_id, employee_id)
);
CREATE INDEX mutation_move_employee ON mutation_move (employee_id);
