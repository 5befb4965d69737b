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
  SELECT r.run_id, r.condition_id, c.kernel_id, r.runtime, r.workload, r.status
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
kept AS (
  -- What the roll-ups call these roles; NULL when they do not keep the set.
  SELECT
    CASE
      WHEN count(*) = 8 THEN '(all)'
      WHEN count(*) = 6 AND count(*) FILTER (WHERE role IN ('shim', 'runtime')) = 0
        THEN '(default)'
      WHEN count(*) = 1 THEN max(role)
    END AS role
  FROM wanted
),
whole AS (
  -- Rows of the answer that are one group with all of its runs, if its roll-up keeps these roles.
  SELECT g.group_id, x.kind_id, k.role
  FROM (
    SELECT
      condition_id,
      runtime,
      workload,
      max(status) AS status,
      min(run_id) AS kind_id,
      count(*) AS runs
    FROM member
    GROUP BY condition_id, runtime, workload
    HAVING min(status) = max(status)
  ) AS x
  JOIN (
    SELECT condition_id, runtime, workload, status, count(*) AS runs
    FROM run
    GROUP BY condition_id, runtime, workload, status
  ) AS y
    ON y.condition_id = x.condition_id
    AND y.runtime = x.runtime
    AND y.workload = x.workload
    AND y.status = x.status
    AND y.runs = x.runs
  JOIN run_group AS g
    ON g.condition_id = x.condition_id
    AND g.runtime = x.runtime
    AND g.workload = x.workload
    AND g.status = x.status
  CROSS JOIN kept AS k
  WHERE k.role IS NOT NULL
),
reached AS (
  SELECT s.kind_id, s.kernel_id, gf.function_id
  FROM whole AS w
  JOIN size AS s ON s.kind_id = w.kind_id
  CROSS JOIN group_function AS gf ON gf.group_id = w.group_id AND gf.role = w.role
  WHERE gf.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
  UNION ALL
  SELECT s.kind_id, max(s.kernel_id), rf.function_id
  FROM member AS m
  JOIN size AS s
    ON s.condition_id = m.condition_id AND s.runtime = m.runtime AND s.workload = m.workload
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
    AND NOT EXISTS (SELECT 1 FROM whole AS w WHERE w.kind_id = s.kind_id)
  GROUP BY rf.function_id, s.kind_id
  HAVING count(DISTINCT rf.run_id)
    >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
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
    x.kind_id,
    count(*) AS functions,
    count(v.value) AS known,
    sum(v.value) AS value_sum
  FROM reached AS x
  LEFT JOIN valued AS v ON v.kernel_id = x.kernel_id AND v.function_id = x.function_id
  GROUP BY x.kind_id
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
LEFT JOIN summed AS x ON x.kind_id = s.kind_id
ORDER BY s.workload, s.runtime, s.condition_id;
