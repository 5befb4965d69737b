-- How many runs of each of two selections reached a function.
-- The answer of "diff_stable" from the roll-up of whole groups.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- Nullable: syscall
-- Example: tracequery run diff_stable_groups --param a=runc --param b=runsc
WITH chosen AS (
  SELECT 'A' AS side, group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
  UNION ALL
  SELECT 'B', group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:b, ',' || group_id || ',') > 0
),
kernels AS (
  SELECT DISTINCT g.side, c.kernel_id
  FROM chosen AS g
  JOIN condition AS c ON c.condition_id = g.condition_id
),
size AS (
  SELECT
    count(*) FILTER (WHERE g.side = 'A') AS a_of_runs,
    count(*) FILTER (WHERE g.side = 'B') AS b_of_runs
  FROM chosen AS g
  CROSS JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
),
whole AS (
  -- Runtimes of which every workload is chosen: these are kept as a whole.
  SELECT x.side, x.condition_id, x.runtime, x.status
  FROM (
    SELECT side, condition_id, runtime, status, count(*) AS workloads
    FROM chosen
    GROUP BY side, condition_id, runtime, status
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
  SELECT g.side, gf.function_id, gf.runs
  FROM chosen AS g
  CROSS JOIN group_function AS gf ON gf.group_id = g.group_id
  WHERE gf.role = :role
    AND NOT EXISTS (
      SELECT 1
      FROM whole AS w
      WHERE w.side = g.side
        AND w.condition_id = g.condition_id
        AND w.runtime = g.runtime
        AND w.status = g.status
    )
  UNION ALL
  SELECT w.side, tf.function_id, tf.runs
  FROM whole AS w
  CROSS JOIN runtime_function AS tf
    ON tf.condition_id = w.condition_id AND tf.runtime = w.runtime AND tf.status = w.status
  WHERE tf.role = :role
),
reached AS (
  SELECT function_id, side, sum(runs) AS runs FROM kept GROUP BY function_id, side
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
  CROSS JOIN kernels AS k
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
