-- Hours of every week and person. Weeks begin on Monday, in the time zone of the session.
SELECT
  e.workspace_id,
  CAST(date_trunc('week', e.started_at) AS date) AS week,
  e.user_id,
  COUNT(*) AS entries,
  SUM(e.duration_seconds) AS seconds,
  SUM(e.duration_seconds) / 3600e0 AS hours,
  SUM(CASE WHEN e.billable THEN e.duration_seconds ELSE 0 END) / 3600e0 AS billable_hours
FROM time_entries e
WHERE e.duration_seconds IS NOT NULL AND e._deleted_at IS NULL
GROUP BY e.workspace_id, CAST(date_trunc('week', e.started_at) AS date), e.user_id
