-- +goose Up
-- What makes a silent change visible, and what one chat may ask of us.

-- The record is a chain: each line's hash is over the line and the hash before.
-- Lines are linked some seconds after they were written, in one order for all,
-- so that nobody who writes one waits for anybody else who does.
ALTER TABLE audit
  ADD COLUMN link bigint UNIQUE,
  ADD COLUMN prev_hash bytea,
  ADD COLUMN hash bytea,
  ADD CHECK ((link IS NULL) = (hash IS NULL) AND (link IS NULL) = (prev_hash IS NULL));
CREATE INDEX audit_loose ON audit (seq) WHERE link IS NULL;
CREATE INDEX audit_subject ON audit (subject, action);

-- The end of the chain: without it the newest lines could be cut off unseen.
CREATE TABLE audit_head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  link   bigint NOT NULL,
  hash   bytea NOT NULL
);
INSERT INTO audit_head (link, hash) VALUES (0, sha256(''));

-- Nothing changes a line but its linking, once.
-- +goose StatementBegin
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.link IS NULL AND NEW.link IS NOT NULL
       AND (NEW.seq, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.detail)
         = (OLD.seq, OLD.at, OLD.actor, OLD.action, OLD.subject, OLD.detail) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the record is only added to' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_kept_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();

-- From now on every score and every sending of a report leaves its digest in the
-- record; those from before get it here.
INSERT INTO audit (at, actor, action, subject, detail)
SELECT v.at, 'system', 'report.kept', 'e' || r.employee_id,
       jsonb_build_object('day', r.day, 'version', v.version, 'sha256', encode(v.hash, 'hex'))
FROM report_version v JOIN report r ON r.id = v.report_id ORDER BY v.at, v.report_id, v.version;
INSERT INTO audit (at, actor, action, subject, detail)
SELECT s.computed_at, 'system', 'score.kept', 'e' || s.employee_id,
       jsonb_build_object('period', s.period, 'first', s.first_day, 'sha256',
         encode(sha256(convert_to(s.rubric || E'\n' || coalesce(s.points, '') || E'\n' || s.record::text, 'UTF8')), 'hex'))
FROM score_period s ORDER BY s.computed_at, s.employee_id, s.period, s.first_day;

-- What came faster than a person writes: kept, and read by nobody. One an hour
-- ('warned') is answered with a warning.
ALTER TABLE inbox ADD COLUMN flood text NOT NULL DEFAULT '' CHECK (flood IN ('', 'ignored', 'warned'));
CREATE INDEX inbox_pace ON inbox (key, (msg->>'kind' = 'tap'), provider_at) WHERE flood = '';
CREATE INDEX inbox_warned ON inbox (key, provider_at) WHERE flood = 'warned';
CREATE INDEX inbox_flood ON inbox (received_at) WHERE flood <> '';

-- A refused invitation or contact: a chat may try a few times an hour.
CREATE TABLE enrol_attempt (
  inbox_id bigint PRIMARY KEY REFERENCES inbox,
  key      text NOT NULL,
  at       timestamptz NOT NULL
);
CREATE INDEX enrol_attempt_key ON enrol_attempt (key, at);
CREATE INDEX enrol_attempt_at ON enrol_attempt (at);

-- Everybody whose line of command leads back to themselves on some day.
-- +goose StatementBegin
CREATE FUNCTION line_cycles() RETURNS TABLE (employee_id bigint) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE up (start, at, days) AS (
    SELECT l.employee_id, l.supervisor_id, daterange(l.valid_from, l.valid_to) FROM reporting_line l
    UNION ALL
    SELECT u.start, l.supervisor_id, u.days * daterange(l.valid_from, l.valid_to)
    FROM up u JOIN reporting_line l ON l.employee_id = u.at AND u.days && daterange(l.valid_from, l.valid_to)
  ) CYCLE at SET again USING path
  SELECT DISTINCT u.start FROM up u WHERE u.start = u.at
$$;
-- +goose StatementEnd
