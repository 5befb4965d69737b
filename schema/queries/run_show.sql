-- Everything that is known of a run, a field a row: where it came from, what was dropped and why,
-- and how large the footprint of each role is. What a stat means, the query run_stats tells.
--
-- :a selection_any: the run, whatever its status
-- Nullable: value
-- Example: tracequery run run_show --param a=run:1
WITH chosen AS (
  SELECT r.*, c.tracer, c.method, c.filters, c.from_start, k.release, k.machine
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  JOIN kernel AS k ON k.kernel_id = c.kernel_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
),
field AS (
  SELECT run_id, 1 AS place, 'run' AS field, '' || run_id AS value FROM chosen
  UNION ALL SELECT run_id, 2, 'uuid', uuid FROM chosen
  UNION ALL SELECT run_id, 3, 'runtime', runtime FROM chosen
  UNION ALL SELECT run_id, 4, 'runtime_version', runtime_version FROM chosen
  UNION ALL SELECT run_id, 5, 'workload', workload FROM chosen
  UNION ALL SELECT run_id, 6, 'label', label FROM chosen
  UNION ALL SELECT run_id, 7, 'repeat', '' || repeat FROM chosen
  UNION ALL SELECT run_id, 8, 'host', host FROM chosen
  UNION ALL SELECT run_id, 9, 'kernel', release FROM chosen
  UNION ALL SELECT run_id, 10, 'machine', machine FROM chosen
  UNION ALL SELECT run_id, 11, 'tracer', tracer FROM chosen
  UNION ALL SELECT run_id, 12, 'method', method FROM chosen
  UNION ALL SELECT run_id, 13, 'filters', filters FROM chosen
  UNION ALL
  SELECT run_id, 14, 'from_start', CASE WHEN from_start = 1 THEN 'yes' ELSE 'no' END FROM chosen
  UNION ALL SELECT run_id, 15, 'clock', clock FROM chosen
  UNION ALL SELECT run_id, 16, 'started_ns', '' || started_ns FROM chosen
  UNION ALL SELECT run_id, 17, 'duration_ns', '' || duration_ns FROM chosen
  UNION ALL SELECT run_id, 18, 'requests', '' || requests FROM chosen
  UNION ALL SELECT run_id, 19, 'options', options FROM chosen
  UNION ALL SELECT run_id, 20, 'source', source FROM chosen
  UNION ALL SELECT run_id, 21, 'source_hash', source_hash FROM chosen
  UNION ALL SELECT run_id, 22, 'status', status FROM chosen
  UNION ALL SELECT run_id, 23, 'seen', '' || seen FROM chosen
  UNION ALL SELECT run_id, 24, 'kept', '' || kept FROM chosen
  UNION ALL
  SELECT d.run_id, 25, 'dropped ' || d.reason, '' || d.events
  FROM chosen AS r
  CROSS JOIN dropped AS d ON d.run_id = r.run_id
  UNION ALL SELECT run_id, 26, 'lost', coalesce('' || lost, 'unknown') FROM chosen
  UNION ALL
  SELECT p.run_id, 27, 'tasks ' || p.role, '' || count(*)
  FROM chosen AS r
  CROSS JOIN process AS p ON p.run_id = r.run_id
  GROUP BY p.run_id, p.role
  UNION ALL
  SELECT rf.run_id, 28, 'functions ' || rf.role, '' || count(*)
  FROM chosen AS r
  CROSS JOIN run_function AS rf ON rf.run_id = r.run_id
  GROUP BY rf.run_id, rf.role
  UNION ALL
  SELECT rs.run_id, 29, 'stat ' || rs.name, '' || sum(rs.value)
  FROM chosen AS r
  CROSS JOIN run_stat AS rs ON rs.run_id = r.run_id
  GROUP BY rs.run_id, rs.name
  HAVING sum(rs.value) <> 0
)
SELECT field, value
FROM field
ORDER BY run_id, place, field;
