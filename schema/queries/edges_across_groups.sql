-- Who calls whom, by canonical name: every observed pair of caller and callee, over all runs of a
-- selection.
-- The answer of "edges_across" from the roll-ups of whole groups.
--
-- :a groups: the groups of runs
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- Nullable: caller_syscall, callee_syscall
-- Example: tracequery run edges_across_groups --param a=runc+kernel:6.1
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE :role = '(all)'
    OR role = :role
    OR (:role = '(default)' AND role NOT IN ('shim', 'runtime'))
),
chosen AS (
  SELECT group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
),
kept AS (
  SELECT
    g.condition_id, ge.caller_id, ge.callee_id, sum(ge.runs) AS runs, sum(ge.calls) AS calls
  FROM chosen AS g
  CROSS JOIN group_edge AS ge ON ge.group_id = g.group_id
  WHERE ge.role = :role
  GROUP BY ge.caller_id, ge.callee_id, g.condition_id
),
names AS (
  SELECT f.function_id, f.syscall, c.name_id, c.name
  FROM function AS f
  JOIN (
    SELECT canonical AS name, min(function_id) AS name_id FROM function GROUP BY canonical
  ) AS c ON c.name = f.canonical
),
named AS (
  -- Runs of one condition add up over the calls between two names only where there is one.
  SELECT
    f.name_id AS caller_id,
    t.name_id AS callee_id,
    k.condition_id,
    max(f.name) AS caller,
    max(f.syscall) AS caller_syscall,
    max(t.name) AS callee,
    max(t.syscall) AS callee_syscall,
    count(*) AS pairs,
    sum(k.runs) AS runs,
    sum(k.calls) AS calls
  FROM kept AS k
  CROSS JOIN names AS f ON f.function_id = k.caller_id
  CROSS JOIN names AS t ON t.function_id = k.callee_id
  GROUP BY f.name_id, t.name_id, k.condition_id
),
part AS (
  -- The groups of two names with several.
  SELECT s.caller_id, s.callee_id, g.group_id, count(*) AS pairs, max(ge.runs) AS runs
  FROM named AS s
  JOIN chosen AS g ON g.condition_id = s.condition_id
  JOIN names AS f ON f.name_id = s.caller_id
  JOIN names AS t ON t.name_id = s.callee_id
  CROSS JOIN group_edge AS ge
    ON ge.group_id = g.group_id
    AND ge.role = :role
    AND ge.caller_id = f.function_id
    AND ge.callee_id = t.function_id
  WHERE s.pairs > 1
  GROUP BY s.caller_id, s.callee_id, g.group_id
),
again AS (
  -- The runs of the groups in which there are several: counted one by one.
  SELECT p.caller_id, p.callee_id, count(DISTINCT e.run_id) AS runs
  FROM part AS p
  JOIN chosen AS g ON g.group_id = p.group_id
  JOIN names AS f ON f.name_id = p.caller_id
  JOIN names AS t ON t.name_id = p.callee_id
  CROSS JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
  CROSS JOIN wanted AS w
  CROSS JOIN edge AS e
    ON e.run_id = r.run_id
    AND e.role = w.role
    AND e.caller_id = f.function_id
    AND e.callee_id = t.function_id
  WHERE p.pairs > 1
  GROUP BY p.caller_id, p.callee_id
),
observed AS (
  SELECT
    max(caller) AS caller,
    max(caller_syscall) AS caller_syscall,
    max(callee) AS callee,
    max(callee_syscall) AS callee_syscall,
    sum(runs) AS runs,
    sum(calls) AS calls
  FROM (
    SELECT
      caller_id,
      callee_id,
      caller,
      caller_syscall,
      callee,
      callee_syscall,
      CASE WHEN pairs = 1 THEN runs ELSE 0 END AS runs,
      calls
    FROM named
    UNION ALL
    SELECT caller_id, callee_id, NULL, NULL, NULL, NULL, runs, 0 FROM part WHERE pairs = 1
    UNION ALL
    SELECT caller_id, callee_id, NULL, NULL, NULL, NULL, runs, 0 FROM again
  ) AS counted_apart
  GROUP BY caller_id, callee_id
)
SELECT caller, caller_syscall, callee, callee_syscall, runs, calls
FROM observed
ORDER BY caller, callee;
