CREATE VIEW edge_name (
  -- Who calls whom, with names.

  -- The run.
  run_id,
  -- The run's runtime.
  runtime,
  -- The run's workload.
  workload,
  -- Role of the tasks that made the call.
  role,
  -- The function that calls.
  caller,
  -- The function that is entered.
  callee,
  -- How often.
  calls
) AS
SELECT
  run.run_id AS run_id,
  run.runtime AS runtime,
  run.workload AS workload,
  edge.role AS role,
  caller.name AS caller,
  callee.name AS callee,
  edge.calls AS calls
FROM edge
JOIN run ON run.run_id = edge.run_id
JOIN function AS caller ON caller.function_id = edge.caller_id
JOIN function AS callee ON callee.function_id = edge.callee_id;
