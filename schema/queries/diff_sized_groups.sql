-- The functions that one of two selections reached and the other did not, A's first, and beside
-- every one how many functions each reached, and how many of these are the same.
-- The answers of "diff_groups" and "diff_counts_groups" from one pass. Without a difference there
-- is one row, which has no function.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Nullable: side, function, module, syscall, runs, of_runs, calls
-- Example: tracequery run diff_sized_groups --param a=runc --param b=runsc
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
pair AS (
  SELECT
    function_id,
    coalesce(sum(runs) FILTER (WHERE side = 'A'), 0) AS a_runs,
    coalesce(sum(runs) FILTER (WHERE side = 'B'), 0) AS b_runs,
    coalesce(sum(calls) FILTER (WHERE side = 'A'), 0) AS a_calls,
    coalesce(sum(calls) FILTER (WHERE side = 'B'), 0) AS b_calls
  FROM kept
  GROUP BY function_id
),
placed AS (
  SELECT
    x.*,
    s.a_of_runs,
    s.b_of_runs,
    CASE
      WHEN x.a_runs = 0 THEN 0
      WHEN x.a_runs >= CASE WHEN :at_least = 0 THEN s.a_of_runs ELSE :at_least END THEN 1
      ELSE 0
    END AS in_a,
    CASE
      WHEN x.b_runs = 0 THEN 0
      WHEN x.b_runs >= CASE WHEN :at_least = 0 THEN s.b_of_runs ELSE :at_least END THEN 1
      ELSE 0
    END AS in_b
  FROM pair AS x
  CROSS JOIN size AS s
),
one_sided AS (
  SELECT
    CASE WHEN in_a = 1 THEN 'A' ELSE 'B' END AS side,
    function_id,
    CASE WHEN in_a = 1 THEN a_runs ELSE b_runs END AS runs,
    CASE WHEN in_a = 1 THEN a_of_runs ELSE b_of_runs END AS of_runs,
    CASE WHEN in_a = 1 THEN a_calls ELSE b_calls END AS calls
  FROM placed
  WHERE in_a <> in_b
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM one_sided AS x
  CROSS JOIN kernels AS k ON k.side = x.side
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
),
sizes AS (
  SELECT
    coalesce(sum(in_a), 0) AS a_functions,
    coalesce(sum(in_b), 0) AS b_functions,
    coalesce(sum(in_a * in_b), 0) AS common
  FROM placed
)
SELECT
  n.a_functions,
  n.b_functions,
  n.common,
  x.side,
  f.name AS function,
  CASE WHEN x.side IS NOT NULL THEN coalesce(p.module, '') END AS module,
  f.syscall,
  x.runs,
  x.of_runs,
  x.calls
FROM sizes AS n
LEFT JOIN one_sided AS x ON x.runs > 0
LEFT JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY x.side NULLS LAST, f.name NULLS LAST;
