-- The functions that each of several selections reached, and in how many of its runs: a row for each
-- function and selection. Selections are numbered as they were given, from 1.
--
-- :sets selections: up to 16 selections, separated by spaces
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- :canonical integer = 0: 1 to take functions of one canonical name for the same
-- Nullable: syscall
-- Example: tracequery run selection_functions --param sets='runc runsc'
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
),
number AS (
  SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 UNION ALL SELECT 12
  UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15 UNION ALL SELECT 16
),
member AS (
  SELECT
    number.n, r.run_id, r.condition_id, c.kernel_id, r.runtime, r.workload, r.status
  FROM number
  CROSS JOIN run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:sets, ',' || number.n || ':') > 0
    AND instr(:sets, ',' || number.n || ':' || r.run_id || ',') > 0
),
size AS (
  SELECT n, count(*) AS of_runs FROM member GROUP BY n
),
names AS (
  SELECT f.function_id, f.syscall, c.name_id, c.name
  FROM function AS f
  JOIN (
    SELECT
      CASE WHEN :canonical = 1 THEN canonical ELSE name END AS name,
      min(function_id) AS name_id
    FROM function
    GROUP BY CASE WHEN :canonical = 1 THEN canonical ELSE name END
  ) AS c ON c.name = CASE WHEN :canonical = 1 THEN f.canonical ELSE f.name END
),
kept AS (
  -- What the roll-ups call these roles; NULL when they do not keep the set.
  SELECT
    CASE
      WHEN count(*) = 8 THEN '(all)'
      WHEN count(*) = 6 AND count(*) FILTER (WHERE role IN ('shim', 'runtime')) = 0
        THEN '(default)'
      WHEN count(*) = 1 THEN max(role)
    END AS role
  FROM wanted
),
whole AS (
  -- Groups of which every run is chosen, if their roll-up keeps these roles and functions are not
  -- taken together.
  SELECT x.n, g.group_id, x.condition_id, x.runtime, x.workload, x.status, k.role
  FROM (
    SELECT n, condition_id, runtime, workload, status, count(*) AS runs
    FROM member
    GROUP BY n, condition_id, runtime, workload, status
  ) AS x
  JOIN (
    SELECT condition_id, runtime, workload, status, count(*) AS runs
    FROM run
    GROUP BY condition_id, runtime, workload, status
  ) AS y
    ON y.condition_id = x.condition_id
    AND y.runtime = x.runtime
    AND y.workload = x.workload
    AND y.status = x.status
    AND y.runs = x.runs
  JOIN run_group AS g
    ON g.condition_id = x.condition_id
    AND g.runtime = x.runtime
    AND g.workload = x.workload
    AND g.status = x.status
  CROSS JOIN kept AS k
  WHERE k.role IS NOT NULL AND :canonical = 0
),
remaining AS (
  SELECT m.n, m.run_id
  FROM member AS m
  WHERE NOT EXISTS (
    SELECT 1
    FROM whole AS w
    WHERE w.n = m.n
      AND w.condition_id = m.condition_id
      AND w.runtime = m.runtime
      AND w.workload = m.workload
      AND w.status = m.status
  )
),
counted AS (
  SELECT x.name_id, w.n, x.syscall, gf.runs, gf.calls
  FROM whole AS w
  CROSS JOIN group_function AS gf ON gf.group_id = w.group_id AND gf.role = w.role
  JOIN names AS x ON x.function_id = gf.function_id
  UNION ALL
  SELECT x.name_id, m.n, max(x.syscall), count(DISTINCT rf.run_id), sum(rf.calls)
  FROM remaining AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  JOIN names AS x ON x.function_id = rf.function_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY x.name_id, m.n
),
totals AS (
  SELECT name_id, n, max(syscall) AS syscall, sum(runs) AS runs, sum(calls) AS calls
  FROM counted
  GROUP BY name_id, n
),
reached AS (
  SELECT x.n, y.name, x.syscall, x.runs, s.of_runs, x.calls
  FROM totals AS x
  JOIN size AS s ON s.n = x.n
  JOIN (SELECT DISTINCT name_id, name FROM names) AS y ON y.name_id = x.name_id
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
place AS (
  SELECT
    k.n,
    CASE WHEN :canonical = 1 THEN f.canonical ELSE f.name END AS name,
    max(kf.module) AS module
  FROM kernel_function AS kf
  JOIN function AS f ON f.function_id = kf.function_id
  JOIN (SELECT DISTINCT n, kernel_id FROM member) AS k ON k.kernel_id = kf.kernel_id
  GROUP BY k.n, CASE WHEN :canonical = 1 THEN f.canonical ELSE f.name END
)
SELECT
  x.n AS selection,
  x.name AS function,
  coalesce(p.module, '') AS module,
  x.syscall,
  x.runs,
  x.of_runs,
  x.calls
FROM reached AS x
LEFT JOIN place AS p ON p.n = x.n AND p.name = x.name
ORDER BY x.name, x.n;
