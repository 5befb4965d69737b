-- Functions that one of several selections reached and another could not, or may not have been able
-- to: by canonical name, with the reason. A selection that merely did not reach a function has no row
-- for it. Selections are numbered as they were given, from 1.
--
-- :sets selections: up to 16 selections, separated by spaces
-- :roles roles = default: the roles that count
-- Example: tracequery run selection_gaps --param sets='runc+kernel:6.1 runc+kernel:6.12'
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
),
number AS (
  SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 UNION ALL SELECT 12
  UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15 UNION ALL SELECT 16
),
member AS (
  SELECT
    number.n, r.run_id, r.condition_id, c.kernel_id, r.runtime, r.workload, r.status
  FROM number
  CROSS JOIN run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:sets, ',' || number.n || ':') > 0
    AND instr(:sets, ',' || number.n || ':' || r.run_id || ',') > 0
),
place AS (
  SELECT DISTINCT n, kernel_id FROM member
),
kept AS (
  -- What the roll-ups call these roles; NULL when they do not keep the set.
  SELECT
    CASE
      WHEN count(*) = 8 THEN '(all)'
      WHEN count(*) = 6 AND count(*) FILTER (WHERE role IN ('shim', 'runtime')) = 0
        THEN '(default)'
      WHEN count(*) = 1 THEN max(role)
    END AS role
  FROM wanted
),
whole AS (
  -- Groups of which every run is chosen, if their roll-up keeps these roles.
  SELECT x.n, g.group_id, x.condition_id, x.runtime, x.workload, x.status, k.role
  FROM (
    SELECT n, condition_id, runtime, workload, status, count(*) AS runs
    FROM member
    GROUP BY n, condition_id, runtime, workload, status
  ) AS x
  JOIN (
    SELECT condition_id, runtime, workload, status, count(*) AS runs
    FROM run
    GROUP BY condition_id, runtime, workload, status
  ) AS y
    ON y.condition_id = x.condition_id
    AND y.runtime = x.runtime
    AND y.workload = x.workload
    AND y.status = x.status
    AND y.runs = x.runs
  JOIN run_group AS g
    ON g.condition_id = x.condition_id
    AND g.runtime = x.runtime
    AND g.workload = x.workload
    AND g.status = x.status
  CROSS JOIN kept AS k
  WHERE k.role IS NOT NULL
),
remaining AS (
  SELECT m.n, m.run_id
  FROM member AS m
  WHERE NOT EXISTS (
    SELECT 1
    FROM whole AS w
    WHERE w.n = m.n
      AND w.condition_id = m.condition_id
      AND w.runtime = m.runtime
      AND w.workload = m.workload
      AND w.status = m.status
  )
),
base AS (
  SELECT w.n, gf.function_id
  FROM whole AS w
  CROSS JOIN group_function AS gf ON gf.group_id = w.group_id AND gf.role = w.role
  UNION
  SELECT m.n, rf.function_id
  FROM remaining AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
),
reached AS (
  SELECT DISTINCT b.n, f.canonical AS name
  FROM base AS b
  JOIN function AS f ON f.function_id = b.function_id
),
complete AS (
  -- 1 when for every kernel of the selection it is known which functions it can trace.
  SELECT k.n, CASE WHEN count(l.kernel_id) = count(*) THEN 1 ELSE 0 END AS listed
  FROM place AS k
  LEFT JOIN (SELECT DISTINCT kernel_id FROM kernel_function WHERE traceable IS NOT NULL) AS l
    ON l.kernel_id = k.kernel_id
  GROUP BY k.n
),
known AS (
  -- What the kernels of the selection say of a name: 1 when one has it and does not deny tracing it.
  SELECT k.n, f.canonical AS name, max(coalesce(kf.traceable, 1)) AS traceable
  FROM kernel_function AS kf
  JOIN function AS f ON f.function_id = kf.function_id
  JOIN place AS k ON k.kernel_id = kf.kernel_id
  GROUP BY k.n, f.canonical
)
SELECT
  e.n AS selection,
  x.name AS function,
  CASE
    WHEN o.traceable = 0 THEN 'not traceable there'
    WHEN e.listed = 1 THEN 'not on that kernel'
    ELSE 'unknown there'
  END AS reason
FROM (SELECT DISTINCT name FROM reached) AS x
CROSS JOIN complete AS e
LEFT JOIN known AS o ON o.name = x.name AND o.n = e.n
WHERE NOT EXISTS (SELECT 1 FROM reached AS r WHERE r.n = e.n AND r.name = x.name)
  AND coalesce(o.traceable, 0) = 0
ORDER BY x.name, e.n;
