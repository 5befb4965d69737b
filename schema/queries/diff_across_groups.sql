-- The functions that one of two selections reached and the other did not, A's first.
-- Functions are compared by canonical name, across conditions. For each one the other side says
-- whether it did not reach it, has no such function, cannot trace it, or does not know.
-- The answer of "diff_across" from the roll-ups of whole groups.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run diff_across_groups --param a=runc+kernel:6.1 --param b=runc+kernel:6.12
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
  SELECT g.side, g.condition_id, gf.function_id, gf.runs, gf.calls
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
  SELECT w.side, w.condition_id, tf.function_id, tf.runs, tf.calls
  FROM whole AS w
  CROSS JOIN runtime_function AS tf
    ON tf.condition_id = w.condition_id AND tf.runtime = w.runtime AND tf.status = w.status
  WHERE tf.role = :role
),
names AS (
  SELECT f.function_id, f.syscall, c.name_id, c.name
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
    max(x.name) AS name,
    max(x.syscall) AS syscall,
    min(k.function_id) AS first_id,
    max(k.function_id) AS last_id,
    sum(k.runs) AS runs,
    sum(k.calls) AS calls
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
  SELECT
    name_id,
    side,
    max(name) AS name,
    max(syscall) AS syscall,
    sum(runs) AS runs,
    sum(calls) AS calls
  FROM (
    SELECT
      name_id,
      side,
      name,
      syscall,
      CASE WHEN first_id = last_id THEN runs ELSE 0 END AS runs,
      calls
    FROM named
    UNION ALL
    SELECT name_id, side, NULL, NULL, runs, 0 FROM part WHERE first_id = last_id
    UNION ALL
    SELECT name_id, side, NULL, NULL, runs, 0 FROM again
  ) AS counted_apart
  GROUP BY name_id, side
),
reached AS (
  SELECT x.side, x.name, x.syscall, x.runs, s.of_runs, x.calls
  FROM totals AS x
  JOIN size AS s ON s.side = x.side
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
one_sided AS (
  SELECT
    max(side) AS side,
    name,
    max(syscall) AS syscall,
    max(runs) AS runs,
    max(of_runs) AS of_runs,
    max(calls) AS calls
  FROM reached
  GROUP BY name
  HAVING count(*) = 1
),
complete AS (
  -- 1 when for every kernel of the side it is known which functions it can trace.
  SELECT k.side, CASE WHEN count(l.kernel_id) = count(*) THEN 1 ELSE 0 END AS listed
  FROM kernels AS k
  LEFT JOIN (SELECT DISTINCT kernel_id FROM kernel_function WHERE traceable IS NOT NULL) AS l
    ON l.kernel_id = k.kernel_id
  GROUP BY k.side
),
known AS (
  -- What the kernels of the side say of a name: 1 when one has it and does not deny tracing it.
  SELECT k.side, f.canonical AS name, max(coalesce(kf.traceable, 1)) AS traceable
  FROM one_sided AS x
  JOIN function AS f ON f.canonical = x.name
  CROSS JOIN kernels AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = f.function_id
  GROUP BY k.side, f.canonical
),
place AS (
  SELECT k.side, f.canonical AS name, max(kf.module) AS module
  FROM one_sided AS x
  JOIN function AS f ON f.canonical = x.name
  CROSS JOIN kernels AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = f.function_id
  GROUP BY k.side, f.canonical
)
SELECT
  x.side,
  x.name AS function,
  coalesce(p.module, '') AS module,
  x.syscall,
  x.runs,
  x.of_runs,
  x.calls,
  CASE
    WHEN o.traceable = 1 THEN 'not reached'
    WHEN o.traceable = 0 THEN 'not traceable there'
    WHEN e.listed = 1 THEN 'not on that kernel'
    ELSE 'unknown there'
  END AS other_side
FROM one_sided AS x
JOIN complete AS e ON e.side <> x.side
LEFT JOIN known AS o ON o.name = x.name AND o.side <> x.side
LEFT JOIN place AS p ON p.name = x.name AND p.side = x.side
ORDER BY x.side, x.name;
