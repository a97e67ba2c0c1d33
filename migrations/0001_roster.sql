-- +goose Up
-- Who is employed where, who leads whom since when, which days are worked.

CREATE TABLE opd (
  id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE unit (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  opd_id bigint NOT NULL REFERENCES opd,
  name   text NOT NULL,
  UNIQUE (opd_id, name)
);

CREATE TABLE employee (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number     text NOT NULL UNIQUE,
  name       text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('PNS', 'PPPK', 'PPPK_PW', 'CPNS', 'NON_ASN')),
  sex        text NOT NULL DEFAULT '' CHECK (sex IN ('', 'M', 'F')),
  post       text NOT NULL DEFAULT '',
  unit_id    bigint NOT NULL REFERENCES unit,
  phone      text,
  pattern    text NOT NULL DEFAULT '5HK' CHECK (pattern IN ('5HK', '6HK', 'SIF')),
  lang       text NOT NULL DEFAULT 'id' CHECK (lang IN ('id', 'en')),
  active     boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX employee_phone ON employee (phone) WHERE phone IS NOT NULL AND active;
CREATE INDEX employee_unit ON employee (unit_id);

-- valid_to is the first day on which the link no longer holds.
CREATE TABLE reporting_line (
  employee_id   bigint NOT NULL REFERENCES employee,
  supervisor_id bigint NOT NULL REFERENCES employee,
  valid_from    date NOT NULL,
  valid_to      date,
  PRIMARY KEY (employee_id, valid_from),
  CHECK (employee_id <> supervisor_id),
  CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE UNIQUE INDEX reporting_line_open ON reporting_line (employee_id) WHERE valid_to IS NULL;
CREATE INDEX reporting_line_supervisor ON reporting_line (supervisor_id);

-- Who led the employee on that day, NULL for nobody.
-- +goose StatementBegin
CREATE FUNCTION supervisor_on(employee bigint, day date) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT l.supervisor_id FROM reporting_line l
  WHERE l.employee_id = $1 AND l.valid_from <= $2 AND (l.valid_to IS NULL OR l.valid_to > $2)
  ORDER BY l.valid_from DESC LIMIT 1
$$;
-- +goose StatementEnd

-- starts and ends are minutes after midnight of day; ends may pass 1440.
CREATE TABLE shift (
  employee_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  starts      integer NOT NULL CHECK (starts BETWEEN 0 AND 1439),
  ends        integer NOT NULL CHECK (ends > starts AND ends <= 2880),
  label       text NOT NULL DEFAULT '',
  PRIMARY KEY (employee_id, day)
);

CREATE TABLE calendar_day (
  day   date PRIMARY KEY,
  kind  text NOT NULL CHECK (kind IN ('libur', 'cuti_bersama', 'hari_kerja_khusus')),
  name  text NOT NULL,
  basis text NOT NULL DEFAULT ''
);

CREATE TABLE absence (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id bigint NOT NULL REFERENCES employee,
  first_day   date NOT NULL,
  last_day    date NOT NULL,
  kind        text NOT NULL,
  source      text NOT NULL CHECK (source IN ('chat', 'supervisor', 'import')),
  state       text NOT NULL CHECK (state IN ('claimed', 'confirmed', 'refused')),
  noted_by    bigint REFERENCES employee,
  noted_at    timestamptz NOT NULL,
  CHECK (last_day >= first_day)
);
CREATE INDEX absence_employee ON absence (employee_id, first_day);

-- Duty of a person on a day, computed once with its reason and stored.
CREATE TABLE duty (
  employee_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  state       text NOT NULL CHECK (state IN ('due', 'not_due', 'deferred')),
  reason      text NOT NULL,
  name        text NOT NULL DEFAULT '',
  starts      integer NOT NULL DEFAULT 0,
  ends        integer NOT NULL DEFAULT 0,
  short_form  boolean NOT NULL DEFAULT false,
  ask_at      timestamptz,
  deadline_at timestamptz,
  late_until  timestamptz,
  computed_at timestamptz NOT NULL,
  asked_at    timestamptz,
  reminded    integer NOT NULL DEFAULT 0,
  PRIMARY KEY (employee_id, day),
  CHECK (state <> 'due' OR (ask_at IS NOT NULL AND deadline_at > ask_at AND late_until >= deadline_at))
);
CREATE INDEX duty_to_ask ON duty (ask_at) WHERE state = 'due' AND asked_at IS NULL;
CREATE INDEX duty_deadline ON duty (deadline_at) WHERE state = 'due';
CREATE INDEX duty_late ON duty (late_until) WHERE state = 'due';
CREATE INDEX duty_day ON duty (day, state);

-- How a person is reached. A closed address is history.
CREATE TABLE address (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id bigint NOT NULL REFERENCES employee,
  network     text NOT NULL,
  chat_id     text NOT NULL,
  state       text NOT NULL CHECK (state IN ('live', 'blocked', 'closed')),
  bound_at    timestamptz NOT NULL,
  ended_at    timestamptz,
  CHECK ((state = 'closed') = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX address_chat ON address (network, chat_id) WHERE state <> 'closed';
CREATE INDEX address_employee ON address (employee_id) WHERE state <> 'closed';

-- Single-use invitations, for a person or for the group of an OPD.
CREATE TABLE invite (
  token_hash  bytea PRIMARY KEY,
  employee_id bigint REFERENCES employee,
  opd_id      bigint REFERENCES opd,
  created_at  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz,
  used_by     text,
  CHECK ((employee_id IS NULL) <> (opd_id IS NULL)),
  CHECK ((used_at IS NULL) = (used_by IS NULL))
);

CREATE TABLE opd_group (
  network   text NOT NULL,
  chat_id   text NOT NULL,
  opd_id    bigint NOT NULL REFERENCES opd,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (network, chat_id)
);
