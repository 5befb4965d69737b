-- The modules of footprints: for each runtime, workload and condition of a selection, how many of its
-- functions are in which module. An empty module is the kernel itself, or not known.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many of a footprint's runs must reach a function; 0: all
-- Example: tracequery run metric_modules --param a=runc,runsc
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
),
member AS (
  SELECT r.run_id, r.condition_id, c.kernel_id, r.runtime, r.workload
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
),
size AS (
  SELECT condition_id, kernel_id, runtime, workload, count(*) AS of_runs
  FROM member
  GROUP BY condition_id, kernel_id, runtime, workload
),
reached AS (
  SELECT
    s.condition_id,
    s.kernel_id,
    s.runtime,
    s.workload,
    rf.function_id,
    sum(rf.calls) AS calls
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  JOIN size AS s
    ON s.condition_id = m.condition_id AND s.runtime = m.runtime AND s.workload = m.workload
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY s.condition_id, s.kernel_id, s.runtime, s.workload, rf.function_id
  HAVING count(DISTINCT rf.run_id)
    >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
),
counted AS (
  SELECT
    x.condition_id,
    x.runtime,
    x.workload,
    coalesce(kf.module, '') AS module,
    count(*) AS functions,
    sum(x.calls) AS calls
  FROM reached AS x
  LEFT JOIN kernel_function AS kf
    ON kf.kernel_id = x.kernel_id AND kf.function_id = x.function_id
  GROUP BY x.condition_id, x.runtime, x.workload, coalesce(kf.module, '')
),
total AS (
  SELECT condition_id, runtime, workload, count(*) AS functions
  FROM reached
  GROUP BY condition_id, runtime, workload
)
SELECT
  x.runtime,
  x.workload,
  x.condition_id,
  k.release AS kernel,
  c.tracer,
  x.module,
  x.functions,
  1e0 * x.functions / t.functions AS function_share,
  x.calls
FROM counted AS x
JOIN total AS t
  ON t.condition_id = x.condition_id AND t.runtime = x.runtime AND t.workload = x.workload
JOIN condition AS c ON c.condition_id = x.condition_id
JOIN kernel AS k ON k.kernel_id = c.kernel_id
ORDER BY x.workload, x.runtime, x.condition_id, x.functions DESC, x.module;
