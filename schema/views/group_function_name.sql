CREATE VIEW group_function_name (
  -- The footprints of runs that repeat one another, with names: what every repeat reached, and
  -- what only some did. Choose one role: (default), (all), or a single one.

  -- The group.
  group_id,
  -- The runs' runtime.
  runtime,
  -- The runs' workload.
  workload,
  -- The runs' kernel release.
  kernel,
  -- The runs' kernel tracer.
  tracer,
  -- The runs' method of filtering.
  method,
  -- The runs' status.
  status,
  -- The role, or the set of roles.
  role,
  -- The function.
  function,
  -- The function's module on that kernel; empty when built in or not known.
  module,
  -- The system call that the function is the entry of; NULL for all others.
  syscall,
  -- How many runs reached it.
  runs,
  -- How many runs the group has.
  of_runs,
  -- How often, over all of these runs.
  calls
) AS
SELECT
  run_group.group_id AS group_id,
  run_group.runtime AS runtime,
  run_group.workload AS workload,
  kernel.release AS kernel,
  condition.tracer AS tracer,
  condition.method AS method,
  run_group.status AS status,
  group_function.role AS role,
  function.name AS function,
  coalesce(kernel_function.module, '') AS module,
  function.syscall AS syscall,
  group_function.runs AS runs,
  (
    SELECT count(*)
    FROM run
    WHERE run.condition_id = run_group.condition_id
      AND run.runtime = run_group.runtime
      AND run.workload = run_group.workload
      AND run.status = run_group.status
  ) AS of_runs,
  group_function.calls AS calls
FROM group_function
JOIN run_group ON run_group.group_id = group_function.group_id
JOIN condition ON condition.condition_id = run_group.condition_id
JOIN kernel ON kernel.kernel_id = condition.kernel_id
JOIN function ON function.function_id = group_function.function_id
LEFT JOIN kernel_function
  ON kernel_function.kernel_id = condition.kernel_id
  AND kernel_function.function_id = group_function.function_id;
