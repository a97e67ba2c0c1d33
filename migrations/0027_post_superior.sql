-- +goose Up
-- Which post stands above which, by day: a reorganisation is known before its day,
-- and of the past it stays known who stood where. A day without a row is a post at
-- the top. post.superior_id stays for the version before this one, as it was
-- imported last; nothing reads it any more.

-- valid_to is the first day on which another post, or none, stands above.
CREATE TABLE post_superior (
  post_id     bigint NOT NULL REFERENCES post,
  superior_id bigint NOT NULL REFERENCES post,
  valid_from  date NOT NULL,
  valid_to    date CHECK (valid_to > valid_from),
  PRIMARY KEY (post_id, valid_from),
  CHECK (superior_id <> post_id)
);
CREATE UNIQUE INDEX post_superior_open ON post_superior (post_id) WHERE valid_to IS NULL;

-- Since when it has been so was not kept: since always.
INSERT INTO post_superior (post_id, superior_id, valid_from)
SELECT id, superior_id, '0001-01-01' FROM post WHERE superior_id IS NOT NULL;
