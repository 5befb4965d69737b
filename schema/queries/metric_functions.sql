-- The functions with a value of a metric that one selection reached and another did not, the largest
-- value first. Of functions that several kernels value, the largest value is shown.
--
-- :a selection: the runs
-- :b selection: runs whose functions are left out
-- :name text: the metric
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of a selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run metric_functions --param a=runc --param b=runsc --param name=text_bytes
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
other_size AS (
  SELECT count(*) AS of_runs FROM run WHERE instr(:b, ',' || run_id || ',') > 0
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
other AS (
  SELECT rf.function_id
  FROM run_function AS rf
  CROSS JOIN other_size AS s
  WHERE rf.run_id IN (SELECT run_id FROM run WHERE instr(:b, ',' || run_id || ',') > 0)
    AND rf.role IN (SELECT role FROM wanted)
  GROUP BY rf.function_id
  HAVING count(DISTINCT rf.run_id)
    >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
),
valued AS (
  SELECT kernel_id, function_id, value FROM metric WHERE name = :name
  UNION ALL
  SELECT kernel_id, function_id, 1e0 * text_bytes
  FROM kernel_function
  WHERE :name = 'text_bytes' AND text_bytes IS NOT NULL
),
answer AS (
  SELECT
    x.function_id,
    max(x.runs) AS runs,
    max(x.calls) AS calls,
    max(v.value) AS value
  FROM reached AS x
  CROSS JOIN (SELECT DISTINCT kernel_id FROM member) AS k
  JOIN valued AS v ON v.kernel_id = k.kernel_id AND v.function_id = x.function_id
  WHERE NOT EXISTS (SELECT 1 FROM other AS o WHERE o.function_id = x.function_id)
  GROUP BY x.function_id
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM answer AS x
  CROSS JOIN (SELECT DISTINCT kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.value AS metric_value,
  x.runs,
  s.of_runs,
  x.calls
FROM answer AS x
CROSS JOIN size AS s
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY x.value DESC, f.name;
