-- Timers that ran when the tables were last synced.
SELECT
  t.workspace_id,
  t.id,
  t.user_id,
  u.name AS user_name,
  p.name AS project,
  t.description,
  t.started_at
FROM time_entries_in_progress t
LEFT JOIN workspace_users u ON u.workspace_id = t.workspace_id AND u.id = t.user_id
LEFT JOIN projects p ON p.workspace_id = t.workspace_id AND p.id = t.project_id
WHERE t._deleted_at IS NULL
