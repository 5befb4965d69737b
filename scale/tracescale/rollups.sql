-- The footprint of each run, by roles and by the two sets of them.
CREATE TEMPORARY VIEW footprint AS
SELECT run_id, role, function_id, calls FROM run_function
UNION ALL
SELECT run_id, '(default)', function_id, sum(calls) FROM run_function
WHERE role NOT IN ('shim', 'runtime') GROUP BY run_id, function_id
UNION ALL
SELECT run_id, '(all)', function_id, sum(calls) FROM run_function GROUP BY run_id, function_id;

-- The same of calls between functions.
CREATE TEMPORARY VIEW footprint_edge AS
SELECT run_id, role, caller_id, callee_id, calls FROM edge
UNION ALL
SELECT run_id, '(default)', caller_id, callee_id, sum(calls) FROM edge
WHERE role NOT IN ('shim', 'runtime') GROUP BY run_id, caller_id, callee_id
UNION ALL
SELECT run_id, '(all)', caller_id, callee_id, sum(calls) FROM edge
GROUP BY run_id, caller_id, callee_id;

CREATE TEMPORARY VIEW made_run_group AS
SELECT
  row_number() OVER (ORDER BY min(run_id)) AS group_id, condition_id, runtime, workload, status
FROM run
GROUP BY condition_id, runtime, workload, status;

CREATE TEMPORARY VIEW made_run_size AS
SELECT
  x.run_id, x.role, count(*) AS functions, count(DISTINCT f.syscall) AS syscalls,
  sum(x.calls) AS calls
FROM footprint AS x
JOIN function AS f ON f.function_id = x.function_id
GROUP BY x.run_id, x.role;

CREATE TEMPORARY VIEW made_group_function AS
SELECT g.group_id, x.role, x.function_id, count(*) AS runs, sum(x.calls) AS calls
FROM footprint AS x
JOIN run AS r ON r.run_id = x.run_id
JOIN run_group AS g
  ON g.condition_id = r.condition_id AND g.runtime = r.runtime AND g.workload = r.workload
  AND g.status = r.status
GROUP BY g.group_id, x.role, x.function_id;

CREATE TEMPORARY VIEW made_runtime_function AS
SELECT
  r.condition_id, r.runtime, r.status, x.role, x.function_id, count(*) AS runs,
  sum(x.calls) AS calls
FROM footprint AS x
JOIN run AS r ON r.run_id = x.run_id
GROUP BY r.condition_id, r.runtime, r.status, x.role, x.function_id;

CREATE TEMPORARY VIEW made_group_edge AS
SELECT g.group_id, x.role, x.caller_id, x.callee_id, count(*) AS runs, sum(x.calls) AS calls
FROM footprint_edge AS x
JOIN run AS r ON r.run_id = x.run_id
JOIN run_group AS g
  ON g.condition_id = r.condition_id AND g.runtime = r.runtime AND g.workload = r.workload
  AND g.status = r.status
GROUP BY g.group_id, x.role, x.caller_id, x.callee_id;
