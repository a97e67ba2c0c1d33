-- +goose Up
-- The keys of messages that wait for a file which is still on its way.
ALTER TABLE evidence ADD COLUMN wanted text[] NOT NULL DEFAULT '{}';
