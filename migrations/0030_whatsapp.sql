-- The WhatsApp library keeps its session in tables of its own. They have a schema
-- to themselves: its migrations cannot meet ours, and whoever is shown things of
-- others has no way in.

-- +goose Up
CREATE SCHEMA IF NOT EXISTS whatsapp;
