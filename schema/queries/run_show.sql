-- Everything that is known of a run, a field a row: where it came from, what was dropped and why,
-- and how large the footprint of each role is; of runs that were recorded here also on what and at
-- what cost. What a stat means, the query run_stats tells.
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
environment AS (
  SELECT e.*
  FROM chosen AS r
  JOIN run_environment AS e ON e.run_id = r.run_id
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
  UNION ALL SELECT run_id, 30, 'collector_version', collector_version FROM environment
  UNION ALL SELECT run_id, 31, 'cpus', '' || cpus FROM environment
  UNION ALL SELECT run_id, 32, 'cpu_model', cpu_model FROM environment
  UNION ALL SELECT run_id, 33, 'memory_bytes', '' || memory_bytes FROM environment
  UNION ALL SELECT run_id, 34, 'engine', engine FROM environment
  UNION ALL SELECT run_id, 35, 'engine_version', engine_version FROM environment
  UNION ALL SELECT run_id, 36, 'image', image FROM environment
  UNION ALL SELECT run_id, 37, 'image_id', image_id FROM environment
  UNION ALL SELECT run_id, 38, 'command', command FROM environment
  UNION ALL SELECT run_id, 39, 'load', load FROM environment
  UNION ALL SELECT run_id, 40, 'interval_ns', '' || interval_ns FROM environment
  UNION ALL SELECT run_id, 41, 'settle_ns', '' || settle_ns FROM environment
  UNION ALL SELECT run_id, 42, 'failed_requests', '' || failed_requests FROM environment
  UNION ALL SELECT run_id, 43, 'latency_untraced_ns', '' || latency_untraced_ns FROM environment
  UNION ALL SELECT run_id, 44, 'latency_traced_ns', '' || latency_traced_ns FROM environment
  UNION ALL
  SELECT run_id, 45, 'throughput_untraced_per_s', '' || CAST(throughput_untraced_per_s AS BIGINT)
  FROM environment
  UNION ALL
  SELECT run_id, 46, 'throughput_traced_per_s', '' || CAST(throughput_traced_per_s AS BIGINT)
  FROM environment
  UNION ALL SELECT run_id, 47, 'buffer_kb', '' || buffer_kb FROM environment
  UNION ALL SELECT run_id, 48, 'recordings', '' || recordings FROM environment
  UNION ALL SELECT run_id, 49, 'trace_start_ns', '' || trace_start_ns FROM environment
  UNION ALL SELECT run_id, 50, 'reader_cpu_ns', '' || reader_cpu_ns FROM environment
)
SELECT field, value
FROM field
WHERE place < 30 OR value IS NOT NULL
ORDER BY run_id, place, field;
