-- Which runs of a selection reached which functions: a row for each pair, the source of what
-- repeats have in common and of what they have likely missed.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- Example: tracequery run incidence --param a=runc/redis-server
SELECT f.name AS function, rf.run_id
FROM run_function AS rf
JOIN function AS f ON f.function_id = rf.function_id
WHERE rf.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
  AND instr(:roles, ',' || rf.role || ',') > 0
GROUP BY f.name, rf.run_id
ORDER BY f.name, rf.run_id;
