-- The tasks of the runs of a selection, each with its footprint.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- Nullable: tgid, parent_pid, comm
-- Example: tracequery run processes --param a=run:1 --param roles=all
SELECT
  p.run_id,
  p.pid,
  p.incarnation,
  p.tgid,
  p.parent_pid,
  p.role,
  p.comm,
  coalesce(x.functions, 0) AS functions,
  coalesce(x.calls, 0) AS calls
FROM process AS p
LEFT JOIN process_size AS x
  ON x.run_id = p.run_id AND x.pid = p.pid AND x.incarnation = p.incarnation
WHERE p.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
  AND instr(:roles, ',' || p.role || ',') > 0
ORDER BY p.run_id, p.pid, p.incarnation;
