-- +goose Up
-- The ladder of escalation as the policy has it: on which step somebody stood when a
-- digest told of them, and who has taken care of it. And how long reports wait for
-- their reader.

-- notes are what a digest says about whole offices: [{"step", "opd", "name", "first", "in", "due"}].
ALTER TABLE escalation ADD COLUMN notes jsonb NOT NULL DEFAULT '[]';

-- step is the policy's name of the step, ack_days the working days for which an
-- acknowledgement of it holds, in_month the days without a report in that month.
ALTER TABLE escalation_member
  ADD COLUMN step     text NOT NULL DEFAULT '',
  ADD COLUMN ack_days integer NOT NULL DEFAULT 3 CHECK (ack_days >= 0),
  ADD COLUMN in_month integer NOT NULL DEFAULT 0 CHECK (in_month >= 0);

-- Somebody has spoken to the person: until that day, included, the ladder rests.
CREATE TABLE ladder_ack (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  escalation_id bigint NOT NULL REFERENCES escalation,
  employee_id   bigint NOT NULL REFERENCES employee,
  by_id         bigint NOT NULL REFERENCES employee,
  until         date NOT NULL,
  at            timestamptz NOT NULL,
  CHECK (employee_id <> by_id)
);
CREATE INDEX ladder_ack_employee ON ladder_ack (employee_id, until);
CREATE INDEX ladder_ack_by ON ladder_ack (by_id);

-- One sending of a report that waits to be read: when its reader was told of it and
-- reminded, and when it went to whoever leads the reader, because the time for
-- reading was over. From then on it counts as accepted, whatever is said later.
CREATE TABLE review_clock (
  report_id   bigint NOT NULL REFERENCES report ON DELETE CASCADE,
  version     integer NOT NULL,
  told_at     timestamptz NOT NULL,
  reminded_at timestamptz,
  raised_at   timestamptz,
  raised_on   date,
  raised_to   bigint REFERENCES employee, -- NULL: nobody is above the reader
  PRIMARY KEY (report_id, version),
  CHECK ((raised_at IS NULL) = (raised_on IS NULL)),
  CHECK (raised_to IS NULL OR raised_at IS NOT NULL)
);
CREATE INDEX review_clock_day ON review_clock (raised_on) WHERE raised_on IS NOT NULL;
CREATE INDEX review_clock_raised ON review_clock (raised_to) WHERE raised_to IS NOT NULL;
