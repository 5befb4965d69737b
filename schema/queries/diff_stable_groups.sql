-- How many runs of each of two selections reached a function.
-- The answer of "diff_stable" from the roll-up of whole groups.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- Nullable: syscall
-- Example: tracequery run diff_stable_groups --param a=runc --param b=runsc
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
  SELECT
    coalesce(sum(runs) FILTER (WHERE side = 'A'), 0) AS a_of_runs,
    coalesce(sum(runs) FILTER (WHERE side = 'B'), 0) AS b_of_runs
  FROM member
),
reached AS (
  SELECT gf.function_id, m.side, sum(gf.runs) AS runs
  FROM member AS m
  CROSS JOIN group_function AS gf ON gf.group_id = m.group_id
  WHERE gf.role = :role
  GROUP BY gf.function_id, m.side
),
pair AS (
  SELECT
    function_id,
    coalesce(max(runs) FILTER (WHERE side = 'A'), 0) AS a_runs,
    coalesce(max(runs) FILTER (WHERE side = 'B'), 0) AS b_runs
  FROM reached
  GROUP BY function_id
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM pair AS x
  -- Of the kernels of a side that reached it.
  CROSS JOIN (SELECT DISTINCT side, kernel_id FROM member) AS k
    ON (k.side = 'A' AND x.a_runs > 0) OR (k.side = 'B' AND x.b_runs > 0)
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.a_runs,
  s.a_of_runs,
  x.b_runs,
  s.b_of_runs
FROM pair AS x
CROSS JOIN size AS s
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY f.name;
