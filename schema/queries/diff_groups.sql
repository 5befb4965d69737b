-- The functions that one of two selections reached and the other did not, A's first.
-- The answer of "diff" from the roll-up of whole groups.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run diff_groups --param a=runc --param b=runsc
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
  SELECT g.side, count(*) AS of_runs
  FROM chosen AS g
  CROSS JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
  GROUP BY g.side
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
  SELECT g.side, gf.function_id, gf.runs, gf.calls
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
  SELECT w.side, tf.function_id, tf.runs, tf.calls
  FROM whole AS w
  CROSS JOIN runtime_function AS tf
    ON tf.condition_id = w.condition_id AND tf.runtime = w.runtime AND tf.status = w.status
  WHERE tf.role = :role
),
counted AS (
  SELECT function_id, side, sum(runs) AS runs, sum(calls) AS calls
  FROM kept
  GROUP BY function_id, side
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
  CROSS JOIN kernels AS k ON k.side = x.side
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
