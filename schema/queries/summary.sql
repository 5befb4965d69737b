-- A row for each runtime, workload and condition of a selection: how many runs, and how large their
-- footprint is, of all runs together and of the single ones. The sum of what was lost is NULL when
-- one of the runs does not know.
--
-- :a selection = *: the runs
-- :roles roles = default: the roles that count
-- Nullable: lost
-- Example: tracequery run summary --param a=runc,runsc
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
  SELECT run_id, condition_id, runtime, workload, status, lost
  FROM run
  WHERE instr(:a, ',' || run_id || ',') > 0
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
unkept AS (
  SELECT w.role FROM wanted AS w CROSS JOIN kept AS k WHERE k.role IS NULL
),
footprint AS (
  SELECT rs.run_id, rs.functions, rs.calls
  FROM run_size AS rs
  WHERE rs.run_id IN (SELECT run_id FROM member)
    AND rs.role IN (SELECT role FROM kept)
  UNION ALL
  SELECT rf.run_id, count(DISTINCT rf.function_id) AS functions, sum(rf.calls) AS calls
  FROM run_function AS rf
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND rf.role IN (SELECT role FROM unkept)
  GROUP BY rf.run_id
),
single AS (
  SELECT
    m.run_id,
    m.condition_id,
    m.runtime,
    m.workload,
    m.lost,
    coalesce(x.functions, 0) AS functions,
    coalesce(x.calls, 0) AS calls
  FROM member AS m
  LEFT JOIN footprint AS x ON x.run_id = m.run_id
),
kind AS (
  -- A number for each row of the answer: shorter to sort by than its names.
  SELECT condition_id, runtime, workload, min(run_id) AS kind_id
  FROM member
  GROUP BY condition_id, runtime, workload
),
averaged AS (
  SELECT
    condition_id,
    runtime,
    workload,
    min(run_id) AS kind_id,
    count(*) AS runs,
    1e0 * sum(functions) / count(*) AS functions_mean,
    min(functions) AS functions_min,
    max(functions) AS functions_max,
    sum(calls) AS calls,
    CASE WHEN count(lost) = count(*) THEN sum(lost) END AS lost
  FROM single
  GROUP BY condition_id, runtime, workload
),
whole AS (
  -- Rows of the answer that are one group with all of its runs, if its roll-up keeps these roles.
  SELECT g.group_id, x.kind_id, k.role
  FROM (
    SELECT
      condition_id,
      runtime,
      workload,
      max(status) AS status,
      min(run_id) AS kind_id,
      count(*) AS runs
    FROM member
    GROUP BY condition_id, runtime, workload
    HAVING min(status) = max(status)
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
sized AS (
  SELECT
    gf.group_id,
    count(*) AS functions,
    count(DISTINCT f.syscall) AS syscalls
  FROM group_function AS gf
  JOIN function AS f ON f.function_id = gf.function_id
  WHERE gf.group_id IN (SELECT group_id FROM whole)
    AND gf.role IN (SELECT role FROM kept)
  GROUP BY gf.group_id
),
together AS (
  SELECT DISTINCT k.kind_id, rf.function_id
  FROM member AS m
  JOIN kind AS k
    ON k.condition_id = m.condition_id AND k.runtime = m.runtime AND k.workload = m.workload
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
    AND NOT EXISTS (SELECT 1 FROM whole AS w WHERE w.kind_id = k.kind_id)
),
united AS (
  SELECT w.kind_id, x.functions, x.syscalls
  FROM sized AS x
  JOIN whole AS w ON w.group_id = x.group_id
  UNION ALL
  SELECT x.kind_id, count(*), count(DISTINCT f.syscall)
  FROM together AS x
  JOIN function AS f ON f.function_id = x.function_id
  GROUP BY x.kind_id
)
SELECT
  a.runtime,
  a.workload,
  a.condition_id,
  k.release AS kernel,
  c.tracer,
  a.runs,
  coalesce(u.functions, 0) AS functions,
  a.functions_mean,
  a.functions_min,
  a.functions_max,
  coalesce(u.syscalls, 0) AS syscalls,
  a.calls,
  a.lost
FROM averaged AS a
JOIN condition AS c ON c.condition_id = a.condition_id
JOIN kernel AS k ON k.kernel_id = c.kernel_id
LEFT JOIN united AS u ON u.kind_id = a.kind_id
ORDER BY a.workload, a.runtime, a.condition_id;
