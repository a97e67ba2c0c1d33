-- +goose Up
-- The questions that reports were made with, and what a report cost its writer.

-- A version of a flow never changes once it was served: drafts and reports name
-- it. hash is over what it asks, so that a remark in the file may change.
CREATE TABLE flow_version (
  ref     text PRIMARY KEY, -- "harian/1"
  hash    bytea NOT NULL,
  body    text NOT NULL,    -- the file
  kept_at timestamptz NOT NULL
);

-- The burden of the first sending: messages and taps of the person, and seconds
-- from the first of them to Kirim. NULL: not counted (the deadline sent it, or it
-- is older than the counting).
ALTER TABLE report
  ADD COLUMN messages integer CHECK (messages >= 0),
  ADD COLUMN taps     integer CHECK (taps >= 0),
  ADD COLUMN seconds  integer CHECK (seconds >= 0);
