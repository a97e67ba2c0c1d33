-- +goose Up
-- What people say of their own days, and what they may ask of what we keep.

-- claim is the message that said it, asks whom it was put to; note are the words
-- of its writer, decision those of whoever refused. A withdrawn one counts as
-- little as a refused one.
ALTER TABLE absence
  ADD COLUMN letter text NOT NULL DEFAULT '',
  ADD COLUMN note text NOT NULL DEFAULT '',
  ADD COLUMN file_id text NOT NULL DEFAULT '',
  ADD COLUMN claim bigint,
  ADD COLUMN asks bigint REFERENCES employee,
  ADD COLUMN decided_by bigint REFERENCES employee,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN decision text NOT NULL DEFAULT '',
  ADD COLUMN withdrawn_at timestamptz,
  ADD CHECK (withdrawn_at IS NULL OR state = 'refused');
CREATE INDEX absence_claim ON absence (claim) WHERE claim IS NOT NULL;

-- Time that somebody got for one day because it became due late, such as by a
-- refused leave. No computation of a duty takes it away again.
CREATE TABLE grace (
  employee_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  deadline_at timestamptz NOT NULL,
  late_until  timestamptz NOT NULL,
  granted_at  timestamptz NOT NULL,
  PRIMARY KEY (employee_id, day),
  CHECK (late_until >= deadline_at)
);

-- +goose StatementBegin
CREATE FUNCTION duty_grace() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE g grace;
BEGIN
  SELECT * INTO g FROM grace WHERE employee_id = NEW.employee_id AND day = NEW.day;
  IF FOUND THEN
    NEW.deadline_at := greatest(NEW.deadline_at, g.deadline_at);
    NEW.late_until := greatest(NEW.late_until, g.late_until);
  END IF;
  RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER duty_keeps_grace BEFORE INSERT OR UPDATE OF deadline_at, late_until ON duty
  FOR EACH ROW WHEN (NEW.state = 'due') EXECUTE FUNCTION duty_grace();

-- A version that its writer took back; the report is a draft again, the version stays.
CREATE TABLE report_withdrawal (
  report_id bigint NOT NULL REFERENCES report,
  version   integer NOT NULL,
  reason    text NOT NULL,
  at        timestamptz NOT NULL,
  inbox_id  bigint NOT NULL,
  PRIMARY KEY (report_id, version)
);

-- Who opened which version of a report, for its writer to see.
CREATE TABLE report_read (
  report_id bigint NOT NULL REFERENCES report,
  version   integer NOT NULL,
  reader_id bigint NOT NULL REFERENCES employee,
  at        timestamptz NOT NULL,
  PRIMARY KEY (report_id, version, reader_id)
);

-- ask_pref: the minute of the day at which the person likes to be asked.
-- 'id-ID' is Indonesian without Javanese greetings.
ALTER TABLE employee
  ADD COLUMN ask_pref integer CHECK (ask_pref BETWEEN 0 AND 1439),
  DROP CONSTRAINT employee_lang_check,
  ADD CONSTRAINT employee_lang_check CHECK (lang IN ('id', 'en', 'id-ID'));

-- phone is the number that the roster had when the chat was bound or last
-- confirmed; told is what the chat was told of its own end.
ALTER TABLE address
  ADD COLUMN phone text,
  ADD COLUMN told text NOT NULL DEFAULT '' CHECK (told IN ('', 'number', 'left')),
  ADD COLUMN told_at timestamptz,
  ADD CHECK ((told = '') = (told_at IS NULL));
UPDATE address a SET phone = e.phone FROM employee e WHERE e.id = a.employee_id;

-- +goose StatementBegin
CREATE FUNCTION address_phone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.phone IS NULL THEN
    SELECT e.phone INTO NEW.phone FROM employee e WHERE e.id = NEW.employee_id;
  END IF;
  RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER address_knows_phone BEFORE INSERT ON address FOR EACH ROW EXECUTE FUNCTION address_phone();
