-- The functions that the first of several selections reached and none of the others did. Runs and
-- calls are the first one's.
-- Functions are compared by canonical name, across conditions. For each one the others say whether
-- they did not reach it, have no such function, cannot trace it, or do not know.
--
-- :sets selections: the selection, then up to 15 others, separated by spaces
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run only_across --param sets='runc+kernel:6.1 runc+kernel:6.12'
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
  SELECT number.n, r.run_id, c.kernel_id
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
    SELECT canonical AS name, min(function_id) AS name_id FROM function GROUP BY canonical
  ) AS c ON c.name = f.canonical
),
totals AS (
  SELECT
    x.name_id,
    m.n,
    max(x.name) AS name,
    max(x.syscall) AS syscall,
    count(DISTINCT rf.run_id) AS runs,
    sum(rf.calls) AS calls
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  JOIN names AS x ON x.function_id = rf.function_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY x.name_id, m.n
),
reached AS (
  SELECT x.n, x.name, x.syscall, x.runs, x.calls
  FROM totals AS x
  JOIN size AS s ON s.n = x.n
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
answer AS (
  SELECT name
  FROM reached
  GROUP BY name
  HAVING max(n) = 1
),
counted AS (
  SELECT b.name, b.syscall, b.runs, b.calls
  FROM answer AS x
  JOIN reached AS b ON b.name = x.name
),
total AS (
  SELECT count(*) AS of_runs FROM (SELECT DISTINCT run_id FROM member WHERE n = 1) AS counted_once
),
others AS (
  SELECT DISTINCT kernel_id FROM member WHERE n > 1
),
complete AS (
  -- 1 when for every kernel of the others it is known which functions it can trace.
  SELECT CASE WHEN count(l.kernel_id) = count(*) THEN 1 ELSE 0 END AS listed
  FROM others AS k
  LEFT JOIN (SELECT DISTINCT kernel_id FROM kernel_function WHERE traceable IS NOT NULL) AS l
    ON l.kernel_id = k.kernel_id
),
known AS (
  -- What the kernels of the others say of a name: 1 when one has it and does not deny tracing it.
  SELECT f.canonical AS name, max(coalesce(kf.traceable, 1)) AS traceable
  FROM answer AS x
  JOIN function AS f ON f.canonical = x.name
  CROSS JOIN others AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = f.function_id
  GROUP BY f.canonical
)
SELECT
  x.name AS function,
  x.syscall,
  x.runs,
  t.of_runs,
  x.calls,
  CASE
    WHEN o.traceable = 1 THEN 'not reached'
    WHEN o.traceable = 0 THEN 'not traceable there'
    WHEN e.listed = 1 THEN 'not on that kernel'
    ELSE 'unknown there'
  END AS other_side
FROM counted AS x
CROSS JOIN total AS t
CROSS JOIN complete AS e
LEFT JOIN known AS o ON o.name = x.name
ORDER BY x.name;
