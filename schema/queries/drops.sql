-- Call events that the filters removed from each run of a selection, by reason.
--
-- :a selection_any = *: the runs, whatever their status
-- Example: tracequery run drops --param a=runc
SELECT
  r.run_id,
  r.runtime,
  r.workload,
  d.reason,
  d.events,
  1e0 * d.events / r.seen AS share
FROM run AS r
JOIN dropped AS d ON d.run_id = r.run_id
WHERE instr(:a, ',' || r.run_id || ',') > 0 AND d.events > 0
ORDER BY r.run_id, d.events DESC, d.reason;
