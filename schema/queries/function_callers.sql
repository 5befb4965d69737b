-- Who calls each function most in the runs of a selection: its first few callers by calls.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- :limit integer = 3: how many callers of each function
-- :canonical integer = 0: 1 to take functions of one canonical name for the same
-- Example: tracequery run function_callers --param a=runc/redis-server
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
),
observed AS (
  SELECT e.caller_id, e.callee_id, sum(e.calls) AS calls
  FROM edge AS e
  WHERE e.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
    AND e.role IN (SELECT role FROM wanted)
  GROUP BY e.caller_id, e.callee_id
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
