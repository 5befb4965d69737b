-- Which call event of each run of a selection was the first one of each of its functions, counted
-- from 1 over the events of the roles. Only of runs that were recorded with their single events.
-- An event is of the role in which its task called the function at that time.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- Example: tracequery run first_events --param a=run:1
WITH numbered AS (
  SELECT
    e.run_id,
    e.function_id,
    row_number() OVER (PARTITION BY e.run_id ORDER BY e.sequence) AS nth
  FROM event AS e
  WHERE e.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
    AND EXISTS (
      SELECT 1
      FROM process AS p
      CROSS JOIN call AS c
        ON c.run_id = p.run_id AND c.pid = p.pid AND c.incarnation = p.incarnation
      WHERE p.run_id = e.run_id
        AND p.pid = e.pid
        AND instr(:roles, ',' || p.role || ',') > 0
        AND c.function_id = e.function_id
        AND (e.ts_ns IS NULL OR e.ts_ns BETWEEN c.first_ns AND c.last_ns)
    )
),
earliest AS (
  SELECT run_id, function_id, min(nth) AS first_event
  FROM numbered
  GROUP BY run_id, function_id
)
SELECT x.run_id, f.name AS function, x.first_event
FROM earliest AS x
JOIN function AS f ON f.function_id = x.function_id
ORDER BY x.run_id, f.name;
