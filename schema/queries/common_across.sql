-- The functions that each of several selections reached. Runs and calls are of all of them
-- together, a run counted once.
-- Functions are compared by canonical name, across conditions.
--
-- :sets selections: up to 16 selections, separated by spaces
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run common_across --param sets='runc+kernel:6.1 runc+kernel:6.12'
WITH number AS (
  SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 UNION ALL SELECT 12
  UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15 UNION ALL SELECT 16
),
member AS (
  SELECT number.n, r.run_id, c.kernel_id
  FROM run AS r
  CROSS JOIN number
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:sets, ',' || number.n || ':' || r.run_id || ',') > 0
),
size AS (
  SELECT n, count(*) AS of_runs FROM member GROUP BY n
),
base AS (
  SELECT rf.run_id, f.canonical AS name, max(f.syscall) AS syscall, sum(rf.calls) AS calls
  FROM run_function AS rf
  JOIN function AS f ON f.function_id = rf.function_id
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND instr(:roles, ',' || rf.role || ',') > 0
  GROUP BY rf.run_id, f.canonical
),
reached AS (
  SELECT m.n, b.name
  FROM base AS b
  JOIN member AS m ON m.run_id = b.run_id
  JOIN size AS s ON s.n = m.n
  GROUP BY m.n, b.name
  HAVING count(*) >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
),
answer AS (
  SELECT name
  FROM reached
  GROUP BY name
  HAVING count(*) = (SELECT count(*) FROM size)
),
counted AS (
  SELECT b.name, max(b.syscall) AS syscall, count(*) AS runs, sum(b.calls) AS calls
  FROM answer AS x
  JOIN base AS b ON b.name = x.name
  WHERE b.run_id IN (SELECT run_id FROM member)
  GROUP BY b.name
),
total AS (
  SELECT count(*) AS of_runs FROM (SELECT DISTINCT run_id FROM member) AS counted_once
)
SELECT x.name AS function, x.syscall, x.runs, t.of_runs, x.calls
FROM counted AS x
CROSS JOIN total AS t
ORDER BY x.name;
