-- +goose Up
-- What people are besides civil servants: who looks after an office, the personnel
-- office, the city's leaders, the operator. Who leads whom is no role; it is the
-- line of command.

-- A NULL opd is the whole city, a NULL unit the whole office. valid_to is the first
-- day on which the role no longer holds. told is what its holder was told of it.
CREATE TABLE roles (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id bigint NOT NULL REFERENCES employee,
  role        text NOT NULL CHECK (role IN ('opd_admin', 'hr', 'leader', 'operator')),
  opd_id      bigint REFERENCES opd,
  unit_id     bigint REFERENCES unit,
  valid_from  date NOT NULL,
  valid_to    date,
  granted_by  text NOT NULL,
  granted_at  timestamptz NOT NULL,
  told        text NOT NULL DEFAULT '' CHECK (told IN ('', 'given', 'ended')),
  CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CHECK (unit_id IS NULL OR opd_id IS NOT NULL),
  CHECK (role <> 'opd_admin' OR opd_id IS NOT NULL)
);
CREATE INDEX roles_employee ON roles (employee_id);
CREATE UNIQUE INDEX roles_open ON roles (employee_id, role, coalesce(opd_id, 0), coalesce(unit_id, 0)) WHERE valid_to IS NULL;
