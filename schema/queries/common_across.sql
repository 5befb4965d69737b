-- The functions that each of several selections reached. Runs and calls are of all of them
-- together, a run counted once.
-- Functions are compared by canonical name, across conditions.
--
-- :sets selections: up to 16 selections, separated by spaces
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run common_across --param sets='runc+kernel:6.1 runc+kernel:6.12'
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
  SELECT x.n, x.name_id
  FROM totals AS x
  JOIN size AS s ON s.n = x.n
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
answer AS (
  SELECT name_id
  FROM reached
  GROUP BY name_id
  HAVING count(*) = (SELECT count(*) FROM size)
),
shared AS (
  -- How often a run is in one more selection.
  SELECT count(*) - count(DISTINCT run_id) AS runs FROM member
),
counted AS (
  SELECT
    x.name_id,
    max(x.syscall) AS syscall,
    sum(x.runs) AS runs,
    sum(x.calls) AS calls
  FROM totals AS x
  CROSS JOIN shared AS s
  WHERE s.runs = 0 AND x.name_id IN (SELECT name_id FROM answer)
  GROUP BY x.name_id
  UNION ALL
  SELECT x.name_id, max(x.syscall), count(DISTINCT rf.run_id), sum(rf.calls)
  FROM (
    SELECT DISTINCT member.run_id
    FROM member
    CROSS JOIN shared
    WHERE shared.runs > 0
  ) AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  JOIN names AS x ON x.function_id = rf.function_id
  WHERE rf.role IN (SELECT role FROM wanted)
    AND x.name_id IN (SELECT name_id FROM answer)
  GROUP BY x.name_id
),
total AS (
  SELECT count(*) AS of_runs FROM (SELECT DISTINCT run_id FROM member) AS counted_once
)
SELECT y.name AS function, x.syscall, x.runs, t.of_runs, x.calls
FROM counted AS x
CROSS JOIN total AS t
JOIN (SELECT DISTINCT name_id, name FROM names) AS y ON y.name_id = x.name_id
ORDER BY y.name;
