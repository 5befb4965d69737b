-- Which runs of a selection reached which functions: a row for each pair, the source of what
-- repeats have in common and of what they have likely missed.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- Example: tracequery run incidence --param a=runc/redis-server
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
)
SELECT f.name AS function, rf.run_id
FROM run_function AS rf
JOIN function AS f ON f.function_id = rf.function_id
WHERE rf.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
  AND rf.role IN (SELECT role FROM wanted)
GROUP BY f.name, rf.run_id
ORDER BY f.name, rf.run_id;
