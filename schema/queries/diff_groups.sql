-- The functions that one of two selections reached and the other did not, A's first.
-- The answer of "diff" from the roll-up of whole groups.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run diff_groups --param a=runc --param b=runsc
WITH chosen AS (
  SELECT 'A' AS side, group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
  UNION ALL
  SELECT 'B', group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:b, ',' || group_id || ',') > 0
),
member AS (
  SELECT g.side, g.group_id, c.kernel_id, r.runs
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
  SELECT side, sum(runs) AS of_runs FROM member GROUP BY side
),
counted AS (
  SELECT gf.function_id, m.side, sum(gf.runs) AS runs, sum(gf.calls) AS calls
  FROM member AS m
  CROSS JOIN group_function AS gf ON gf.group_id = m.group_id
  WHERE gf.role = :role
  GROUP BY gf.function_id, m.side
),
reached AS (
  SELECT x.side, x.function_id, x.runs, s.of_runs, x.calls
  FROM counted AS x
  JOIN size AS s ON s.side = x.side
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
one_sided AS (
  SELECT
    max(side) AS side,
    function_id,
    max(runs) AS runs,
    max(of_runs) AS of_runs,
    max(calls) AS calls
  FROM reached
  GROUP BY function_id
  HAVING count(*) = 1
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM one_sided AS x
  CROSS JOIN (SELECT DISTINCT side, kernel_id FROM member) AS k ON k.side = x.side
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  x.side,
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.runs,
  x.of_runs,
  x.calls
FROM one_sided AS x
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY x.side, f.name;
