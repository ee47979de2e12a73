-- Billable amounts of every project and month, by currency, in minor units (cents): time × rate is
-- added up first and rounded once. Entries without a rate, or with one that the key may not see,
-- are not in it.
SELECT
  e.workspace_id,
  CAST(date_trunc('month', e.started_at) AS date) AS month,
  e.project_id,
  e.hourly_rate.currency AS currency,
  SUM(e.duration_seconds) AS billable_seconds,
  SUM(e.duration_seconds * e.hourly_rate.amount) AS minor_seconds,
  CAST(ROUND(SUM(e.duration_seconds * e.hourly_rate.amount) / 3600e0) AS bigint) AS amount_minor
FROM time_entries e
WHERE e.billable
  AND e.hourly_rate.amount IS NOT NULL
  AND e.duration_seconds IS NOT NULL
  AND e._deleted_at IS NULL
GROUP BY
  e.workspace_id,
  CAST(date_trunc('month', e.started_at) AS date),
  e.project_id,
  e.hourly_rate.currency
