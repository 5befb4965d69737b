-- When each run of a selection first reached how many functions: a row for each time, the source of
-- curves of saturation. Times count from the run's first kept call of any role; runs without times
-- have no rows.
--
-- :a selection = *: the runs
-- :roles roles = default: the roles that count
-- Example: tracequery run function_arrivals --param a=runc/redis-server
WITH member AS (
  SELECT run_id, runtime, workload
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
),
origin AS (
  SELECT rf.run_id, min(rf.first_ns) AS start_ns
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM member)
  GROUP BY rf.run_id
),
finish AS (
  SELECT c.run_id, max(c.last_ns) AS end_ns
  FROM call AS c
  WHERE c.run_id IN (SELECT run_id FROM member)
  GROUP BY c.run_id
),
arrival AS (
  SELECT rf.run_id, rf.function_id, min(rf.first_ns) AS first_ns
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND rf.first_ns IS NOT NULL
    AND instr(:roles, ',' || rf.role || ',') > 0
  GROUP BY rf.run_id, rf.function_id
)
SELECT
  m.run_id,
  m.runtime,
  m.workload,
  x.first_ns - o.start_ns AS after_ns,
  count(*) AS functions,
  e.end_ns - o.start_ns AS window_ns
FROM arrival AS x
JOIN member AS m ON m.run_id = x.run_id
JOIN origin AS o ON o.run_id = x.run_id
JOIN finish AS e ON e.run_id = x.run_id
GROUP BY m.run_id, m.runtime, m.workload, x.first_ns - o.start_ns, e.end_ns - o.start_ns
ORDER BY m.run_id, x.first_ns - o.start_ns;
