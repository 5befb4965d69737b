-- Version 4: who calls whom in all runs of a group, so that questions about calls between functions
-- cost what the functions cost and not what the history costs.

CREATE TABLE group_edge (
  -- Roll-up of edge over the runs of a group. Kept with every run.

  -- The group.
  group_id INTEGER NOT NULL REFERENCES run_group ON DELETE CASCADE,
  -- A role, or a set of them, as in group_function.
  role TEXT NOT NULL CHECK (
    role IN (
      'app', 'shim', 'runtime', 'sandbox', 'gofer', 'stub', 'kthread', 'other', '(default)',
      '(all)')),
  -- The function that calls.
  caller_id INTEGER NOT NULL REFERENCES function (function_id),
  -- The function that is entered.
  callee_id INTEGER NOT NULL REFERENCES function (function_id),
  -- How many runs of the group have the call.
  runs INTEGER NOT NULL CHECK (runs >= 1),
  -- How often, over all of these runs.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  PRIMARY KEY (group_id, role, caller_id, callee_id)
) STRICT, WITHOUT ROWID;

INSERT INTO group_edge (group_id, role, caller_id, callee_id, runs, calls)
SELECT
  run_group.group_id, share.role, share.caller_id, share.callee_id, count(*), sum(share.calls)
FROM (
  SELECT run_id, role, caller_id, callee_id, calls FROM edge
  UNION ALL
  SELECT run_id, '(default)', caller_id, callee_id, sum(calls) FROM edge
  WHERE role NOT IN ('shim', 'runtime')
  GROUP BY run_id, caller_id, callee_id
  UNION ALL
  SELECT run_id, '(all)', caller_id, callee_id, sum(calls) FROM edge
  GROUP BY run_id, caller_id, callee_id
) AS share
JOIN run USING (run_id)
JOIN run_group USING (condition_id, runtime, workload, status)
GROUP BY run_group.group_id, share.role, share.caller_id, share.callee_id;
