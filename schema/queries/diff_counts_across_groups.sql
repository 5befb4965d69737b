-- How many functions each of two selections reached, and how many of these are the same.
-- Functions are compared by canonical name, across conditions.
-- The answer of "diff_counts_across" from the roll-ups of whole groups.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Example: tracequery run diff_counts_across_groups --param a=runc --param b=runsc
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE :role = '(all)'
    OR role = :role
    OR (:role = '(default)' AND role NOT IN ('shim', 'runtime'))
),
chosen AS (
  SELECT 'A' AS side, group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
  UNION ALL
  SELECT 'B', group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:b, ',' || group_id || ',') > 0
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
  SELECT g.side, g.condition_id, gf.function_id, gf.runs
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
  SELECT w.side, w.condition_id, tf.function_id, tf.runs
  FROM whole AS w
  CROSS JOIN runtime_function AS tf
    ON tf.condition_id = w.condition_id AND tf.runtime = w.runtime AND tf.status = w.status
  WHERE tf.role = :role
),
names AS (
  SELECT f.function_id, c.name_id
  FROM function AS f
  JOIN (
    SELECT canonical AS name, min(function_id) AS name_id FROM function GROUP BY canonical
  ) AS c ON c.name = f.canonical
),
named AS (
  -- Runs of one condition add up over the functions of a name only where it has one.
  SELECT
    x.name_id,
    k.side,
    k.condition_id,
    min(k.function_id) AS first_id,
    max(k.function_id) AS last_id,
    sum(k.runs) AS runs
  FROM kept AS k
  CROSS JOIN names AS x ON x.function_id = k.function_id
  GROUP BY x.name_id, k.side, k.condition_id
),
part AS (
  -- The groups of a name that has several functions.
  SELECT
    s.name_id,
    s.side,
    g.group_id,
    min(gf.function_id) AS first_id,
    max(gf.function_id) AS last_id,
    max(gf.runs) AS runs
  FROM named AS s
  JOIN chosen AS g ON g.side = s.side AND g.condition_id = s.condition_id
  JOIN names AS x ON x.name_id = s.name_id
  CROSS JOIN group_function AS gf
    ON gf.group_id = g.group_id AND gf.role = :role AND gf.function_id = x.function_id
  WHERE s.first_id <> s.last_id
  GROUP BY s.name_id, s.side, g.group_id
),
again AS (
  -- The runs of the groups in which it has several: counted one by one.
  SELECT p.name_id, p.side, count(DISTINCT rf.run_id) AS runs
  FROM part AS p
  JOIN chosen AS g ON g.side = p.side AND g.group_id = p.group_id
  CROSS JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
  CROSS JOIN run_size AS z ON z.run_id = r.run_id
  CROSS JOIN names AS x ON x.name_id = p.name_id
  CROSS JOIN run_function AS rf
    ON rf.run_id = r.run_id AND rf.role = z.role AND rf.function_id = x.function_id
  WHERE p.first_id <> p.last_id
    AND z.role IN (SELECT role FROM wanted)
  GROUP BY p.name_id, p.side
),
totals AS (
  SELECT name_id, side, sum(runs) AS runs
  FROM (
    SELECT name_id, side, runs FROM named WHERE first_id = last_id
    UNION ALL
    SELECT name_id, side, runs FROM part WHERE first_id = last_id
    UNION ALL
    SELECT name_id, side, runs FROM again
  ) AS counted_apart
  GROUP BY name_id, side
),
reached AS (
  SELECT x.name_id, x.side
  FROM totals AS x
  JOIN size AS s ON s.side = x.side
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
)
SELECT
  coalesce(sum(in_a), 0) AS a_functions,
  coalesce(sum(in_b), 0) AS b_functions,
  coalesce(sum(in_a * in_b), 0) AS common
FROM (
  SELECT
    count(*) FILTER (WHERE side = 'A') AS in_a,
    count(*) FILTER (WHERE side = 'B') AS in_b
  FROM reached
  GROUP BY name_id
) AS counted;
