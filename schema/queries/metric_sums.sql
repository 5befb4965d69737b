-- A metric summed over footprints: a row for each runtime, workload and condition of a selection,
-- with how many of its functions have a value and the share of those that have none. The mean is of
-- the known ones. text_bytes, the bytes of machine code, is known of every function with a symbol.
--
-- :a selection: the runs
-- :name text: the metric
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many of a row's runs must reach a function; 0: all
-- Nullable: unknown_share, value_sum, value_mean
-- Example: tracequery run metric_sums --param a=runc,runsc --param name=text_bytes
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
  -- A row of the answer each, with a number that is shorter to sort by than its names.
  SELECT
    condition_id, kernel_id, runtime, workload, min(run_id) AS kind_id, count(*) AS of_runs
  FROM member
  GROUP BY condition_id, kernel_id, runtime, workload
),
counted AS (
  SELECT rf.function_id, s.kind_id, count(DISTINCT rf.run_id) AS runs
  FROM member AS m
  JOIN size AS s
    ON s.condition_id = m.condition_id AND s.runtime = m.runtime AND s.workload = m.workload
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY rf.function_id, s.kind_id
),
reached AS (
  SELECT s.condition_id, s.kernel_id, s.runtime, s.workload, x.function_id
  FROM counted AS x
  JOIN size AS s ON s.kind_id = x.kind_id
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
valued AS (
  SELECT kernel_id, function_id, value FROM metric WHERE name = :name
  UNION ALL
  SELECT kernel_id, function_id, 1e0 * text_bytes
  FROM kernel_function
  WHERE :name = 'text_bytes' AND text_bytes IS NOT NULL
),
summed AS (
  SELECT
    x.condition_id,
    x.runtime,
    x.workload,
    count(*) AS functions,
    count(v.value) AS known,
    sum(v.value) AS value_sum
  FROM reached AS x
  LEFT JOIN valued AS v ON v.kernel_id = x.kernel_id AND v.function_id = x.function_id
  GROUP BY x.condition_id, x.runtime, x.workload
)
SELECT
  s.runtime,
  s.workload,
  s.condition_id,
  k.release AS kernel,
  c.tracer,
  s.of_runs AS runs,
  coalesce(x.functions, 0) AS functions,
  coalesce(x.known, 0) AS known,
  1e0 * (x.functions - x.known) / x.functions AS unknown_share,
  x.value_sum,
  CASE WHEN x.known > 0 THEN 1e0 * x.value_sum / x.known END AS value_mean
FROM size AS s
JOIN condition AS c ON c.condition_id = s.condition_id
JOIN kernel AS k ON k.kernel_id = s.kernel_id
LEFT JOIN summed AS x
  ON x.condition_id = s.condition_id AND x.runtime = s.runtime AND x.workload = s.workload
ORDER BY s.workload, s.runtime, s.condition_id;
