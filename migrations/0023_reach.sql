-- +goose Up
-- Whoever is to be asked and has no chat is set aside, so that looking for whom to
-- ask costs as much as there are people to ask, also while a million have yet to
-- enrol. What is noted here decides nothing: it is looked at again twice a minute,
-- and a chat that is bound or opened takes it away at once.
ALTER TABLE duty ADD COLUMN unreached boolean NOT NULL DEFAULT false;
DROP INDEX duty_to_ask;
CREATE INDEX duty_to_ask ON duty (ask_at) WHERE state = 'due' AND asked_at IS NULL AND NOT unreached;
CREATE INDEX duty_unreached ON duty (ask_at) WHERE state = 'due' AND asked_at IS NULL AND unreached;

-- +goose StatementBegin
CREATE FUNCTION address_reached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE duty SET unreached = false
  WHERE employee_id = NEW.employee_id AND state = 'due' AND asked_at IS NULL AND unreached;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER address_reaches AFTER INSERT OR UPDATE OF state ON address
  FOR EACH ROW WHEN (NEW.state = 'live') EXECUTE FUNCTION address_reached();
