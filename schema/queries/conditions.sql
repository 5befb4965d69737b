-- The conditions under which the runs of a selection were traced. Only runs of one condition can
-- be compared as they are.
--
-- :a selection_any = *: the runs, whatever their status
-- Example: tracequery run conditions --param a=runc
SELECT
  c.condition_id,
  k.release AS kernel,
  k.machine,
  c.tracer,
  c.method,
  c.filters,
  c.from_start,
  count(*) AS runs
FROM run AS r
JOIN condition AS c ON c.condition_id = r.condition_id
JOIN kernel AS k ON k.kernel_id = c.kernel_id
WHERE instr(:a, ',' || r.run_id || ',') > 0
GROUP BY
  c.condition_id, k.release, k.machine, c.tracer, c.method, c.filters, c.from_start
ORDER BY c.condition_id;
