-- What projects have used of their active time estimate since they began. An estimate that starts
-- anew (reset_option) has to be compared with the hours since then instead.
WITH estimates AS (
  SELECT
    p.workspace_id,
    p.id AS project_id,
    p.name AS project,
    p.time_estimate.reset_option AS reset_option,
    p.time_estimate.include_non_billable AS include_non_billable,
    3600 * COALESCE(CAST(NULLIF(regexp_extract(p.time_estimate.estimate, '([0-9]+)H', 1), '') AS bigint), 0)
      + 60 * COALESCE(CAST(NULLIF(regexp_extract(p.time_estimate.estimate, '([0-9]+)M', 1), '') AS bigint), 0)
      + COALESCE(CAST(NULLIF(regexp_extract(p.time_estimate.estimate, '([0-9]+)S', 1), '') AS bigint), 0)
      AS estimate_seconds
  FROM projects p
  WHERE p.time_estimate.active AND NOT p.template AND p._deleted_at IS NULL
)
SELECT
  b.workspace_id,
  b.project_id,
  b.project,
  b.reset_option,
  b.estimate_seconds,
  COALESCE(SUM(e.duration_seconds), 0) AS used_seconds,
  COALESCE(SUM(e.duration_seconds), 0) / CAST(NULLIF(b.estimate_seconds, 0) AS double) AS burn
FROM estimates b
LEFT JOIN time_entries e
  ON e.workspace_id = b.workspace_id
  AND e.project_id = b.project_id
  AND e._deleted_at IS NULL
  AND (e.billable OR b.include_non_billable)
GROUP BY b.workspace_id, b.project_id, b.project, b.reset_option, b.estimate_seconds
