-- A row for each runtime, workload and condition of a selection: how many runs, and how large their
-- footprint is, of all runs together and of the single ones. The sum of what was lost is NULL when
-- one of the runs does not know.
--
-- :a selection = *: the runs
-- :roles roles = default: the roles that count
-- Nullable: lost
-- Example: tracequery run summary --param a=runc,runsc
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
  SELECT run_id, condition_id, runtime, workload, lost
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
),
footprint AS (
  SELECT rf.run_id, count(DISTINCT rf.function_id) AS functions, sum(rf.calls) AS calls
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND rf.role IN (SELECT role FROM wanted)
  GROUP BY rf.run_id
),
single AS (
  SELECT
    m.condition_id,
    m.runtime,
    m.workload,
    m.lost,
    coalesce(x.functions, 0) AS functions,
    coalesce(x.calls, 0) AS calls
  FROM member AS m
  LEFT JOIN footprint AS x ON x.run_id = m.run_id
),
kind AS (
  -- A number for each row of the answer: shorter to sort by than its names.
  SELECT condition_id, runtime, workload, min(run_id) AS kind_id
  FROM member
  GROUP BY condition_id, runtime, workload
),
averaged AS (
  SELECT
    condition_id,
    runtime,
    workload,
    count(*) AS runs,
    1e0 * sum(functions) / count(*) AS functions_mean,
    min(functions) AS functions_min,
    max(functions) AS functions_max,
    sum(calls) AS calls,
    CASE WHEN count(lost) = count(*) THEN sum(lost) END AS lost
  FROM single
  GROUP BY condition_id, runtime, workload
),
together AS (
  SELECT DISTINCT k.kind_id, rf.function_id
  FROM member AS m
  JOIN kind AS k
    ON k.condition_id = m.condition_id AND k.runtime = m.runtime AND k.workload = m.workload
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
),
united AS (
  SELECT
    k.condition_id,
    k.runtime,
    k.workload,
    count(*) AS functions,
    count(DISTINCT f.syscall) AS syscalls
  FROM together AS x
  JOIN kind AS k ON k.kind_id = x.kind_id
  JOIN function AS f ON f.function_id = x.function_id
  GROUP BY k.condition_id, k.runtime, k.workload
)
SELECT
  a.runtime,
  a.workload,
  a.condition_id,
  k.release AS kernel,
  c.tracer,
  a.runs,
  coalesce(u.functions, 0) AS functions,
  a.functions_mean,
  a.functions_min,
  a.functions_max,
  coalesce(u.syscalls, 0) AS syscalls,
  a.calls,
  a.lost
FROM averaged AS a
JOIN condition AS c ON c.condition_id = a.condition_id
JOIN kernel AS k ON k.kernel_id = c.kernel_id
LEFT JOIN united AS u
  ON u.condition_id = a.condition_id AND u.runtime = a.runtime AND u.workload = a.workload
ORDER BY a.workload, a.runtime, a.condition_id;
