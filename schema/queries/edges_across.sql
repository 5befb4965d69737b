-- Who calls whom, by canonical name: every observed pair of caller and callee, over all runs of a
-- selection.
--
-- :a selection: the runs
-- :roles roles = default: the roles whose calls count
-- Nullable: caller_syscall, callee_syscall
-- Example: tracequery run edges_across --param a=runc+kernel:6.1
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
  SELECT
    f.canonical AS caller,
    max(f.syscall) AS caller_syscall,
    t.canonical AS callee,
    max(t.syscall) AS callee_syscall,
    count(DISTINCT e.run_id) AS runs,
    sum(e.calls) AS calls
  FROM edge AS e
  JOIN function AS f ON f.function_id = e.caller_id
  JOIN function AS t ON t.function_id = e.callee_id
  WHERE e.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
    AND e.role IN (SELECT role FROM wanted)
  GROUP BY f.canonical, t.canonical
)
SELECT caller, caller_syscall, callee, callee_syscall, runs, calls
FROM observed
ORDER BY caller, callee;
