-- When each run of a selection first reached each of its functions, nanoseconds of the run's clock;
-- NULL when its source has no times.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- Nullable: first_ns
-- Example: tracequery run first_times --param a=runc/redis-server
SELECT
  rf.run_id,
  f.name AS function,
  CASE WHEN count(rf.first_ns) = count(*) THEN min(rf.first_ns) END AS first_ns
FROM run_function AS rf
JOIN function AS f ON f.function_id = rf.function_id
WHERE rf.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
  AND instr(:roles, ',' || rf.role || ',') > 0
GROUP BY rf.run_id, f.name
ORDER BY rf.run_id, f.name;
