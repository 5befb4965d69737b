-- How many runs of each of two selections reached a function, by canonical name, across conditions.
-- For each one that one side never reached, other_side says whether that side has no such function,
-- cannot trace it, or does not know; NULL where both reached it.
--
-- :a selection: the runs of side A
-- :b selection: the runs of side B
-- :roles roles = default: the roles that count
-- Nullable: syscall, other_side
-- Example: tracequery run diff_stable_across --param a=runc+kernel:6.1 --param b=runc+kernel:6.12
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
  SELECT
    count(*) FILTER (WHERE side = 'A') AS a_of_runs,
    count(*) FILTER (WHERE side = 'B') AS b_of_runs
  FROM member
),
names AS (
  SELECT f.function_id, f.syscall, c.name_id, c.name
  FROM function AS f
  JOIN (
    SELECT canonical AS name, min(function_id) AS name_id FROM function GROUP BY canonical
  ) AS c ON c.name = f.canonical
),
reached AS (
  SELECT
    x.name_id,
    m.side,
    max(x.name) AS name,
    max(x.syscall) AS syscall,
    count(DISTINCT rf.run_id) AS runs
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  JOIN names AS x ON x.function_id = rf.function_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY x.name_id, m.side
),
pair AS (
  SELECT
    max(name) AS name,
    max(syscall) AS syscall,
    coalesce(max(runs) FILTER (WHERE side = 'A'), 0) AS a_runs,
    coalesce(max(runs) FILTER (WHERE side = 'B'), 0) AS b_runs,
    -- The side that never reached it.
    CASE WHEN count(*) = 1 THEN CASE WHEN max(side) = 'A' THEN 'B' ELSE 'A' END END AS missing_side
  FROM reached
  GROUP BY name_id
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
  SELECT
    k.side,
    f.canonical AS name,
    max(coalesce(kf.traceable, 1)) AS traceable,
    max(kf.module) AS module
  FROM pair AS x
  JOIN function AS f ON f.canonical = x.name
  CROSS JOIN (SELECT DISTINCT side, kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = f.function_id
  GROUP BY k.side, f.canonical
),
place AS (
  SELECT k.name, max(k.module) AS module
  FROM known AS k
  JOIN pair AS x ON x.name = k.name
  WHERE x.missing_side IS NULL OR k.side <> x.missing_side
  GROUP BY k.name
)
SELECT
  x.name AS function,
  coalesce(p.module, '') AS module,
  x.syscall,
  x.a_runs,
  s.a_of_runs,
  x.b_runs,
  s.b_of_runs,
  CASE
    WHEN x.missing_side IS NULL THEN NULL
    WHEN o.traceable = 1 THEN 'not reached'
    WHEN o.traceable = 0 THEN 'not traceable there'
    WHEN e.listed = 1 THEN 'not on that kernel'
    ELSE 'unknown there'
  END AS other_side
FROM pair AS x
CROSS JOIN size AS s
LEFT JOIN complete AS e ON e.side = x.missing_side
LEFT JOIN known AS o ON o.name = x.name AND o.side = x.missing_side
LEFT JOIN place AS p ON p.name = x.name
ORDER BY x.name;
