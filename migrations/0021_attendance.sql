-- +goose Up
-- What the attendance machines of the offices have recorded. Of a person only the
-- number by which a machine knows them is here: no finger, no face, no photo, and
-- not by which of them they were known.

-- A machine that may send. Without a secret its serial number is all that proves
-- it. skew_seconds is by how much its clock is known to be wrong, 0 for right.
CREATE TABLE device (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  serial       text NOT NULL UNIQUE CHECK (serial ~ '^[A-Za-z0-9_-]{1,40}$'),
  name         text NOT NULL DEFAULT '',
  secret_hash  bytea CHECK (octet_length(secret_hash) = 32),
  zone_minutes integer NOT NULL CHECK (zone_minutes BETWEEN -720 AND 840),
  added_at     timestamptz NOT NULL,
  revoked_at   timestamptz,
  last_seen    timestamptz,
  stamp        text NOT NULL DEFAULT '',
  resend       boolean NOT NULL DEFAULT false,
  skew_seconds integer NOT NULL DEFAULT 0,
  skew_late    integer NOT NULL DEFAULT 0
);

-- Whose number a PIN is; without a machine, on all that have no row of their own.
-- valid_to is the first day on which it no longer is.
CREATE TABLE pin (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id bigint NOT NULL REFERENCES employee,
  pin         text NOT NULL,
  device_id   bigint REFERENCES device,
  valid_from  date NOT NULL,
  valid_to    date CHECK (valid_to > valid_from)
);
CREATE INDEX pin_employee ON pin (employee_id);
CREATE INDEX pin_pin ON pin (pin);

CREATE TABLE punch_import (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  device_id bigint NOT NULL REFERENCES device,
  source    text NOT NULL,
  at        timestamptz NOT NULL,
  rows      integer NOT NULL,
  fresh     integer NOT NULL,
  skipped   integer NOT NULL
);

-- One record, once: the key makes a second sending harmless. day is the civil day
-- by the machine's zone. The key holds the moment, so that the table can be parted
-- by month without another one.
CREATE TABLE punch (
  device_id   bigint NOT NULL REFERENCES device,
  at          timestamptz NOT NULL,
  pin         text NOT NULL,
  day         date NOT NULL,
  doubt       boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL,
  import_id   bigint REFERENCES punch_import,
  PRIMARY KEY (device_id, at, pin)
);
CREATE INDEX punch_pin ON punch (pin, day);

-- Of all this a viewer sees only what is their own (docs/scope.md).
CREATE POLICY viewer ON device USING (current_user <> 'ekinerja_viewer') WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON punch_import USING (current_user <> 'ekinerja_viewer') WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON pin USING (current_user <> 'ekinerja_viewer' OR employee_id = wall_viewer())
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON punch USING (current_user <> 'ekinerja_viewer'
  OR EXISTS (SELECT FROM pin n WHERE n.pin = punch.pin AND (n.device_id IS NULL OR n.device_id = punch.device_id)))
  WITH CHECK (current_user <> 'ekinerja_viewer');
ALTER TABLE device ENABLE ROW LEVEL SECURITY;
ALTER TABLE punch_import ENABLE ROW LEVEL SECURITY;
ALTER TABLE pin ENABLE ROW LEVEL SECURITY;
ALTER TABLE punch ENABLE ROW LEVEL SECURITY;
