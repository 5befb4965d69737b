-- The functions that a selection calls most, with their share of all its calls.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many of the runs must reach a function; 0: all
-- :limit integer = 20: how many functions
-- Nullable: syscall
-- Example: tracequery run top --param a=runc/redis-server --param limit=10
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
reached AS (
  SELECT rf.function_id, count(DISTINCT rf.run_id) AS runs, sum(rf.calls) AS calls
  FROM run_function AS rf
  CROSS JOIN size AS s
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND rf.role IN (SELECT role FROM wanted)
  GROUP BY rf.function_id
  HAVING count(DISTINCT rf.run_id)
    >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
),
total AS (
  SELECT sum(calls) AS calls FROM reached
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
  x.runs,
  s.of_runs,
  x.calls,
  1e0 * x.calls / t.calls AS share
FROM reached AS x
CROSS JOIN size AS s
CROSS JOIN total AS t
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY x.calls DESC, f.name
LIMIT :limit;
