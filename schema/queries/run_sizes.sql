-- How much each run of a selection reached: a row for each run, the source of means and deviations.
--
-- :a selection = *: the runs
-- :roles roles = default: the roles that count
-- Nullable: label, lost
-- Example: tracequery run run_sizes --param a=runc,runsc
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
),
member AS (
  SELECT run_id, condition_id, runtime, workload, label, lost
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
),
kept AS (
  -- What the roll-ups call these roles; NULL when they do not keep the set.
  SELECT
    CASE
      WHEN count(*) = 8 THEN '(all)'
      WHEN count(*) = 6 AND count(*) FILTER (WHERE role IN ('shim', 'runtime')) = 0
        THEN '(default)'
      WHEN count(*) = 1 THEN max(role)
    END AS role
  FROM wanted
),
unkept AS (
  SELECT w.role FROM wanted AS w CROSS JOIN kept AS k WHERE k.role IS NULL
),
footprint AS (
  SELECT rs.run_id, rs.functions, rs.syscalls, rs.calls
  FROM run_size AS rs
  WHERE rs.run_id IN (SELECT run_id FROM member)
    AND rs.role IN (SELECT role FROM kept)
  UNION ALL
  SELECT
    rf.run_id,
    count(DISTINCT rf.function_id) AS functions,
    count(DISTINCT f.syscall) AS syscalls,
    sum(rf.calls) AS calls
  FROM run_function AS rf
  JOIN function AS f ON f.function_id = rf.function_id
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND rf.role IN (SELECT role FROM unkept)
  GROUP BY rf.run_id
)
SELECT
  m.run_id,
  m.runtime,
  m.workload,
  m.label,
  m.condition_id,
  coalesce(x.functions, 0) AS functions,
  coalesce(x.syscalls, 0) AS syscalls,
  coalesce(x.calls, 0) AS calls,
  m.lost
FROM member AS m
LEFT JOIN footprint AS x ON x.run_id = m.run_id
ORDER BY m.workload, m.runtime, m.condition_id, m.run_id;
