-- The functions that each of several selections reached. Runs and calls are of all of them
-- together, a run counted once.
-- The answer of "common" from the roll-up of whole groups.
--
-- :sets group_sets: up to 16 selections, separated by spaces; whole groups
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of each selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run common_groups --param sets='runc runsc'
WITH number AS (
  SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 UNION ALL SELECT 12
  UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15 UNION ALL SELECT 16
),
chosen AS (
  SELECT number.n, g.group_id, g.condition_id, g.runtime, g.workload, g.status
  FROM run_group AS g
  CROSS JOIN number
  WHERE instr(:sets, ',' || number.n || ':' || g.group_id || ',') > 0
),
member AS (
  SELECT g.n, g.group_id, c.kernel_id, count(*) AS runs
  FROM chosen AS g
  JOIN condition AS c ON c.condition_id = g.condition_id
  JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
  GROUP BY g.n, g.group_id, c.kernel_id
),
size AS (
  SELECT n, sum(runs) AS of_runs FROM member GROUP BY n
),
base AS (
  SELECT gf.group_id, gf.function_id, gf.runs, gf.calls
  FROM group_function AS gf
  WHERE gf.group_id IN (SELECT group_id FROM member) AND gf.role = :role
),
reached AS (
  SELECT m.n, b.function_id
  FROM base AS b
  JOIN member AS m ON m.group_id = b.group_id
  JOIN size AS s ON s.n = m.n
  GROUP BY m.n, b.function_id
  HAVING sum(b.runs) >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
),
answer AS (
  SELECT function_id
  FROM reached
  GROUP BY function_id
  HAVING count(*) = (SELECT count(*) FROM size)
),
counted AS (
  SELECT b.function_id, sum(b.runs) AS runs, sum(b.calls) AS calls
  FROM answer AS x
  JOIN base AS b ON b.function_id = x.function_id
  WHERE b.group_id IN (SELECT group_id FROM member)
  GROUP BY b.function_id
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM answer AS x
  CROSS JOIN (SELECT DISTINCT kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
),
total AS (
  SELECT sum(runs) AS of_runs FROM (SELECT DISTINCT group_id, runs FROM member) AS counted_once
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.runs,
  t.of_runs,
  x.calls
FROM counted AS x
CROSS JOIN total AS t
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY f.name;
