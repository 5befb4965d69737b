-- The functions with a value of a metric that one selection reached and another did not, the largest
-- value first. Of functions that several kernels value, the largest value is shown.
--
-- :a selection: the runs
-- :b selection: runs whose functions are left out
-- :name text: the metric
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of a selection must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run metric_functions --param a=runc --param b=runsc --param name=text_bytes
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
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
member AS (
  SELECT 'A' AS side, run_id, condition_id, runtime, workload, status
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
  UNION ALL
  SELECT 'B', run_id, condition_id, runtime, workload, status
  FROM run
  WHERE instr(:b, ',' || run_id || ',') > 0
),
kernels AS (
  SELECT DISTINCT c.kernel_id
  FROM member AS m
  JOIN condition AS c ON c.condition_id = m.condition_id
  WHERE m.side = 'A'
),
size AS (
  SELECT side, count(*) AS of_runs FROM member GROUP BY side
),
whole AS (
  -- Groups of which every run is chosen, if their roll-up keeps these roles.
  SELECT x.side, g.group_id, x.condition_id, x.runtime, x.workload, x.status, k.role
  FROM (
    SELECT side, condition_id, runtime, workload, status, count(*) AS runs
    FROM member
    GROUP BY side, condition_id, runtime, workload, status
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
counted AS (
  SELECT gf.function_id, w.side, gf.runs, gf.calls
  FROM whole AS w
  CROSS JOIN group_function AS gf ON gf.group_id = w.group_id AND gf.role = w.role
  UNION ALL
  SELECT rf.function_id, m.side, count(DISTINCT rf.run_id), sum(rf.calls)
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
    AND NOT EXISTS (
      SELECT 1
      FROM whole AS w
      WHERE w.side = m.side
        AND w.condition_id = m.condition_id
        AND w.runtime = m.runtime
        AND w.workload = m.workload
        AND w.status = m.status
    )
  GROUP BY rf.function_id, m.side
),
reached AS (
  SELECT x.function_id, x.side, sum(x.runs) AS runs, sum(x.calls) AS calls
  FROM counted AS x
  JOIN size AS s ON s.side = x.side
  GROUP BY x.function_id, x.side
  HAVING sum(x.runs) >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
),
other AS (
  SELECT function_id FROM reached WHERE side = 'B'
),
valued AS (
  SELECT kernel_id, function_id, value FROM metric WHERE name = :name
  UNION ALL
  SELECT kernel_id, function_id, 1e0 * text_bytes
  FROM kernel_function
  WHERE :name = 'text_bytes' AND text_bytes IS NOT NULL
),
answer AS (
  SELECT
    x.function_id,
    max(x.runs) AS runs,
    max(x.calls) AS calls,
    max(v.value) AS value
  FROM reached AS x
  CROSS JOIN kernels AS k
  JOIN valued AS v ON v.kernel_id = k.kernel_id AND v.function_id = x.function_id
  WHERE x.side = 'A'
    AND NOT EXISTS (SELECT 1 FROM other AS o WHERE o.function_id = x.function_id)
  GROUP BY x.function_id
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM answer AS x
  CROSS JOIN kernels AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS function,
  coalesce(p.module, '') AS module,
  f.syscall,
  x.value AS metric_value,
  x.runs,
  s.of_runs,
  x.calls
FROM answer AS x
JOIN size AS s ON s.side = 'A'
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
ORDER BY x.value DESC, f.name;
