-- The functions that a selection reached, and in how many of its runs.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many of the runs must reach a function; 0: all
-- Nullable: syscall, abi
-- Example: tracequery run functions --param a=runc/redis-server
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
reached AS (
  SELECT rf.function_id, count(DISTINCT rf.run_id) AS runs, sum(rf.calls) AS calls
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND rf.role IN (SELECT role FROM wanted)
  GROUP BY rf.function_id
),
size AS (
  SELECT count(*) AS of_runs FROM member
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM reached AS x
  CROSS JOIN (SELECT DISTINCT kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  f.abi,
  x.runs,
  s.of_runs,
  x.calls
FROM reached AS x
CROSS JOIN size AS s
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
ORDER BY f.name;
