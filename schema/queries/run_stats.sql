-- What was counted while runs were recorded and read, worst first, with what it means.
--
-- :a selection_any = *: the runs, whatever their status
-- Nullable: position
-- Example: tracequery run run_stats --param a=run:1
SELECT rs.run_id, rs.name, s.severity, s.found, rs.cpu, rs.value, rs.position, s.help
FROM run_stat AS rs
JOIN stat AS s ON s.name = rs.name
WHERE rs.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
  AND rs.value <> 0
ORDER BY
  rs.run_id,
  CASE s.severity WHEN 'error' THEN 0 WHEN 'data_loss' THEN 1 WHEN 'notice' THEN 2 ELSE 3 END,
  rs.name,
  rs.cpu;
