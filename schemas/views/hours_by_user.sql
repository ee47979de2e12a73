-- Hours of every person. Who left the workspace has no name here, but keeps the hours.
SELECT
  e.workspace_id,
  e.user_id,
  u.name AS user_name,
  COUNT(*) AS entries,
  SUM(e.duration_seconds) AS seconds,
  SUM(e.duration_seconds) / 3600e0 AS hours,
  SUM(CASE WHEN e.billable THEN e.duration_seconds ELSE 0 END) / 3600e0 AS billable_hours
FROM time_entries e
LEFT JOIN workspace_users u ON u.workspace_id = e.workspace_id AND u.id = e.user_id
WHERE e.duration_seconds IS NOT NULL AND e._deleted_at IS NULL
GROUP BY e.workspace_id, e.user_id, u.name
