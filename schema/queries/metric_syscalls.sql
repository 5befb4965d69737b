-- The system calls of footprints: for each runtime, workload and condition of a selection, the entry
-- functions of each system call, and in the row without a system call all other functions.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many of a footprint's runs must reach a function; 0: all
-- Nullable: syscall
-- Example: tracequery run metric_syscalls --param a=runc,runsc
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
  SELECT r.run_id, r.condition_id, c.kernel_id, r.runtime, r.workload, r.status
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
),
size AS (
  -- A row of the answer each, with a number that is shorter to sort by than its names.
  SELECT
    condition_id, kernel_id, runtime, workload, min(run_id) AS kind_id, count(*) AS of_runs
  FROM member
  GROUP BY condition_id, kernel_id, runtime, workload
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
reached AS (
  SELECT s.kind_id, s.kernel_id, gf.function_id, gf.calls
  FROM whole AS w
  JOIN size AS s ON s.kind_id = w.kind_id
  CROSS JOIN group_function AS gf ON gf.group_id = w.group_id AND gf.role = w.role
  WHERE gf.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
  UNION ALL
  SELECT s.kind_id, max(s.kernel_id), rf.function_id, sum(rf.calls)
  FROM member AS m
  JOIN size AS s
    ON s.condition_id = m.condition_id AND s.runtime = m.runtime AND s.workload = m.workload
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  WHERE rf.role IN (SELECT role FROM wanted)
    AND NOT EXISTS (SELECT 1 FROM whole AS w WHERE w.kind_id = s.kind_id)
  GROUP BY rf.function_id, s.kind_id
  HAVING count(DISTINCT rf.run_id)
    >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
),
counted AS (
  SELECT
    x.kind_id,
    f.syscall,
    count(*) AS functions,
    sum(x.calls) AS calls
  FROM reached AS x
  JOIN function AS f ON f.function_id = x.function_id
  GROUP BY x.kind_id, f.syscall
),
total AS (
  SELECT kind_id, count(*) AS functions FROM reached GROUP BY kind_id
)
SELECT
  s.runtime,
  s.workload,
  s.condition_id,
  k.release AS kernel,
  c.tracer,
  x.syscall,
  x.functions,
  1e0 * x.functions / t.functions AS function_share,
  x.calls
FROM counted AS x
JOIN total AS t ON t.kind_id = x.kind_id
JOIN size AS s ON s.kind_id = x.kind_id
JOIN condition AS c ON c.condition_id = s.condition_id
JOIN kernel AS k ON k.kernel_id = c.kernel_id
ORDER BY s.workload, s.runtime, s.condition_id, x.calls DESC, x.syscall NULLS LAST;
