CREATE VIEW run_function_name (
  -- The footprint of each role of each run, with names.

  -- The run.
  run_id,
  -- The run's runtime.
  runtime,
  -- The run's workload.
  workload,
  -- The run's label; NULL when none.
  label,
  -- Which repeat.
  repeat,
  -- The role.
  role,
  -- The function.
  function,
  -- The function's name without what a compiler appends.
  canonical,
  -- The function's module on the run's kernel; empty when built in or not known.
  module,
  -- The system call that the function is the entry of; NULL for all others.
  syscall,
  -- How often tasks of the role entered it.
  calls,
  -- How many pids of the role entered it.
  pids,
  -- The first entry, nanoseconds of the run's clock; NULL when the source has no times.
  first_ns
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  run.label AS label,
  run.repeat AS repeat,
  run_function.role AS role,
  function.name AS function,
  function.canonical AS canonical,
  coalesce(kernel_function.module, '') AS module,
  function.syscall AS syscall,
  run_function.calls AS calls,
  run_function.pids AS pids,
  run_function.first_ns AS first_ns
FROM run_function
JOIN run ON run.run_id = run_function.run_id
JOIN condition ON condition.condition_id = run.condition_id
JOIN function ON function.function_id = run_function.function_id
LEFT JOIN kernel_function
  ON kernel_function.kernel_id = condition.kernel_id
  AND kernel_function.function_id = run_function.function_id;
