-- +goose Up
-- What happens when reports are missing for long: the person is asked first, the
-- superior reads the explanation, and whatever follows is decided by people.
--
--   asked ──▶ explained ──▶ review ──▶ accepted
--     │            ▲  │        │
--     │ no answer  │  └▶ care  │ forwarded by the superior, or nobody explained
--     └────────────┼─▶ review ─┴─▶ forwarded ──▶ drafted ──▶ closed
--                  └──── an explanation that comes later ────┘
--
-- From every state that is not its end: void, when the days are excused after all.

-- missed are the days without a report that it is about; since is the day on which
-- the state began, from which working days are counted. holder is who has to read it,
-- level how often it went up. kind and said are the person's own words, with their
-- digest.
CREATE TABLE clarification (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employee_id  bigint NOT NULL REFERENCES employee,
  missed       date[] NOT NULL CHECK (cardinality(missed) > 0),
  state        text NOT NULL DEFAULT 'asked'
               CHECK (state IN ('asked', 'explained', 'review', 'care', 'forwarded', 'drafted', 'accepted', 'closed', 'void')),
  since        date NOT NULL,
  asked_at     timestamptz NOT NULL,
  reminded_at  timestamptz,
  kind         text NOT NULL DEFAULT '' CHECK (kind IN ('', 'sick', 'bereavement', 'counselling', 'system', 'other')),
  said         text NOT NULL DEFAULT '',
  hash         bytea,
  explained_at timestamptz,
  holder_id    bigint REFERENCES employee,
  level        integer NOT NULL DEFAULT 0,
  decided_by   bigint REFERENCES employee, -- NULL: by rule
  decision     text NOT NULL DEFAULT '' CHECK (decision IN ('', 'accepted', 'forwarded', 'lapsed', 'summoned', 'dropped')),
  settled_at   timestamptz,
  CHECK ((explained_at IS NULL) = (kind = '')),
  CHECK ((explained_at IS NULL) = (hash IS NULL)),
  CHECK ((state IN ('accepted', 'closed', 'void')) = (settled_at IS NOT NULL)),
  CHECK (holder_id <> employee_id)
);
CREATE UNIQUE INDEX clarification_open ON clarification (employee_id) WHERE settled_at IS NULL;
CREATE INDEX clarification_employee ON clarification (employee_id);
CREATE INDEX clarification_holder ON clarification (holder_id) WHERE settled_at IS NULL;
