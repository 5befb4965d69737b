-- The system calls that a selection entered, by the function that is their entry: what a seccomp
-- profile is made of. number is NULL where no table of numbers has the name, named is 1 where
-- that of some architecture does.
-- The answer of "seccomp_calls" from the roll-ups of whole groups.
--
-- :a groups: the groups of runs
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- Nullable: abi, arch, number
-- Example: tracequery run seccomp_calls_groups --param a=runc/redis-server
WITH chosen AS (
  SELECT group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
),
whole AS (
  -- Runtimes of which every workload is chosen: these are kept as a whole.
  SELECT x.condition_id, x.runtime, x.status
  FROM (
    SELECT condition_id, runtime, status, count(*) AS workloads
    FROM chosen
    GROUP BY condition_id, runtime, status
  ) AS x
  JOIN (
    SELECT condition_id, runtime, status, count(*) AS workloads
    FROM run_group
    GROUP BY condition_id, runtime, status
  ) AS y
    ON y.condition_id = x.condition_id
    AND y.runtime = x.runtime
    AND y.status = x.status
    AND y.workloads = x.workloads
),
kept AS (
  SELECT g.condition_id, gf.function_id, gf.runs, gf.calls
  FROM chosen AS g
  CROSS JOIN group_function AS gf ON gf.group_id = g.group_id
  WHERE gf.role = :role
    AND NOT EXISTS (
      SELECT 1
      FROM whole AS w
      WHERE w.condition_id = g.condition_id
        AND w.runtime = g.runtime
        AND w.status = g.status
    )
  UNION ALL
  SELECT w.condition_id, tf.function_id, tf.runs, tf.calls
  FROM whole AS w
  CROSS JOIN runtime_function AS tf
    ON tf.condition_id = w.condition_id AND tf.runtime = w.runtime AND tf.status = w.status
  WHERE tf.role = :role
),
entered AS (
  SELECT
    f.syscall,
    f.abi,
    f.name AS function,
    CASE
      WHEN m.machine = 'x86_64' AND f.abi = 'native' THEN 'x86_64'
      WHEN m.machine = 'x86_64' AND substr(f.name, 1, 13) = '__x64_compat_' THEN 'x86_64'
      WHEN m.machine = 'x86_64' AND substr(f.name, 1, 13) = '__x32_compat_' THEN 'x86_64'
      WHEN m.machine = 'x86_64' AND f.abi = 'compat' THEN 'i386'
      WHEN m.machine IN ('i386', 'i486', 'i586', 'i686') THEN 'i386'
      WHEN m.machine = 'aarch64' AND f.abi = 'native' THEN 'arm64'
    END AS arch,
    x.runs,
    x.calls
  FROM kept AS x
  JOIN condition AS c ON c.condition_id = x.condition_id
  JOIN kernel AS m ON m.kernel_id = c.kernel_id
  JOIN function AS f ON f.function_id = x.function_id
  WHERE f.syscall IS NOT NULL
),
counted AS (
  SELECT syscall, abi, arch, function, sum(runs) AS runs, sum(calls) AS calls
  FROM entered
  GROUP BY syscall, abi, arch, function
),
named AS (
  SELECT DISTINCT name FROM syscall
)
SELECT
  x.syscall,
  x.abi,
  x.arch,
  x.function,
  n.number,
  CASE WHEN d.name IS NULL THEN 0 ELSE 1 END AS named,
  x.runs,
  x.calls
FROM counted AS x
LEFT JOIN syscall AS n ON n.arch = x.arch AND n.name = x.syscall
LEFT JOIN named AS d ON d.name = x.syscall
ORDER BY x.syscall NULLS LAST, x.function NULLS LAST, x.arch NULLS LAST;
