CREATE VIEW syscall_use (
  -- System calls that each role of each run executed, by their entry functions. Calls that the
  -- kernel never executed (refused by seccomp, or emulated under ptrace) are not here.

  -- The run.
  run_id,
  -- The run's runtime.
  runtime,
  -- The run's workload.
  workload,
  -- Role of the tasks.
  role,
  -- The system call, as seccomp profiles write it.
  syscall,
  -- native, or compat: by a 32-bit program.
  abi,
  -- Its number on the run's machine; NULL when not known.
  number,
  -- How often.
  calls
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  run_function.role AS role,
  function.syscall AS syscall,
  function.abi AS abi,
  syscall.number AS number,
  sum(run_function.calls) AS calls
FROM run_function
JOIN run ON run.run_id = run_function.run_id
JOIN condition ON condition.condition_id = run.condition_id
JOIN kernel ON kernel.kernel_id = condition.kernel_id
JOIN function ON function.function_id = run_function.function_id
LEFT JOIN syscall
  ON syscall.name = function.syscall
  AND syscall.arch = CASE
    WHEN kernel.machine = 'x86_64' AND function.abi = 'native' THEN 'x86_64'
    WHEN kernel.machine = 'x86_64' THEN 'i386'
    WHEN kernel.machine IN ('i386', 'i486', 'i586', 'i686') THEN 'i386'
    WHEN kernel.machine = 'aarch64' AND function.abi = 'native' THEN 'arm64'
  END
WHERE function.syscall IS NOT NULL
GROUP BY
  run.run_id, run.runtime, run.workload, run_function.role, function.syscall, function.abi,
  syscall.number;
