-- +goose Up
-- How the busiest tables are kept. Rows that are written once and changed once or
-- twice leave dead ones behind, and what looks for the few that wait must step over
-- them: vacuum comes after so many changes, not after a fifth of a table that
-- grows for ever. Room is left on a page for the changed row, so that no index has
-- to learn of it.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE inbox SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE button SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE conversation SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
ALTER TABLE report SET (fillfactor = 80);
ALTER TABLE duty SET (fillfactor = 85, autovacuum_analyze_scale_factor = 0.02);
