-- The functions that one of two selections reached and the other did not, A's first.
--
-- :a selection: the runs of side A
-- :b selection: the runs of side B
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run diff --param a=runc --param b=runsc
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
  SELECT side, count(*) AS of_runs FROM member GROUP BY side
),
counted AS (
  SELECT
    rf.function_id,
    m.side,
    count(DISTINCT rf.run_id) AS runs,
    sum(rf.calls) AS calls
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY rf.function_id, m.side
),
reached AS (
  SELECT x.side, x.function_id, x.runs, s.of_runs, x.calls
  FROM counted AS x
  JOIN size AS s ON s.side = x.side
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
one_sided AS (
  SELECT
    max(side) AS side,
    function_id,
    max(runs) AS runs,
    max(of_runs) AS of_runs,
    max(calls) AS calls
  FROM reached
  GROUP BY function_id
  HAVING count(*) = 1
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM one_sided AS x
  CROSS JOIN (SELECT DISTINCT side, kernel_id FROM member) AS k ON k.side = x.side
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  x.side,
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.runs,
  x.of_runs,
  x.calls
FROM one_sided AS x
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY x.side, f.name;
