-- The functions that call a function, as observed: by how many runs, how often, and their share of the
-- calls whose caller is known.
--
-- :a selection: the runs
-- :function text: the function, by its full name
-- :roles roles = default: the roles whose calls count
-- :at_least integer = 1: how many of the runs must have the call; 0: all
-- Nullable: syscall
-- Example: tracequery run callers --param a=runc --param function=vfs_read
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
  SELECT r.run_id, c.kernel_id
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
),
size AS (
  SELECT count(*) AS of_runs FROM member
),
observed AS (
  SELECT e.caller_id AS function_id, count(DISTINCT e.run_id) AS runs, sum(e.calls) AS calls
  FROM edge AS e
  WHERE e.run_id IN (SELECT run_id FROM member)
    AND e.role IN (SELECT role FROM wanted)
    AND e.callee_id IN (SELECT function_id FROM function WHERE name = :function)
  GROUP BY e.caller_id
),
total AS (
  SELECT sum(calls) AS calls FROM observed
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM observed AS x
  CROSS JOIN (SELECT DISTINCT kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS caller,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.runs,
  s.of_runs,
  x.calls,
  1e0 * x.calls / t.calls AS share
FROM observed AS x
CROSS JOIN size AS s
CROSS JOIN total AS t
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
ORDER BY x.calls DESC, f.name;
