-- The runs of a selection, with the size of each one's footprint.
--
-- :a selection_any = *: the runs, whatever their status
-- :roles roles = default: the roles that count
-- Nullable: label, lost
-- Example: tracequery run runs --param a=runc/redis-server
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
  SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0
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
  r.run_id,
  r.runtime,
  r.workload,
  r.label,
  r.repeat,
  k.release AS kernel,
  c.tracer,
  c.method,
  r.status,
  coalesce(p.functions, 0) AS functions,
  coalesce(p.syscalls, 0) AS syscalls,
  coalesce(p.calls, 0) AS calls,
  r.lost
FROM member AS m
JOIN run AS r ON r.run_id = m.run_id
JOIN condition AS c ON c.condition_id = r.condition_id
JOIN kernel AS k ON k.kernel_id = c.kernel_id
LEFT JOIN footprint AS p ON p.run_id = r.run_id
ORDER BY r.run_id;
