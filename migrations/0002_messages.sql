-- +goose Up
-- What came in, what goes out, and where each conversation stands.

-- A new value after a restore: Redis must not believe an older database.
CREATE TABLE epoch (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  id   uuid NOT NULL
);
INSERT INTO epoch (id) VALUES (gen_random_uuid());

-- One conversation a person ('e<employee id>') or an unknown chat
-- ('u<network>:<chat id>'). Its row is the lock, its version the fence.
CREATE TABLE conversation (
  key         text PRIMARY KEY,
  employee_id bigint REFERENCES employee,
  version     bigint NOT NULL DEFAULT 0,
  body        jsonb NOT NULL DEFAULT '{}',
  updated_at  timestamptz NOT NULL
);

CREATE TABLE inbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  network     text NOT NULL,
  account     text NOT NULL,
  ext_id      text NOT NULL,
  key         text NOT NULL,
  provider_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  msg         jsonb NOT NULL,
  raw         bytea NOT NULL,
  state       text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'ignored', 'quarantined')),
  not_before  timestamptz,
  tries       integer NOT NULL DEFAULT 0,
  error       text,
  UNIQUE (network, account, ext_id)
);
CREATE INDEX inbox_new ON inbox (key, id) WHERE state = 'new';
CREATE INDEX inbox_quarantined ON inbox (id) WHERE state = 'quarantined';

CREATE TABLE outbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key         text NOT NULL UNIQUE,
  kind        text NOT NULL,
  priority    integer NOT NULL,
  employee_id bigint REFERENCES employee,
  network     text NOT NULL,
  chat_id     text NOT NULL,
  body        jsonb NOT NULL,
  photo       bytea,
  -- What an answer to this message belongs to.
  about_day      date,
  about_question text NOT NULL DEFAULT '',
  about_item     integer NOT NULL DEFAULT 0,
  -- While it waits, the reason must keep holding (checked again at the claim).
  guard       text NOT NULL DEFAULT '' CHECK (guard IN ('', 'unreported', 'escalation')),
  not_before  timestamptz NOT NULL,
  expires_at  timestamptz,
  state       text NOT NULL DEFAULT 'pending'
              CHECK (state IN ('pending', 'sending', 'sent', 'unclear', 'failed', 'superseded', 'expired')),
  attempt     integer NOT NULL DEFAULT 0,
  -- Of these attempts, how many say nothing about the row (they were not tried).
  untried     integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  message_id  text,
  outcome     text NOT NULL DEFAULT '',
  -- Set once: an unclear sending is repeated at most one time.
  resent      boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL,
  settled_at  timestamptz,
  sent_at     timestamptz,
  CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
  CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX outbox_pending ON outbox (priority, not_before, id) WHERE state = 'pending';
-- One message a chat is under way, whatever the claimers do.
CREATE UNIQUE INDEX outbox_sending ON outbox (network, chat_id) WHERE state = 'sending';
CREATE INDEX outbox_pending_chat ON outbox (network, chat_id, id) WHERE state = 'pending';
CREATE INDEX outbox_guarded ON outbox (employee_id, about_day) WHERE state = 'pending' AND guard = 'unreported';
CREATE INDEX outbox_unclear ON outbox (settled_at) WHERE state = 'unclear';
CREATE INDEX outbox_repeated ON outbox (network, chat_id) WHERE resent OR state = 'unclear';
CREATE INDEX outbox_chat_message ON outbox (network, chat_id, message_id) WHERE message_id IS NOT NULL;

-- Every copy that reached the network: one a row, two at most after a crash.
CREATE TABLE outbox_copy (
  outbox_id  bigint NOT NULL REFERENCES outbox,
  attempt    integer NOT NULL,
  message_id text NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (outbox_id, attempt)
);
CREATE INDEX outbox_copy_message ON outbox_copy (message_id);

-- A button's token is single-use; only its hash is stored here.
CREATE TABLE button (
  token_hash    bytea PRIMARY KEY,
  key           text NOT NULL,
  action        text NOT NULL,
  args          jsonb NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  used_inbox_id bigint REFERENCES inbox,
  -- The message it was sent with: a press proves that this one arrived.
  outbox_id     bigint REFERENCES outbox
);
CREATE INDEX button_expiry ON button (expires_at);

-- A period of a job runs once for the fleet.
CREATE TABLE job_run (
  job        text NOT NULL,
  period     text NOT NULL,
  started_at timestamptz NOT NULL,
  result     jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (job, period)
);

CREATE TABLE lease (
  name   text PRIMARY KEY,
  holder text NOT NULL,
  epoch  bigint NOT NULL,
  until  timestamptz NOT NULL
);

-- What changed a report, a duty or a person, and who did it; only added to.
CREATE TABLE audit (
  seq     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL,
  actor   text NOT NULL,
  action  text NOT NULL,
  subject text NOT NULL,
  detail  jsonb NOT NULL DEFAULT '{}'
);
