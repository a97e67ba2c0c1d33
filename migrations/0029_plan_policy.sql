-- +goose Up
-- By which policy the duties ahead were planned: who starts with another one decides
-- them anew. Empty is not known, and taken as the present one.
CREATE TABLE plan_state (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  policy text NOT NULL DEFAULT ''
);
INSERT INTO plan_state DEFAULT VALUES;
