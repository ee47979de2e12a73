-- Work of every person and week against what the profile says a week holds; holidays and time off
-- are not taken off. Breaks, holidays and time off are no work.
WITH capacity AS (
  SELECT
    m.workspace_id,
    m.user_id,
    cardinality(m.working_days)
      * (3600 * COALESCE(CAST(NULLIF(regexp_extract(m.work_capacity, '([0-9]+)H', 1), '') AS bigint), 0)
        + 60 * COALESCE(CAST(NULLIF(regexp_extract(m.work_capacity, '([0-9]+)M', 1), '') AS bigint), 0))
      AS week_seconds
  FROM member_profiles m
  WHERE m._deleted_at IS NULL
)
SELECT
  e.workspace_id,
  e.user_id,
  CAST(date_trunc('week', e.started_at) AS date) AS week,
  SUM(e.duration_seconds) AS seconds,
  SUM(CASE WHEN e.billable THEN e.duration_seconds ELSE 0 END) AS billable_seconds,
  c.week_seconds AS capacity_seconds,
  SUM(e.duration_seconds) / CAST(NULLIF(c.week_seconds, 0) AS double) AS utilisation
FROM time_entries e
LEFT JOIN capacity c ON c.workspace_id = e.workspace_id AND c.user_id = e.user_id
WHERE e.type = 'REGULAR' AND e.duration_seconds IS NOT NULL AND e._deleted_at IS NULL
GROUP BY
  e.workspace_id, e.user_id, CAST(date_trunc('week', e.started_at) AS date), c.week_seconds
