-- name: CrewOf :many
-- The crew of a foreman on a day, with what is known of that day.
SELECT m.place, e.id, e.name, e.post,
       coalesce(r.state = 'submitted', false)::boolean AS sent,
       EXISTS (SELECT FROM crew_report c WHERE c.report_id = r.id AND c.foreman_id = m.foreman_id)::boolean AS by_foreman,
       coalesce(d.state, '')::text AS duty,
       EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')::boolean AS live
FROM crew_member m JOIN employee e ON e.id = m.employee_id AND e.active
LEFT JOIN report r ON r.employee_id = e.id AND r.day = @day::date
LEFT JOIN duty d ON d.employee_id = e.id AND d.day = @day::date
WHERE m.foreman_id = @foreman::bigint AND m.valid_from <= @day::date AND (m.valid_to IS NULL OR m.valid_to > @day::date)
ORDER BY m.place;

-- name: NoteCrewReport :exec
INSERT INTO crew_report (report_id, foreman_id, inbox_id, at)
SELECT r.id, @foreman::bigint, @inbox_id::bigint, @at::timestamptz FROM report r
WHERE r.employee_id = @employee_id::bigint AND r.day = @day::date
ON CONFLICT (report_id) DO UPDATE SET foreman_id = excluded.foreman_id, inbox_id = excluded.inbox_id, at = excluded.at;

-- name: AllCrews :many
-- Every crew as it stands, for comparing.
SELECT m.foreman_id, m.place, m.employee_id FROM crew_member m WHERE m.valid_to IS NULL ORDER BY m.foreman_id, m.place;

-- name: EndCrewMembers :exec
-- Ends what the foremen of a file had, or takes it back when it began today.
UPDATE crew_member SET valid_to = greatest(valid_from, @day::date)
WHERE valid_to IS NULL AND (foreman_id = ANY(@foremen::bigint[]) OR employee_id = ANY(@members::bigint[]));

-- name: AddCrewMembers :exec
INSERT INTO crew_member (foreman_id, employee_id, place, valid_from)
SELECT unnest(@foremen::bigint[]), unnest(@members::bigint[]), unnest(@places::integer[]), @day::date
ON CONFLICT (employee_id, valid_from) DO UPDATE SET foreman_id = excluded.foreman_id, place = excluded.place, valid_to = NULL;
