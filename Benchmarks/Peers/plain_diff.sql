-- `tracequery diff runc runsc` as one would write it on the facts alone, without roll-ups.
WITH reached AS (
  SELECT r.runtime, c.function_id, count(DISTINCT c.run_id) AS runs, sum(c.calls) AS calls
  FROM call AS c
  JOIN process AS p
    ON p.run_id = c.run_id AND p.pid = c.pid AND p.incarnation = c.incarnation
  JOIN run AS r ON r.run_id = c.run_id
  WHERE r.runtime IN ('runc', 'runsc')
    AND r.status = 'ok'
    AND p.role NOT IN ('shim', 'runtime')
  GROUP BY r.runtime, c.function_id
)
SELECT max(x.runtime) AS side, f.name, max(x.runs) AS runs, max(x.calls) AS calls
FROM reached AS x
JOIN function AS f ON f.function_id = x.function_id
GROUP BY f.function_id, f.name
HAVING count(*) = 1
ORDER BY side, f.name;
