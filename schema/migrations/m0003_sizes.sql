-- Version 3: roll-ups of sizes, and one level more above group_function, so that questions about
-- all runs of a runtime cost what one footprint costs.

CREATE TABLE process_size (
  -- Roll-up of call over functions: how much each task reached. Kept with the run. A task that
  -- made no call has no row.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- The task, with its incarnation.
  pid INTEGER NOT NULL,
  -- The life of that pid.
  incarnation INTEGER NOT NULL,
  -- Distinct functions that it entered.
  functions INTEGER NOT NULL CHECK (functions >= 1),
  -- How often it entered functions.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  -- Its first entry, nanoseconds of the run's clock; NULL when the source has no times.
  first_ns INTEGER,
  -- Its last entry, nanoseconds of the run's clock; NULL when the source has no times.
  last_ns INTEGER,
  PRIMARY KEY (run_id, pid, incarnation),
  FOREIGN KEY (run_id, pid, incarnation) REFERENCES process ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO process_size (run_id, pid, incarnation, functions, calls, first_ns, last_ns)
SELECT run_id, pid, incarnation, count(*), sum(calls), min(first_ns), max(last_ns)
FROM call
GROUP BY run_id, pid, incarnation;

CREATE TABLE run_size (
  -- Roll-up of run_function over functions: how much each run reached. Kept with the run. Roles
  -- that reached nothing have no row.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- A role, or a set of them, since functions do not add up over roles: (default) is every role
  -- but shim and runtime, (all) is every role.
  role TEXT NOT NULL CHECK (
    role IN (
      'app', 'shim', 'runtime', 'sandbox', 'gofer', 'stub', 'kthread', 'other', '(default)',
      '(all)')),
  -- Distinct functions reached.
  functions INTEGER NOT NULL CHECK (functions >= 1),
  -- Distinct system calls entered, by their names.
  syscalls INTEGER NOT NULL CHECK (syscalls >= 0),
  -- Call events.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  PRIMARY KEY (run_id, role)
) STRICT, WITHOUT ROWID;

INSERT INTO run_size (run_id, role, functions, syscalls, calls)
SELECT
  run_function.run_id,
  member.name,
  count(DISTINCT run_function.function_id),
  count(DISTINCT function.syscall),
  sum(run_function.calls)
FROM run_function
JOIN function ON function.function_id = run_function.function_id
JOIN (
  SELECT 'app' AS role, 'app' AS name UNION ALL SELECT 'shim', 'shim'
  UNION ALL SELECT 'runtime', 'runtime' UNION ALL SELECT 'sandbox', 'sandbox'
  UNION ALL SELECT 'gofer', 'gofer' UNION ALL SELECT 'stub', 'stub'
  UNION ALL SELECT 'kthread', 'kthread' UNION ALL SELECT 'other', 'other'
  UNION ALL SELECT 'app', '(default)' UNION ALL SELECT 'sandbox', '(default)'
  UNION ALL SELECT 'gofer', '(default)' UNION ALL SELECT 'stub', '(default)'
  UNION ALL SELECT 'kthread', '(default)' UNION ALL SELECT 'other', '(default)'
  UNION ALL SELECT 'app', '(all)' UNION ALL SELECT 'shim', '(all)'
  UNION ALL SELECT 'runtime', '(all)' UNION ALL SELECT 'sandbox', '(all)'
  UNION ALL SELECT 'gofer', '(all)' UNION ALL SELECT 'stub', '(all)'
  UNION ALL SELECT 'kthread', '(all)' UNION ALL SELECT 'other', '(all)'
) AS member ON member.role = run_function.role
GROUP BY run_function.run_id, member.name;

CREATE TABLE runtime_function (
  -- Roll-up of group_function over workloads: all runs of a runtime under one condition that have
  -- one status. Kept with every run.

  -- The condition.
  condition_id INTEGER NOT NULL REFERENCES condition,
  -- The runtime.
  runtime TEXT NOT NULL,
  -- The status of all of these runs.
  status TEXT NOT NULL CHECK (status IN ('ok', 'lossy', 'interrupted')),
  -- A role, or a set of them, as in group_function.
  role TEXT NOT NULL CHECK (
    role IN (
      'app', 'shim', 'runtime', 'sandbox', 'gofer', 'stub', 'kthread', 'other', '(default)',
      '(all)')),
  -- The function.
  function_id INTEGER NOT NULL REFERENCES function,
  -- How many of these runs reached it.
  runs INTEGER NOT NULL CHECK (runs >= 1),
  -- How often, over all of these runs.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  PRIMARY KEY (condition_id, runtime, status, role, function_id)
) STRICT, WITHOUT ROWID;

INSERT INTO runtime_function (condition_id, runtime, status, role, function_id, runs, calls)
SELECT
  run_group.condition_id,
  run_group.runtime,
  run_group.status,
  group_function.role,
  group_function.function_id,
  sum(group_function.runs),
  sum(group_function.calls)
FROM group_function
JOIN run_group ON run_group.group_id = group_function.group_id
GROUP BY
  run_group.condition_id, run_group.runtime, run_group.status, group_function.role,
  group_function.function_id;

-- How many runs a group has.
CREATE INDEX run_kind ON run (condition_id, runtime, workload, status);
