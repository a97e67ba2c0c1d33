-- name: KeepFlow :exec
-- A version that is kept already stays as it is.
INSERT INTO flow_version (ref, hash, body, kept_at) VALUES (@ref, @hash, @body, @at)
ON CONFLICT (ref) DO NOTHING;

-- name: FlowHash :one
SELECT hash FROM flow_version WHERE ref = $1;

-- name: FlowBody :one
SELECT body FROM flow_version WHERE ref = $1;

-- name: NoteBurden :exec
-- Of the first sending only: changing a sent report is no part of its burden.
UPDATE report SET messages = @messages::integer, taps = @taps::integer, seconds = @seconds::integer
WHERE employee_id = @employee_id AND day = @day AND state = 'submitted' AND version = 1;

-- name: Burden :one
-- Medians over the reports of some days that were counted.
SELECT count(*)::integer AS reports,
       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY messages), 0)::float8 AS messages,
       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY taps), 0)::float8 AS taps,
       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), 0)::float8 AS seconds
FROM report
WHERE day BETWEEN @first_day::date AND @last_day::date AND state = 'submitted' AND messages IS NOT NULL;
