CREATE VIEW call_name (
  -- Every call with its names: which task of which run entered which function, how often, when.

  -- The run.
  run_id,
  -- The run's runtime.
  runtime,
  -- The run's workload.
  workload,
  -- The task.
  pid,
  -- The life of that pid within the run.
  incarnation,
  -- The task's command name; NULL when not known.
  comm,
  -- What the task is to the runtime.
  role,
  -- The function.
  function,
  -- The function's module on the run's kernel; empty when built in or not known.
  module,
  -- The system call that the function is the entry of; NULL for all others.
  syscall,
  -- How often it was entered.
  calls,
  -- The first entry, nanoseconds of the run's clock; NULL when the source has no times.
  first_ns,
  -- The last entry, nanoseconds of the run's clock; NULL when the source has no times.
  last_ns
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  call.pid AS pid,
  call.incarnation AS incarnation,
  process.comm AS comm,
  process.role AS role,
  function.name AS function,
  coalesce(kernel_function.module, '') AS module,
  function.syscall AS syscall,
  call.calls AS calls,
  call.first_ns AS first_ns,
  call.last_ns AS last_ns
FROM call
JOIN run ON run.run_id = call.run_id
JOIN condition ON condition.condition_id = run.condition_id
JOIN process
  ON process.run_id = call.run_id
  AND process.pid = call.pid
  AND process.incarnation = call.incarnation
JOIN function ON function.function_id = call.function_id
LEFT JOIN kernel_function
  ON kernel_function.kernel_id = condition.kernel_id
  AND kernel_function.function_id = call.function_id;
