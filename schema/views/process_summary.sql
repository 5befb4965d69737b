CREATE VIEW process_summary (
  -- The traced tasks of each run, and how much each of them reached.

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
  -- The thread group that it belongs to; NULL when not known.
  tgid,
  -- The pid of the task that forked it; NULL when not known.
  parent_pid,
  -- Command name; NULL when not known.
  comm,
  -- What it is to the runtime.
  role,
  -- Distinct functions that it entered.
  functions,
  -- Call events.
  calls,
  -- Its first call, nanoseconds of the run's clock; NULL when it made none or there are no times.
  first_ns,
  -- Its last call, nanoseconds of the run's clock; NULL when it made none or there are no times.
  last_ns
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  process.pid AS pid,
  process.incarnation AS incarnation,
  process.tgid AS tgid,
  process.parent_pid AS parent_pid,
  process.comm AS comm,
  process.role AS role,
  coalesce(process_size.functions, 0) AS functions,
  coalesce(process_size.calls, 0) AS calls,
  process_size.first_ns AS first_ns,
  process_size.last_ns AS last_ns
FROM process
JOIN run ON run.run_id = process.run_id
LEFT JOIN process_size
  ON process_size.run_id = process.run_id
  AND process_size.pid = process.pid
  AND process_size.incarnation = process.incarnation;
