-- What a selection reached, with what names a function across kernels: its name without what a
-- compiler appends, and the system call that it is the entry of.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many of the runs must reach a function; 0: all
-- Nullable: syscall, abi
-- Example: tracequery run footprint --param a=runc/redis-server
WITH wanted AS (
  SELECT role
  FROM (
    SELECT 'app' AS role UNION ALL SELECT 'shim' UNION ALL SELECT 'runtime'
    UNION ALL SELECT 'sandbox' UNION ALL SELECT 'gofer' UNION ALL SELECT 'stub'
    UNION ALL SELECT 'kthread' UNION ALL SELECT 'other'
  ) AS role_name
  WHERE instr(:roles, ',' || role || ',') > 0
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
member AS (
  SELECT r.run_id, r.condition_id, c.kernel_id, r.runtime, r.workload, r.status
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
),
size AS (
  SELECT count(*) AS of_runs FROM member
),
whole AS (
  -- Groups of which every run is chosen, if their roll-up keeps these roles.
  SELECT g.group_id, x.condition_id, x.runtime, x.workload, x.status, k.role
  FROM (
    SELECT condition_id, runtime, workload, status, count(*) AS runs
    FROM member
    GROUP BY condition_id, runtime, workload, status
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
  SELECT m.run_id
  FROM member AS m
  WHERE NOT EXISTS (
    SELECT 1
    FROM whole AS w
    WHERE w.condition_id = m.condition_id
      AND w.runtime = m.runtime
      AND w.workload = m.workload
      AND w.status = m.status
  )
),
counted AS (
  SELECT gf.function_id, gf.runs, gf.calls
  FROM whole AS w
  CROSS JOIN group_function AS gf ON gf.group_id = w.group_id AND gf.role = w.role
  UNION ALL
  SELECT rf.function_id, count(DISTINCT rf.run_id), sum(rf.calls)
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM remaining)
    AND rf.role IN (SELECT role FROM wanted)
  GROUP BY rf.function_id
),
reached AS (
  SELECT function_id, sum(runs) AS runs, sum(calls) AS calls FROM counted GROUP BY function_id
),
place AS (
  SELECT kf.function_id, max(kf.module) AS module
  FROM reached AS x
  CROSS JOIN (SELECT DISTINCT kernel_id FROM member) AS k
  CROSS JOIN kernel_function AS kf
    ON kf.kernel_id = k.kernel_id AND kf.function_id = x.function_id
  GROUP BY kf.function_id
)
SELECT
  f.name AS function,
  f.canonical,
  coalesce(p.module, '') AS module,
  f.syscall,
  f.abi,
  x.runs,
  s.of_runs,
  x.calls
FROM reached AS x
CROSS JOIN size AS s
JOIN function AS f ON f.function_id = x.function_id
LEFT JOIN place AS p ON p.function_id = x.function_id
WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
ORDER BY f.name;
