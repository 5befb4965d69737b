CREATE VIEW run_problem (
  -- What went wrong with the recording or the import of each run, and what to do. What is merely
  -- worth knowing (severity info) is in run_stat.

  -- The run.
  run_id,
  -- The run's runtime.
  runtime,
  -- The run's workload.
  workload,
  -- notice, data_loss or error.
  severity,
  -- What happened.
  name,
  -- The CPU; NULL when it is counted once for the run, or the source does not tell the CPU.
  cpu,
  -- How often.
  value,
  -- Where first: a line's number in text, a byte's offset in other sources; NULL without place.
  position,
  -- recording or import.
  found,
  -- What it means and what to do.
  help
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  stat.severity AS severity,
  stat.name AS name,
  nullif(run_stat.cpu, -1) AS cpu,
  run_stat.value AS value,
  run_stat.position AS position,
  stat.found AS found,
  stat.help AS help
FROM run_stat
JOIN stat ON stat.name = run_stat.name
JOIN run ON run.run_id = run_stat.run_id
WHERE run_stat.value > 0 AND stat.severity <> 'info';
