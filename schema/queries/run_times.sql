-- When each run of a selection began and ended, nanoseconds of its clock: its first and last call
-- event of any role, and where the recording's own beginning and length are known, these. How many
-- single events it was recorded with.
--
-- :a selection: the runs
-- Nullable: first_ns, last_ns, trace_start_ns, duration_ns
-- Example: tracequery run run_times --param a=runc/redis-server
WITH member AS (
  SELECT run_id, duration_ns
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
),
reached AS (
  SELECT c.run_id, min(c.first_ns) AS first_ns, max(c.last_ns) AS last_ns
  FROM process_size AS c
  WHERE c.run_id IN (SELECT run_id FROM member)
  GROUP BY c.run_id
)
SELECT
  m.run_id,
  c.first_ns,
  c.last_ns,
  t.trace_start_ns,
  m.duration_ns,
  coalesce((SELECT max(e.sequence) + 1 FROM event AS e WHERE e.run_id = m.run_id), 0) AS events
FROM member AS m
LEFT JOIN reached AS c ON c.run_id = m.run_id
LEFT JOIN run_environment AS t ON t.run_id = m.run_id
ORDER BY m.run_id;
