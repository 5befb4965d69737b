-- A row for each runtime, workload and condition of a selection: how many runs, and how large their
-- footprint is, of all runs together and of the single ones. The sum of what was lost is NULL when
-- one of the runs does not know.
--
-- :a selection = *: the runs
-- :roles roles = default: the roles that count
-- Nullable: lost
-- Example: tracequery run summary --param a=runc,runsc
WITH member AS (
  SELECT run_id, condition_id, runtime, workload, lost
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
),
reached AS (
  SELECT rf.run_id, rf.function_id, sum(rf.calls) AS calls
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND instr(:roles, ',' || rf.role || ',') > 0
  GROUP BY rf.run_id, rf.function_id
),
single AS (
  SELECT
    m.condition_id,
    m.runtime,
    m.workload,
    m.run_id,
    m.lost,
    count(x.function_id) AS functions,
    coalesce(sum(x.calls), 0) AS calls
  FROM member AS m
  LEFT JOIN reached AS x ON x.run_id = m.run_id
  GROUP BY m.condition_id, m.runtime, m.workload, m.run_id, m.lost
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
united AS (
  SELECT
    m.condition_id,
    m.runtime,
    m.workload,
    count(DISTINCT x.function_id) AS functions,
    count(DISTINCT f.syscall) AS syscalls
  FROM reached AS x
  JOIN member AS m ON m.run_id = x.run_id
  JOIN function AS f ON f.function_id = x.function_id
  GROUP BY m.condition_id, m.runtime, m.workload
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
