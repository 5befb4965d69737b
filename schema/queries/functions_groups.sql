-- The functions that whole groups of runs reached: the answer of "functions" from the roll-up.
--
-- :a groups: the groups of runs
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many of the runs must reach a function; 0: all
-- Nullable: syscall, abi
-- Example: tracequery run functions_groups --param a=runc/redis-server
WITH member AS (
  SELECT g.group_id, c.kernel_id, count(*) AS runs
  FROM run_group AS g
  JOIN condition AS c ON c.condition_id = g.condition_id
  JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
  WHERE instr(:a, ',' || g.group_id || ',') > 0
  GROUP BY g.group_id, c.kernel_id
),
reached AS (
  SELECT gf.function_id, sum(gf.runs) AS runs, sum(gf.calls) AS calls
  FROM group_function AS gf
  WHERE gf.group_id IN (SELECT group_id FROM member) AND gf.role = :role
  GROUP BY gf.function_id
),
size AS (
  SELECT sum(runs) AS of_runs FROM member
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM reached AS x
  CROSS JOIN (SELECT DISTINCT kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  f.abi,
  x.runs,
  s.of_runs,
  x.calls
FROM reached AS x
CROSS JOIN size AS s
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
ORDER BY f.name;
