-- The functions that each of several selections reached. Runs and calls are of all of them
-- together, a run counted once.
-- Functions are compared by canonical name, across conditions.
-- The answer of "common_across" from the roll-ups of whole groups.
--
-- :sets group_sets: up to 16 selections, separated by spaces; whole groups
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run common_across_groups --param sets='runc+kernel:6.1 runc+kernel:6.12'
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
number AS (
  SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 UNION ALL SELECT 12
  UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15 UNION ALL SELECT 16
),
named_group AS (
  SELECT number.n, g.group_id, g.condition_id, g.runtime, g.workload, g.status
  FROM number
  CROSS JOIN run_group AS g
  WHERE instr(:sets, ',' || number.n || ':') > 0
    AND instr(:sets, ',' || number.n || ':' || g.group_id || ',') > 0
),
chosen AS (
  SELECT n, group_id, condition_id, runtime, workload, status FROM named_group
  UNION ALL
  -- Number 0 is all of them together.
  SELECT DISTINCT 0, group_id, condition_id, runtime, workload, status FROM named_group
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
  SELECT g.n, g.condition_id, gf.function_id, gf.runs, gf.calls
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
  SELECT w.n, w.condition_id, tf.function_id, tf.runs, tf.calls
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
    k.n,
    k.condition_id,
    max(x.name) AS name,
    max(x.syscall) AS syscall,
    min(k.function_id) AS first_id,
    max(k.function_id) AS last_id,
    sum(k.runs) AS runs,
    sum(k.calls) AS calls
  FROM kept AS k
  CROSS JOIN names AS x ON x.function_id = k.function_id
  GROUP BY x.name_id, k.n, k.condition_id
),
part AS (
  -- The groups of a name that has several functions.
  SELECT
    s.name_id,
    s.n,
    g.group_id,
    min(gf.function_id) AS first_id,
    max(gf.function_id) AS last_id,
    max(gf.runs) AS runs
  FROM named AS s
  JOIN chosen AS g ON g.n = s.n AND g.condition_id = s.condition_id
  JOIN names AS x ON x.name_id = s.name_id
  CROSS JOIN group_function AS gf
    ON gf.group_id = g.group_id AND gf.role = :role AND gf.function_id = x.function_id
  WHERE s.first_id <> s.last_id
  GROUP BY s.name_id, s.n, g.group_id
),
again AS (
  -- The runs of the groups in which it has several: counted one by one.
  SELECT p.name_id, p.n, count(DISTINCT rf.run_id) AS runs
  FROM part AS p
  JOIN chosen AS g ON g.n = p.n AND g.group_id = p.group_id
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
  GROUP BY p.name_id, p.n
),
totals AS (
  SELECT
    name_id,
    n,
    max(name) AS name,
    max(syscall) AS syscall,
    sum(runs) AS runs,
    sum(calls) AS calls
  FROM (
    SELECT
      name_id,
      n,
      name,
      syscall,
      CASE WHEN first_id = last_id THEN runs ELSE 0 END AS runs,
      calls
    FROM named
    UNION ALL
    SELECT name_id, n, NULL, NULL, runs, 0 FROM part WHERE first_id = last_id
    UNION ALL
    SELECT name_id, n, NULL, NULL, runs, 0 FROM again
  ) AS counted_apart
  GROUP BY name_id, n
),
reached AS (
  SELECT x.n, x.name_id
  FROM totals AS x
  JOIN size AS s ON s.n = x.n
  WHERE x.n > 0
    AND x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
answer AS (
  SELECT name_id
  FROM reached
  GROUP BY name_id
  HAVING count(*) = (SELECT count(*) FROM size WHERE n > 0)
)
SELECT x.name AS function, x.syscall, x.runs, s.of_runs, x.calls
FROM answer AS a
JOIN totals AS x ON x.name_id = a.name_id
JOIN size AS s ON s.n = x.n
WHERE x.n = 0
ORDER BY x.name;
