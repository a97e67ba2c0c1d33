-- +goose Up
-- The second wall: what a person is shown of others is read as the role
-- ekinerja_viewer, for which the rows of strangers do not exist, whatever a query
-- forgot to ask. The first wall is the query's own condition.
--
-- Who looks, and on which day, are settings of the transaction. The service's own
-- role passes: a policy asks who reads before it asks anything else.

-- +goose StatementBegin
CREATE FUNCTION wall_viewer() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT NULLIF(current_setting('ekinerja.viewer', true), '')::bigint
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION wall_day() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT NULLIF(current_setting('ekinerja.day', true), '')::date
$$;
-- +goose StatementEnd

-- The functions below run as their owner, who sees everything, and so do not ask
-- the policies that ask them.

-- People in reach of a role of the viewer, of one of these names.
-- +goose StatementBegin
CREATE FUNCTION wall_role(names text[]) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT e.id FROM roles x
  JOIN unit u ON (x.opd_id IS NULL OR u.opd_id = x.opd_id) AND (x.unit_id IS NULL OR u.id = x.unit_id)
  JOIN employee e ON e.unit_id = u.id
  WHERE x.employee_id = wall_viewer() AND x.role = ANY(names)
    AND x.valid_from <= wall_day() AND (x.valid_to IS NULL OR x.valid_to > wall_day())
$$;
-- +goose StatementEnd

-- Whose reports the viewer may read on any day: the own ones, those of everybody
-- below in the line of the day, and as HR those in reach.
-- +goose StatementBegin
CREATE FUNCTION wall_reads() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  WITH RECURSIVE below (id, depth) AS (
    SELECT wall_viewer(), 0
    UNION
    SELECT l.employee_id, b.depth + 1 FROM below b
    JOIN reporting_line l ON l.supervisor_id = b.id AND l.valid_from <= wall_day() AND (l.valid_to IS NULL OR l.valid_to > wall_day())
    WHERE b.depth < 12
  )
  SELECT b.id FROM below b
  UNION
  SELECT wall_role('{hr}')
$$;
-- +goose StatementEnd

-- Of whom the viewer may know whether they are there, were asked and have
-- reported: also as the administrator of their office.
-- +goose StatementBegin
CREATE FUNCTION wall_knows() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT wall_reads() UNION SELECT wall_role('{opd_admin}')
$$;
-- +goose StatementEnd

-- Whether the viewer led somebody on a day, or has the day from a digest.
-- +goose StatementBegin
CREATE FUNCTION wall_led(person bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT FROM reporting_line l WHERE l.employee_id = person AND l.supervisor_id = wall_viewer()
    AND l.valid_from <= on_day AND (l.valid_to IS NULL OR l.valid_to > on_day))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION wall_told(person bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT FROM escalation_member m JOIN escalation x ON x.id = m.escalation_id
    WHERE m.employee_id = person AND m.day = on_day AND x.receiver_id = wall_viewer())
$$;
-- +goose StatementEnd

-- Writing is not for viewers: no policy lets them.
CREATE POLICY viewer ON report USING (current_user <> 'ekinerja_viewer'
  OR supervisor_id = wall_viewer() OR employee_id IN (SELECT wall_reads()) OR wall_led(employee_id, day))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON activity USING (current_user <> 'ekinerja_viewer' OR report_id IN (SELECT r.id FROM report r))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON report_version USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON report_withdrawal USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON report_read USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON review USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON activity_plan USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM report r WHERE r.id = report_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON evidence USING (current_user <> 'ekinerja_viewer'
  OR employee_id IN (SELECT wall_reads()) OR wall_led(employee_id, day)
  OR EXISTS (SELECT FROM report r WHERE r.employee_id = evidence.employee_id AND r.day = evidence.day))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON duty USING (current_user <> 'ekinerja_viewer'
  OR employee_id IN (SELECT wall_knows()) OR wall_led(employee_id, day) OR wall_told(employee_id, day))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON absence USING (current_user <> 'ekinerja_viewer'
  OR asks = wall_viewer() OR employee_id IN (SELECT wall_knows()) OR wall_led(employee_id, first_day) OR wall_led(employee_id, last_day))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON score_period USING (current_user <> 'ekinerja_viewer'
  OR employee_id IN (SELECT wall_reads()) OR wall_led(employee_id, last_day))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON plan_item USING (current_user <> 'ekinerja_viewer' OR employee_id IN (SELECT wall_reads()))
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON escalation USING (current_user <> 'ekinerja_viewer' OR receiver_id = wall_viewer())
  WITH CHECK (current_user <> 'ekinerja_viewer');
CREATE POLICY viewer ON escalation_member USING (current_user <> 'ekinerja_viewer' OR EXISTS (SELECT FROM escalation x WHERE x.id = escalation_id))
  WITH CHECK (current_user <> 'ekinerja_viewer');

ALTER TABLE report ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_withdrawal ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_read ENABLE ROW LEVEL SECURITY;
ALTER TABLE review ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE duty ENABLE ROW LEVEL SECURITY;
ALTER TABLE absence ENABLE ROW LEVEL SECURITY;
ALTER TABLE score_period ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalation ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalation_member ENABLE ROW LEVEL SECURITY;

-- raise_wall makes what a dump does not carry or a later step did not think of: the
-- role, and what it may read of tables that are new. It is called at every start,
-- changes nothing when all is there, and says what is missing that it cannot make
-- ('' for nothing). Messages, tokens and the record of changes stay closed.
-- +goose StatementBegin
CREATE FUNCTION raise_wall() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  closed CONSTANT text[] := '{inbox,outbox,outbox_copy,answer,conversation,button,invite,enrol_attempt,audit,audit_head,lease,job_run,goose_db_version,device,pin,punch,punch_import,presence_question}';
  t record;
BEGIN
  PERFORM pg_advisory_xact_lock(7301991);
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ekinerja_viewer') THEN
    BEGIN
      CREATE ROLE ekinerja_viewer NOLOGIN;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL; -- another database's program was first
      WHEN insufficient_privilege THEN RETURN 'role';
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ekinerja_viewer' AND (rolsuper OR rolbypassrls OR rolcanlogin)) THEN
    RETURN 'strong';
  END IF;
  IF NOT wall_passes() THEN
    BEGIN
      EXECUTE format('GRANT ekinerja_viewer TO %I', current_user);
    EXCEPTION WHEN OTHERS THEN NULL; -- what counts is whether it may be used now
    END;
    IF NOT wall_passes() THEN RETURN 'member'; END IF;
  END IF;
  IF NOT has_schema_privilege('ekinerja_viewer', current_schema(), 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ekinerja_viewer', current_schema());
  END IF;
  FOR t IN SELECT c.oid, c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v')
      AND c.relname <> ALL(closed) AND c.relname NOT IN ('employee', 'address')
      AND NOT has_table_privilege('ekinerja_viewer', c.oid, 'SELECT')
  LOOP
    EXECUTE format('GRANT SELECT ON %I TO ekinerja_viewer', t.relname);
  END LOOP;
  -- Of people neither number nor telephone, of chats only whether there is one.
  FOR t IN SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = current_schema()::regnamespace
      AND ((c.relname = 'employee' AND a.attname NOT IN ('number', 'phone')) OR (c.relname = 'address' AND a.attname IN ('employee_id', 'state')))
      AND NOT has_column_privilege('ekinerja_viewer', c.oid, a.attnum, 'SELECT')
  LOOP
    EXECUTE format('GRANT SELECT (%I) ON %I TO ekinerja_viewer', t.attname, t.relname);
  END LOOP;
  RETURN '';
END
$$;
-- +goose StatementEnd

-- Whether the service may become the role.
-- +goose StatementBegin
CREATE FUNCTION wall_passes() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', 'ekinerja_viewer', true);
  PERFORM set_config('role', 'none', true);
  RETURN true;
EXCEPTION WHEN insufficient_privilege OR invalid_parameter_value THEN
  RETURN false;
END
$$;
-- +goose StatementEnd
