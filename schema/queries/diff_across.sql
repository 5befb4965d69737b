-- The functions that one of two selections reached and the other did not, A's first.
-- Functions are compared by canonical name, across conditions. For each one the other side says
-- whether it did not reach it, has no such function, cannot trace it, or does not know.
--
-- :a selection: the runs of side A
-- :b selection: the runs of side B
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run diff_across --param a=runc+kernel:6.1 --param b=runc+kernel:6.12
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
),
member AS (
  SELECT 'A' AS side, r.run_id, c.kernel_id
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
  UNION ALL
  SELECT 'B', r.run_id, c.kernel_id
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:b, ',' || r.run_id || ',') > 0
),
size AS (
  SELECT side, count(*) AS of_runs FROM member GROUP BY side
),
names AS (
  SELECT f.function_id, f.syscall, c.name_id, c.name
  FROM function AS f
  JOIN (
    SELECT canonical AS name, min(function_id) AS name_id FROM function GROUP BY canonical
  ) AS c ON c.name = f.canonical
),
totals AS (
  SELECT
    x.name_id,
    m.side,
    max(x.name) AS name,
    max(x.syscall) AS syscall,
    count(DISTINCT rf.run_id) AS runs,
    sum(rf.calls) AS calls
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  JOIN names AS x ON x.function_id = rf.function_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY x.name_id, m.side
),
reached AS (
  SELECT x.side, x.name, x.syscall, x.runs, s.of_runs, x.calls
  FROM totals AS x
  JOIN size AS s ON s.side = x.side
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
),
one_sided AS (
  SELECT
    max(side) AS side,
    name,
    max(syscall) AS syscall,
    max(runs) AS runs,
    max(of_runs) AS of_runs,
    max(calls) AS calls
  FROM reached
  GROUP BY name
  HAVING count(*) = 1
),
complete AS (
  -- 1 when for every kernel of the side it is known which functions it can trace.
  SELECT k.side, CASE WHEN count(l.kernel_id) = count(*) THEN 1 ELSE 0 END AS listed
  FROM (SELECT DISTINCT side, kernel_id FROM member) AS k
  LEFT JOIN (SELECT DISTINCT kernel_id FROM kernel_function WHERE traceable IS NOT NULL) AS l
    ON l.kernel_id = k.kernel_id
  GROUP BY k.side
),
known AS (
  -- What the kernels of the side say of a name: 1 when one has it and does not deny tracing it.
  SELECT k.side, f.canonical AS name, max(coalesce(kf.traceable, 1)) AS traceable
  FROM one_sided AS x
  JOIN function AS f ON f.canonical = x.name
  CROSS JOIN (SELECT DISTINCT side, kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = f.function_id
  GROUP BY k.side, f.canonical
),
place AS (
  SELECT k.side, f.canonical AS name, max(kf.module) AS module
  FROM one_sided AS x
  JOIN function AS f ON f.canonical = x.name
  CROSS JOIN (SELECT DISTINCT side, kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = f.function_id
  GROUP BY k.side, f.canonical
)
SELECT
  x.side,
  x.name AS function,
  coalesce(p.module, '') AS module,
  x.syscall,
  x.runs,
  x.of_runs,
  x.calls,
  CASE
    WHEN o.traceable = 1 THEN 'not reached'
    WHEN o.traceable = 0 THEN 'not traceable there'
    WHEN e.listed = 1 THEN 'not on that kernel'
    ELSE 'unknown there'
  END AS other_side
FROM one_sided AS x
JOIN complete AS e ON e.side <> x.side
LEFT JOIN known AS o ON o.name = x.name AND o.side <> x.side
LEFT JOIN place AS p ON p.name = x.name AND p.side = x.side
ORDER BY x.side, x.name;
