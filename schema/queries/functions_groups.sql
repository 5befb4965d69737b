-- The functions that whole groups of runs reached: the answer of "functions" from the roll-up.
--
-- :a groups: the groups of runs
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many of the runs must reach a function; 0: all
-- Nullable: syscall, abi
-- Example: tracequery run functions_groups --param a=runc/redis-server
WITH chosen AS (
  SELECT group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
),
kernels AS (
  SELECT DISTINCT c.kernel_id
  FROM chosen AS g
  JOIN condition AS c ON c.condition_id = g.condition_id
),
size AS (
  SELECT count(*) AS of_runs
  FROM chosen AS g
  CROSS JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
),
whole AS (
  -- Runtimes of which every workload is chosen: these are kept as a whole.
  SELECT x.condition_id, x.runtime, x.status
  FROM (
    SELECT condition_id, runtime, status, count(*) AS workloads
    FROM chosen
    GROUP BY condition_id, runtime, status
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
  SELECT gf.function_id, gf.runs, gf.calls
  FROM chosen AS g
  CROSS JOIN group_function AS gf ON gf.group_id = g.group_id
  WHERE gf.role = :role
    AND NOT EXISTS (
      SELECT 1
      FROM whole AS w
      WHERE w.condition_id = g.condition_id
        AND w.runtime = g.runtime
        AND w.status = g.status
    )
  UNION ALL
  SELECT tf.function_id, tf.runs, tf.calls
  FROM whole AS w
  CROSS JOIN runtime_function AS tf
    ON tf.condition_id = w.condition_id AND tf.runtime = w.runtime AND tf.status = w.status
  WHERE tf.role = :role
),
reached AS (
  SELECT function_id, sum(runs) AS runs, sum(calls) AS calls FROM kept GROUP BY function_id
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM reached AS x
  CROSS JOIN kernels AS k
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
