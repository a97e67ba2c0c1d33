-- name: StandInCandidates :many
-- Who may read for a superior: whoever leads the superior, those who are led by the
-- same and lead too, and those of the own staff who lead; each with a live chat.
WITH above AS (
  SELECT l.supervisor_id AS id FROM reporting_line l
  WHERE l.employee_id = @superior::bigint AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
  ORDER BY l.valid_from DESC LIMIT 1
), near AS (
  SELECT a.id, 1 AS rank FROM above a
  UNION ALL
  SELECT l.employee_id, 2 FROM reporting_line l JOIN above a ON a.id = l.supervisor_id
  WHERE l.employee_id <> @superior::bigint AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
  UNION ALL
  SELECT l.employee_id, 3 FROM reporting_line l
  WHERE l.supervisor_id = @superior::bigint AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date)
)
SELECT e.id FROM near n JOIN employee e ON e.id = n.id AND e.active
WHERE EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live')
  AND EXISTS (SELECT FROM reporting_line l JOIN employee s ON s.id = l.employee_id AND s.active WHERE l.supervisor_id = e.id
    AND l.valid_from <= @day::date AND (l.valid_to IS NULL OR l.valid_to > @day::date))
GROUP BY e.id, e.name ORDER BY min(n.rank), e.name, e.id LIMIT 12;

-- name: DelegationsOf :many
-- Those of a superior that are to come or run, and those in which somebody stands in.
SELECT g.id, g.superior_id, g.stand_in_id, g.first_day, g.last_day, g.state
FROM delegation g
WHERE (g.superior_id = @person::bigint OR g.stand_in_id = @person::bigint) AND g.state IN ('planned', 'active')
ORDER BY g.first_day, g.id;

-- name: AddDelegation :execrows
-- Not beside another one of the same days.
INSERT INTO delegation (superior_id, stand_in_id, first_day, last_day, state, inbox_id, made_at)
SELECT @superior_id::bigint, @stand_in_id::bigint, @first_day::date, @last_day::date, 'planned', @inbox_id::bigint, @at::timestamptz
WHERE NOT EXISTS (SELECT FROM delegation g WHERE g.superior_id = @superior_id::bigint AND g.state IN ('planned', 'active')
  AND g.first_day <= @last_day::date AND g.last_day >= @first_day::date);

-- name: EndDelegation :execrows
-- By the superior ('ended') or the stand-in ('refused').
UPDATE delegation g SET state = @state::text, settled_at = @at::timestamptz
WHERE g.id = @id AND g.state IN ('planned', 'active')
  AND (CASE WHEN @state::text = 'refused' THEN g.stand_in_id ELSE g.superior_id END) = @person::bigint;

-- name: StandInNow :one
-- Who acts for a superior now, 0 for nobody.
SELECT coalesce((SELECT g.stand_in_id FROM delegation g WHERE g.state = 'active' AND g.superior_id = @superior::bigint), 0)::bigint AS id;

-- name: ActiveDelegations :many
SELECT superior_id, stand_in_id FROM delegation WHERE state = 'active' ORDER BY superior_id;

-- name: DelegationsToTurn :many
-- What begins, ends or is overruled by a decree on a day. A holder's acting officer
-- is one by decree.
SELECT g.id, g.superior_id, g.stand_in_id, g.first_day, g.last_day, g.state,
       (CASE WHEN g.last_day < @day::date THEN 'over'
             WHEN p.overruled THEN 'overruled'
             ELSE 'active' END)::text AS becomes
FROM delegation g
CROSS JOIN LATERAL (SELECT EXISTS (
  SELECT FROM assignment h JOIN assignment x ON x.post_id = h.post_id AND x.employee_id <> h.employee_id AND x.kind IN ('plh', 'plt', 'pj')
  WHERE h.employee_id = g.superior_id AND h.valid_from <= @day::date AND (h.valid_to IS NULL OR h.valid_to > @day::date)
    AND x.valid_from <= @day::date AND (x.valid_to IS NULL OR x.valid_to > @day::date)) AS overruled) p
WHERE g.state IN ('planned', 'active') AND g.first_day <= @day::date
  AND (g.state = 'planned' OR g.last_day < @day::date OR p.overruled)
ORDER BY g.id LIMIT 200;

-- name: TurnDelegation :execrows
UPDATE delegation SET state = @becomes::text, settled_at = CASE WHEN @becomes::text = 'active' THEN NULL ELSE @at::timestamptz END
WHERE id = @id AND state = @was::text;

-- name: DelegationReads :one
-- How many reports a stand-in has read for the superior, and how many still wait.
SELECT (SELECT count(*) FROM review w WHERE w.reviewer_id = g.stand_in_id AND w.for_id = g.superior_id AND w.undone_at IS NULL
          AND w.at >= g.made_at)::integer AS done,
       (SELECT count(*) FROM unread_report u WHERE u.superior_id = g.superior_id AND u.day >= @first::date)::integer AS waits
FROM delegation g WHERE g.id = @id;
