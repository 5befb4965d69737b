-- Who calls each function most in the runs of a selection: its first few callers by calls.
-- The answer of "function_callers" from the roll-ups of whole groups.
--
-- :a groups: the groups of runs
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :limit integer = 3: how many callers of each function
-- :canonical integer = 0: 1 to take functions of one canonical name for the same
-- Example: tracequery run function_callers_groups --param a=runc/redis-server
WITH observed AS (
  SELECT ge.caller_id, ge.callee_id, sum(ge.calls) AS calls
  FROM (SELECT group_id FROM run_group WHERE instr(:a, ',' || group_id || ',') > 0) AS g
  CROSS JOIN group_edge AS ge ON ge.group_id = g.group_id
  WHERE ge.role = :role
  GROUP BY ge.caller_id, ge.callee_id
),
counted AS (
  SELECT
    CASE WHEN :canonical = 1 THEN callee.canonical ELSE callee.name END AS name,
    CASE WHEN :canonical = 1 THEN caller.canonical ELSE caller.name END AS caller,
    sum(x.calls) AS calls
  FROM observed AS x
  JOIN function AS callee ON callee.function_id = x.callee_id
  JOIN function AS caller ON caller.function_id = x.caller_id
  GROUP BY
    CASE WHEN :canonical = 1 THEN callee.canonical ELSE callee.name END,
    CASE WHEN :canonical = 1 THEN caller.canonical ELSE caller.name END
),
ranked AS (
  SELECT
    name,
    caller,
    calls,
    row_number() OVER (PARTITION BY name ORDER BY calls DESC, caller) AS place
  FROM counted
)
SELECT name AS function, caller, calls, place
FROM ranked
WHERE place <= :limit
ORDER BY name, place;
