CREATE VIEW dropped_share (
  -- What filters removed of each run, and how much of it that is.

  -- The run.
  run_id,
  -- The run's runtime.
  runtime,
  -- The run's workload.
  workload,
  -- Why.
  reason,
  -- Call events removed for that reason.
  events,
  -- Their share of all call events seen, from 0 to 1; NULL for a run that saw none.
  share
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  dropped.reason AS reason,
  dropped.events AS events,
  1e0 * dropped.events / nullif(run.seen, 0) AS share
FROM dropped
JOIN run ON run.run_id = dropped.run_id;
