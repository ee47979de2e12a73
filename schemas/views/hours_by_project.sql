-- Hours of every project, with its client. Entries without a project have a null project_id.
SELECT
  e.workspace_id,
  e.project_id,
  p.name AS project,
  c.name AS client,
  COUNT(*) AS entries,
  SUM(e.duration_seconds) AS seconds,
  SUM(e.duration_seconds) / 3600e0 AS hours,
  SUM(CASE WHEN e.billable THEN e.duration_seconds ELSE 0 END) / 3600e0 AS billable_hours
FROM time_entries e
LEFT JOIN projects p ON p.workspace_id = e.workspace_id AND p.id = e.project_id
LEFT JOIN clients c ON c.workspace_id = p.workspace_id AND c.id = p.client_id
WHERE e.duration_seconds IS NOT NULL AND e._deleted_at IS NULL
GROUP BY e.workspace_id, e.project_id, p.name, c.name
