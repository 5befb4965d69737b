-- The functions that call a function, as observed: by how many runs, how often, and their share of the
-- calls whose caller is known.
-- The answer of "callers" from the roll-ups of whole groups.
--
-- :a groups: the groups of runs
-- :function text: the function, by its full name
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many of the runs must have the call; 0: all
-- Nullable: syscall
-- Example: tracequery run callers_groups --param a=runc --param function=vfs_read
WITH chosen AS (
  SELECT group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
),
kernels AS (
  SELECT DISTINCT c.kernel_id
  FROM chosen AS g
  JOIN condition AS c ON c.condition_id = g.condition_id
),
size AS (
  SELECT count(*) AS of_runs
  FROM chosen AS g
  CROSS JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
),
observed AS (
  SELECT ge.caller_id AS function_id, sum(ge.runs) AS runs, sum(ge.calls) AS calls
  FROM chosen AS g
  CROSS JOIN group_edge AS ge ON ge.group_id = g.group_id
  WHERE ge.role = :role
    AND ge.callee_id IN (SELECT function_id FROM function WHERE name = :function)
  GROUP BY ge.caller_id
),
total AS (
  SELECT sum(calls) AS calls FROM observed
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM observed AS x
  CROSS JOIN kernels AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS caller,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.runs,
  s.of_runs,
  x.calls,
  1e0 * x.calls / t.calls AS share
FROM observed AS x
CROSS JOIN size AS s
CROSS JOIN total AS t
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
ORDER BY x.calls DESC, f.name;
