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
  FROM number
  CROSS JOIN run_group AS g
  WHERE instr(:sets, ',' || number.n || ':') > 0
    AND instr(:sets, ',' || number.n || ':' || g.group_id || ',') > 0
),
member AS (
  SELECT g.n, g.group_id, c.kernel_id, r.runs
  FROM (
    SELECT condition_id, runtime, workload, status, count(*) AS runs
    FROM run
    GROUP BY condition_id, runtime, workload, status
  ) AS r
  CROSS JOIN chosen AS g
    ON g.condition_id = r.condition_id
    AND g.runtime = r.runtime
    AND g.workload = r.workload
    AND g.status = r.status
  JOIN condition AS c ON c.condition_id = g.condition_id
),
size AS (
  SELECT n, sum(runs) AS of_runs FROM member GROUP BY n
),
totals AS (
  SELECT gf.function_id, m.n, sum(gf.runs) AS runs, sum(gf.calls) AS calls
  FROM member AS m
  CROSS JOIN group_function AS gf ON gf.group_id = m.group_id
  WHERE gf.role = :role
  GROUP BY gf.function_id, m.n
),
reached AS (
  SELECT x.n, x.function_id, x.runs, x.calls
  FROM totals AS x
  JOIN size AS s ON s.n = x.n
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
answer AS (
  SELECT function_id
  FROM reached
  GROUP BY function_id
  HAVING count(*) = (SELECT count(*) FROM size)
),
counted AS (
  SELECT gf.function_id, sum(gf.runs) AS runs, sum(gf.calls) AS calls
  FROM (SELECT DISTINCT group_id FROM member) AS m
  CROSS JOIN group_function AS gf ON gf.group_id = m.group_id
  WHERE gf.role = :role AND gf.function_id IN (SELECT function_id FROM answer)
  GROUP BY gf.function_id
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
