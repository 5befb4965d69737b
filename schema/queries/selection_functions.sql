-- The functions that each of several selections reached, and in how many of its runs: a row for each
-- function and selection. Selections are numbered as they were given, from 1.
--
-- :sets selections: up to 16 selections, separated by spaces
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- :canonical integer = 0: 1 to take functions of one canonical name for the same
-- Nullable: syscall
-- Example: tracequery run selection_functions --param sets='runc runsc'
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
  SELECT
    rf.run_id,
    CASE WHEN :canonical = 1 THEN f.canonical ELSE f.name END AS name,
    max(f.syscall) AS syscall,
    sum(rf.calls) AS calls
  FROM run_function AS rf
  JOIN function AS f ON f.function_id = rf.function_id
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND instr(:roles, ',' || rf.role || ',') > 0
  GROUP BY rf.run_id, CASE WHEN :canonical = 1 THEN f.canonical ELSE f.name END
),
reached AS (
  SELECT
    m.n,
    b.name,
    max(b.syscall) AS syscall,
    count(*) AS runs,
    max(s.of_runs) AS of_runs,
    sum(b.calls) AS calls
  FROM base AS b
  JOIN member AS m ON m.run_id = b.run_id
  JOIN size AS s ON s.n = m.n
  GROUP BY m.n, b.name
  HAVING count(*) >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
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
