-- +goose Up
-- What people send to show their work: pictures, documents, places. The bytes
-- are elsewhere (store/blobs); here is what they are and where they stand.

-- A blob is named by its content. One that is going is about to be deleted:
-- nothing may begin to refer to it any more.
CREATE TABLE blob (
  hash    bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  size    bigint NOT NULL CHECK (size > 0),
  mime    text NOT NULL,
  state   text NOT NULL DEFAULT 'here' CHECK (state IN ('here', 'going')),
  made_at timestamptz NOT NULL
);

-- One message is one piece. It is awaited until its file is fetched, cleaned and
-- stored, then kept; failed when it cannot be had; removed when its sender took
-- it back. items are positions of activities; none: the whole report.
CREATE TABLE evidence (
  inbox_id    bigint PRIMARY KEY REFERENCES inbox,
  employee_id bigint NOT NULL REFERENCES employee,
  day         date NOT NULL,
  items       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(items) = 'array'),
  kind        text NOT NULL CHECK (kind IN ('photo', 'document', 'location')),
  album       text NOT NULL DEFAULT '',
  state       text NOT NULL CHECK (state IN ('awaited', 'kept', 'failed', 'removed')),
  file_id     text NOT NULL DEFAULT '',
  hash        bytea REFERENCES blob,
  -- Degrees with four decimals: about eleven metres.
  lat         numeric(7, 4),
  lon         numeric(7, 4),
  sent_at     timestamptz NOT NULL,
  created_at  timestamptz NOT NULL,
  tries       integer NOT NULL DEFAULT 0,
  not_before  timestamptz NOT NULL,
  -- Why the last try did not succeed: a closed set of words, see store/keep.go.
  reason      text NOT NULL DEFAULT '',
  settled_at  timestamptz,
  -- The same picture came before, for another day or from another person.
  reuse_of    bigint REFERENCES evidence,
  CHECK ((kind = 'location') = (lat IS NOT NULL AND lon IS NOT NULL)),
  CHECK (kind = 'location' OR file_id <> '' OR state <> 'awaited'),
  CHECK (kind = 'location' OR state <> 'kept' OR hash IS NOT NULL),
  CHECK ((state = 'awaited') = (settled_at IS NULL))
);
CREATE INDEX evidence_day ON evidence (employee_id, day) WHERE state IN ('awaited', 'kept');
CREATE INDEX evidence_awaited ON evidence (not_before) WHERE state = 'awaited';
CREATE INDEX evidence_hash ON evidence (hash, inbox_id) WHERE hash IS NOT NULL;
