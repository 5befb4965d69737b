CREATE VIEW run_summary (
  -- One row a run: what it was, and how much it reached. Functions, syscalls, calls and processes
  -- are of the default roles: every role but shim and runtime, whose background work is not the
  -- container's.

  -- The run's number in this file.
  run_id,
  -- What started the container.
  runtime,
  -- The application and its load.
  workload,
  -- The user's name for runs like this; NULL when none.
  label,
  -- Which repeat of the experiment.
  repeat,
  -- ok, lossy or interrupted.
  status,
  -- Distinct kernel functions reached.
  functions,
  -- Distinct system calls executed.
  syscalls,
  -- Call events.
  calls,
  -- Traced tasks (threads).
  processes,
  -- Call events read, of every role.
  seen,
  -- Call events that no filter dropped, of every role.
  kept,
  -- Call events that filters dropped.
  dropped,
  -- Events of every kind that the kernel could not record; NULL when it does not say.
  lost,
  -- When recording began, UTC; NULL when not known.
  started,
  -- How long recording took, seconds; NULL when not known.
  duration_s,
  -- Requests that the load sent; NULL when not known.
  requests,
  -- Version of the runtime; NULL when not known.
  runtime_version,
  -- Kernel release.
  kernel,
  -- Kernel's machine.
  machine,
  -- Kernel tracer.
  tracer,
  -- Method of filtering.
  method,
  -- The filters that were on.
  filters,
  -- 1 when traced from before the container existed.
  from_start,
  -- The machine that it ran on; NULL when not known.
  host,
  -- What was read.
  source,
  -- The run's name in every file.
  uuid
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  run.label AS label,
  run.repeat AS repeat,
  run.status AS status,
  coalesce(run_size.functions, 0) AS functions,
  coalesce(run_size.syscalls, 0) AS syscalls,
  coalesce(run_size.calls, 0) AS calls,
  (
    SELECT count(DISTINCT pid)
    FROM process
    WHERE run_id = run.run_id AND role NOT IN ('shim', 'runtime')
  ) AS processes,
  run.seen AS seen,
  run.kept AS kept,
  run.seen - run.kept AS dropped,
  run.lost AS lost,
  strftime('%Y-%m-%dT%H:%M:%SZ', run.started_ns / 1000000000, 'unixepoch') AS started,
  1e0 * run.duration_ns / 1000000000 AS duration_s,
  run.requests AS requests,
  run.runtime_version AS runtime_version,
  kernel.release AS kernel,
  kernel.machine AS machine,
  condition.tracer AS tracer,
  condition.method AS method,
  condition.filters AS filters,
  condition.from_start AS from_start,
  run.host AS host,
  run.source AS source,
  run.uuid AS uuid
FROM run
JOIN condition USING (condition_id)
JOIN kernel USING (kernel_id)
LEFT JOIN run_size ON run_size.run_id = run.run_id AND run_size.role = '(default)';
