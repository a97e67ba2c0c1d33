-- name: PlanOf :many
-- The items of a person's plan that count on a day.
SELECT id, code, said, indicator, target, unit, year, quarter FROM plan_item
WHERE employee_id = @employee_id AND year = extract(year FROM @day::date)::integer
  AND quarter IN (0, extract(quarter FROM @day::date)::integer)
  AND valid_from <= @day::date AND (valid_to IS NULL OR valid_to > @day::date)
ORDER BY id;

-- name: OwnPlanChoices :many
-- What the person has chosen for activities of sent reports, newest first.
SELECT a.description, p.item_id
FROM activity_plan p
JOIN report r ON r.id = p.report_id AND r.state = 'submitted'
JOIN activity a ON a.report_id = p.report_id AND a.position = p.position
WHERE p.employee_id = @employee_id AND p.chosen_by = 'person'
ORDER BY r.day DESC, p.position DESC LIMIT @most::integer;

-- name: PlanLinksOf :many
-- How a sent report serves the plan.
SELECT p.position, p.item_id, p.chosen_by, coalesce(i.code, '')::text AS code, coalesce(i.said, '')::text AS said
FROM activity_plan p
JOIN report r ON r.id = p.report_id
LEFT JOIN plan_item i ON i.id = p.item_id
WHERE r.employee_id = @employee_id AND r.day = @day
ORDER BY p.position;

-- name: ClearPlanLinks :exec
DELETE FROM activity_plan p USING report r
WHERE p.report_id = r.id AND r.employee_id = @employee_id AND r.day = @day;

-- name: AddPlanLinks :exec
-- Only a sent report has links; an item of 0 is an additional duty.
WITH input AS (
  SELECT unnest(@positions::integer[]) AS position, unnest(@items::bigint[]) AS item_id, unnest(@chosen::text[]) AS chosen_by
)
INSERT INTO activity_plan (report_id, position, employee_id, item_id, chosen_by)
SELECT r.id, i.position, r.employee_id, NULLIF(i.item_id, 0), i.chosen_by
FROM input i CROSS JOIN report r
WHERE r.employee_id = @employee_id AND r.day = @day AND r.state = 'submitted';

-- name: PastActivities :many
-- The activities of the newest sent reports of each person before their day,
-- newest first.
WITH input AS (
  SELECT unnest(@employees::bigint[]) AS employee_id, unnest(@days::text[])::date AS before
)
SELECT r.employee_id, r.day, a.description, a.unit, coalesce(a.minutes, 0)::integer AS minutes
FROM input i
CROSS JOIN LATERAL (
  SELECT h.id, h.employee_id, h.day FROM report h
  WHERE h.employee_id = i.employee_id AND h.day < i.before AND h.state = 'submitted'
  ORDER BY h.day DESC LIMIT 10
) r
JOIN activity a ON a.report_id = r.id
ORDER BY r.employee_id, r.day DESC, a.position;

-- name: BankOf :many
-- The activities of each person's office that count now: those of the own unit
-- first, those of other units not at all.
SELECT e.id AS employee_id, b.name, b.result, b.minutes
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN bank_activity b ON b.opd_id = u.opd_id AND b.valid_to IS NULL AND (b.unit_id IS NULL OR b.unit_id = u.id)
WHERE e.id = ANY(@employees::bigint[])
ORDER BY e.id, (b.unit_id IS NULL), b.id;

-- name: AllPlanItems :many
-- The plans of active people as they stand, for comparing and for export.
SELECT i.id, e.number, i.code, i.said, i.indicator, i.target, i.unit, i.year, i.quarter
FROM plan_item i JOIN employee e ON e.id = i.employee_id AND e.active
WHERE i.valid_to IS NULL
ORDER BY e.id, i.year, i.quarter, i.id;

-- name: EndPlanItems :exec
UPDATE plan_item SET valid_to = greatest(valid_from, @day::date) WHERE id = ANY(@ids::bigint[]) AND valid_to IS NULL;

-- name: AddPlanItems :execrows
-- An item that is new counts from its period's first day; one that replaces
-- another counts from today on, or the period's first day if that is yet to come.
WITH input AS (
  SELECT unnest(@numbers::text[]) AS number, unnest(@codes::text[]) AS code, unnest(@said::text[]) AS said,
         unnest(@indicators::text[]) AS indicator, unnest(@targets::text[]) AS target, unnest(@units::text[]) AS unit,
         unnest(@years::integer[]) AS year, unnest(@quarters::integer[]) AS quarter, unnest(@froms::text[])::date AS valid_from,
         generate_subscripts(@said::text[], 1) AS line
)
INSERT INTO plan_item (employee_id, code, said, indicator, target, unit, year, quarter, valid_from, created_at)
SELECT e.id, i.code, i.said, i.indicator, i.target, i.unit, i.year, i.quarter, i.valid_from, @at::timestamptz
FROM input i JOIN employee e ON e.number = i.number ORDER BY i.line;

-- name: AllBankActivities :many
SELECT b.id, o.name AS opd, coalesce(u.name, '')::text AS unit, b.name, b.result, b.minutes
FROM bank_activity b JOIN opd o ON o.id = b.opd_id LEFT JOIN unit u ON u.id = b.unit_id
WHERE b.valid_to IS NULL
ORDER BY o.name, coalesce(u.name, ''), b.id;

-- name: EndBankActivities :exec
UPDATE bank_activity SET valid_to = greatest(valid_from, @day::date) WHERE id = ANY(@ids::bigint[]) AND valid_to IS NULL;

-- name: AddBankActivities :execrows
-- In the order of the file, in which they are offered.
WITH input AS (
  SELECT unnest(@opds::text[]) AS opd, unnest(@units::text[]) AS unit, unnest(@names::text[]) AS name,
         unnest(@results::text[]) AS result, unnest(@minutes::integer[]) AS minutes, generate_subscripts(@names::text[], 1) AS line
)
INSERT INTO bank_activity (opd_id, unit_id, name, result, minutes, valid_from, created_at)
SELECT o.id, u.id, i.name, i.result, i.minutes, @day::date, @at::timestamptz
FROM input i JOIN opd o ON o.name = i.opd LEFT JOIN unit u ON u.opd_id = o.id AND u.name = i.unit AND i.unit <> ''
WHERE i.unit = '' OR u.id IS NOT NULL ORDER BY i.line;

-- name: Places :many
-- Every office and its units.
SELECT o.name AS opd, u.name AS unit FROM opd o JOIN unit u ON u.opd_id = o.id ORDER BY o.name, u.name;
