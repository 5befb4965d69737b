-- The functions that each of several selections reached. Runs and calls are of all of them
-- together, a run counted once.
-- The answer of "common" from the roll-up of whole groups.
--
-- :sets group_sets: up to 16 selections, separated by spaces; whole groups
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run common_groups --param sets='runc runsc'
WITH number AS (
  SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 UNION ALL SELECT 12
  UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15 UNION ALL SELECT 16
),
named AS (
  SELECT number.n, g.group_id, g.condition_id, g.runtime, g.workload, g.status
  FROM number
  CROSS JOIN run_group AS g
  WHERE instr(:sets, ',' || number.n || ':') > 0
    AND instr(:sets, ',' || number.n || ':' || g.group_id || ',') > 0
),
chosen AS (
  SELECT n, group_id, condition_id, runtime, workload, status FROM named
  UNION ALL
  -- Number 0 is all of them together.
  SELECT DISTINCT 0, group_id, condition_id, runtime, workload, status FROM named
),
kernels AS (
  SELECT DISTINCT g.n, c.kernel_id
  FROM chosen AS g
  JOIN condition AS c ON c.condition_id = g.condition_id
),
size AS (
  SELECT g.n, count(*) AS of_runs
  FROM chosen AS g
  CROSS JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
  GROUP BY g.n
),
whole AS (
  -- Runtimes of which every workload is chosen: these are kept as a whole.
  SELECT x.n, x.condition_id, x.runtime, x.status
  FROM (
    SELECT n, condition_id, runtime, status, count(*) AS workloads
    FROM chosen
    GROUP BY n, condition_id, runtime, status
  ) AS x
  JOIN (
    SELECT condition_id, runtime, status, count(*) AS workloads
    FROM run_group
    GROUP BY condition_id, runtime, status
  ) AS y
    ON y.condition_id = x.condition_id
    AND y.runtime = x.runtime
    AND y.status = x.status
    AND y.workloads = x.workloads
),
kept AS (
  SELECT g.n, gf.function_id, gf.runs, gf.calls
  FROM chosen AS g
  CROSS JOIN group_function AS gf ON gf.group_id = g.group_id
  WHERE gf.role = :role
    AND NOT EXISTS (
      SELECT 1
      FROM whole AS w
      WHERE w.n = g.n
        AND w.condition_id = g.condition_id
        AND w.runtime = g.runtime
        AND w.status = g.status
    )
  UNION ALL
  SELECT w.n, tf.function_id, tf.runs, tf.calls
  FROM whole AS w
  CROSS JOIN runtime_function AS tf
    ON tf.condition_id = w.condition_id AND tf.runtime = w.runtime AND tf.status = w.status
  WHERE tf.role = :role
),
totals AS (
  SELECT function_id, n, sum(runs) AS runs, sum(calls) AS calls FROM kept GROUP BY function_id, n
),
reached AS (
  SELECT x.n, x.function_id, x.runs, x.calls
  FROM totals AS x
  JOIN size AS s ON s.n = x.n
  WHERE x.n > 0
    AND x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
answer AS (
  SELECT function_id
  FROM reached
  GROUP BY function_id
  HAVING count(*) = (SELECT count(*) FROM size WHERE n > 0)
),
counted AS (
  SELECT b.function_id, b.runs, b.calls
  FROM answer AS x
  JOIN totals AS b ON b.function_id = x.function_id
  WHERE b.n = 0
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM answer AS x
  CROSS JOIN (SELECT kernel_id FROM kernels WHERE n = 0) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
),
total AS (
  SELECT of_runs FROM size WHERE n = 0
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.runs,
  t.of_runs,
  x.calls
FROM counted AS x
CROSS JOIN total AS t
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY f.name;
