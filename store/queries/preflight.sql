-- name: Outlook :many
-- Active people with what decides their duty of a day, who leads them on it, and
-- whether both can be reached.
SELECT e.id, e.name, e.pattern, o.name AS opd, s.starts, s.ends, s.label,
       EXISTS (SELECT FROM address a WHERE a.employee_id = e.id AND a.state = 'live') AS live,
       coalesce(l.supervisor_id, 0)::bigint AS superior, coalesce(h.active, false)::boolean AS superior_active
FROM employee e
JOIN unit u ON u.id = e.unit_id
JOIN opd o ON o.id = u.opd_id
LEFT JOIN shift s ON s.employee_id = e.id AND s.day = @day::date
LEFT JOIN LATERAL (SELECT x.supervisor_id FROM reporting_line x
  WHERE x.employee_id = e.id AND x.valid_from <= @day::date AND (x.valid_to IS NULL OR x.valid_to > @day::date)
  ORDER BY x.valid_from DESC LIMIT 1) l ON true
LEFT JOIN employee h ON h.id = l.supervisor_id
WHERE e.active AND e.id > @after::bigint ORDER BY e.id LIMIT @most::integer;
