-- Who calls whom: every observed pair of caller and callee, over all runs of a selection.
-- The answer of "edges" from the roll-ups of whole groups.
--
-- :a groups: the groups of runs
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- Nullable: caller_syscall, callee_syscall
-- Example: tracequery run edges_groups --param a=runc/redis-server
WITH observed AS (
  SELECT ge.caller_id, ge.callee_id, sum(ge.runs) AS runs, sum(ge.calls) AS calls
  FROM (SELECT group_id FROM run_group WHERE instr(:a, ',' || group_id || ',') > 0) AS g
  CROSS JOIN group_edge AS ge ON ge.group_id = g.group_id
  WHERE ge.role = :role
  GROUP BY ge.caller_id, ge.callee_id
)
SELECT
  f.name AS caller,
  f.syscall AS caller_syscall,
  t.name AS callee,
  t.syscall AS callee_syscall,
  x.runs,
  x.calls
FROM observed AS x
JOIN function AS f ON f.function_id = x.caller_id
JOIN function AS t ON t.function_id = x.callee_id
ORDER BY f.name, t.name;
