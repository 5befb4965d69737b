-- Who calls whom: every observed pair of caller and callee, over all runs of a selection.
--
-- :a selection: the runs
-- :roles roles = default: the roles whose calls count
-- Nullable: caller_syscall, callee_syscall
-- Example: tracequery run edges --param a=runc/redis-server
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
),
observed AS (
  SELECT e.caller_id, e.callee_id, count(DISTINCT e.run_id) AS runs, sum(e.calls) AS calls
  FROM edge AS e
  WHERE e.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
    AND e.role IN (SELECT role FROM wanted)
  GROUP BY e.caller_id, e.callee_id
)
SELECT
  f.name AS caller,
  f.syscall AS caller_syscall,
  t.name AS callee,
  t.syscall AS callee_syscall,
  x.runs,
  x.calls
FROM observed AS x
JOIN function AS f ON f.function_id = x.caller_id
JOIN function AS t ON t.function_id = x.callee_id
ORDER BY f.name, t.name;
