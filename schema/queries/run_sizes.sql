-- How much each run of a selection reached: a row for each run, the source of means and deviations.
--
-- :a selection = *: the runs
-- :roles roles = default: the roles that count
-- Nullable: label, lost
-- Example: tracequery run run_sizes --param a=runc,runsc
WITH member AS (
  SELECT run_id, condition_id, runtime, workload, label, lost
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
),
reached AS (
  SELECT rf.run_id, rf.function_id, sum(rf.calls) AS calls
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND instr(:roles, ',' || rf.role || ',') > 0
  GROUP BY rf.run_id, rf.function_id
)
SELECT
  m.run_id,
  m.runtime,
  m.workload,
  m.label,
  m.condition_id,
  count(x.function_id) AS functions,
  count(DISTINCT f.syscall) AS syscalls,
  coalesce(sum(x.calls), 0) AS calls,
  m.lost
FROM member AS m
LEFT JOIN reached AS x ON x.run_id = m.run_id
LEFT JOIN function AS f ON f.function_id = x.function_id
GROUP BY m.run_id, m.runtime, m.workload, m.label, m.condition_id, m.lost
ORDER BY m.workload, m.runtime, m.condition_id, m.run_id;
