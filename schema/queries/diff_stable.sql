-- How many runs of each of two selections reached a function: a row for every function that one of
-- them reached, also of those that all runs did.
--
-- :a selection: the runs of side A
-- :b selection: the runs of side B
-- :roles roles = default: the roles that count
-- Nullable: syscall
-- Example: tracequery run diff_stable --param a=runc --param b=runsc
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
  SELECT 'A' AS side, r.run_id, c.kernel_id
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
  UNION ALL
  SELECT 'B', r.run_id, c.kernel_id
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:b, ',' || r.run_id || ',') > 0
),
size AS (
  SELECT
    count(*) FILTER (WHERE side = 'A') AS a_of_runs,
    count(*) FILTER (WHERE side = 'B') AS b_of_runs
  FROM member
),
reached AS (
  SELECT m.side, rf.function_id, count(DISTINCT rf.run_id) AS runs
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY m.side, rf.function_id
),
pair AS (
  SELECT
    function_id,
    coalesce(max(runs) FILTER (WHERE side = 'A'), 0) AS a_runs,
    coalesce(max(runs) FILTER (WHERE side = 'B'), 0) AS b_runs
  FROM reached
  GROUP BY function_id
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM pair AS x
  -- Of the kernels of a side that reached it.
  CROSS JOIN (SELECT DISTINCT side, kernel_id FROM member) AS k
    ON (k.side = 'A' AND x.a_runs > 0) OR (k.side = 'B' AND x.b_runs > 0)
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.a_runs,
  s.a_of_runs,
  x.b_runs,
  s.b_of_runs
FROM pair AS x
CROSS JOIN size AS s
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY f.name;
