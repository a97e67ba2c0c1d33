-- +goose Up
-- When people could not report through no fault of theirs, and what they got back.

-- A running outage has no end; one that was declared may end in the future.
CREATE TABLE outage (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel     text NOT NULL CHECK (channel IN ('telegram', 'postgres', 'self') OR channel LIKE 'declared:_%'),
  -- Only for this office; everybody when NULL.
  opd_id      bigint REFERENCES opd,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  declared_by text NOT NULL DEFAULT '',
  note        text NOT NULL DEFAULT '',
  -- Since when every deadline it touched has moved and everybody has been told.
  credited_at timestamptz,
  CHECK (ended_at IS NULL OR ended_at >= started_at),
  CHECK (credited_at IS NULL OR ended_at IS NOT NULL),
  CHECK (ended_at IS NOT NULL OR channel NOT LIKE 'declared:%')
);
CREATE UNIQUE INDEX outage_running ON outage (channel) WHERE ended_at IS NULL;
CREATE INDEX outage_uncredited ON outage (id) WHERE credited_at IS NULL;
CREATE INDEX outage_started ON outage (started_at);

-- When something was last known to work, by any process: "telegram", "postgres",
-- and "self" for our own heartbeat.
CREATE TABLE reach (
  channel text PRIMARY KEY,
  at      timestamptz NOT NULL
);

-- The times as planned, while deadline_at and late_until are moved for outages.
ALTER TABLE duty
  ADD COLUMN planned_deadline timestamptz,
  ADD COLUMN planned_late timestamptz,
  ADD CHECK ((planned_deadline IS NULL) = (planned_late IS NULL)),
  ADD CHECK (deadline_at >= planned_deadline AND late_until >= planned_late);

-- Whom an outage concerns: everybody with a chat on the network that was away,
-- or with none at all; of a declared one everybody, or its office.
-- +goose StatementBegin
CREATE FUNCTION outage_concerns(channel text, opd bigint, employee bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN opd IS NOT NULL THEN
      EXISTS (SELECT FROM employee e JOIN unit u ON u.id = e.unit_id WHERE e.id = employee AND u.opd_id = opd)
    WHEN channel IN ('postgres', 'self') OR channel LIKE 'declared:%' THEN true
    ELSE EXISTS (SELECT FROM address a WHERE a.employee_id = employee AND a.state <> 'closed' AND a.network = channel)
      OR NOT EXISTS (SELECT FROM address a WHERE a.employee_id = employee AND a.state <> 'closed')
  END
$$;
-- +goose StatementEnd

-- Whether a duty's answer window is touched by an outage that we measured and
-- whose effect is not all done: nobody is asked, reminded or passed on meanwhile.
-- +goose StatementBegin
CREATE FUNCTION outage_holds(employee bigint, ask_at timestamptz, deadline timestamptz, now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM outage o WHERE o.credited_at IS NULL AND o.channel NOT LIKE 'declared:%'
    AND o.started_at < deadline AND coalesce(o.ended_at, now) >= ask_at
    AND outage_concerns(o.channel, o.opd_id, employee))
$$;
-- +goose StatementEnd
