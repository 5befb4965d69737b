-- The system calls that a selection entered, by the function that is their entry: what a seccomp
-- profile is made of. number is NULL where no table of numbers has the name, named is 1 where
-- that of some architecture does.
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- Nullable: abi, arch, number
-- Example: tracequery run seccomp_calls --param a=runc/redis-server
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
  SELECT r.run_id, k.machine
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  JOIN kernel AS k ON k.kernel_id = c.kernel_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
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
    rf.run_id,
    rf.calls
  FROM run_function AS rf
  JOIN member AS m ON m.run_id = rf.run_id
  JOIN function AS f ON f.function_id = rf.function_id
  WHERE rf.run_id IN (SELECT run_id FROM member)
    AND f.syscall IS NOT NULL
    AND rf.role IN (SELECT role FROM wanted)
),
counted AS (
  SELECT syscall, abi, arch, function, count(DISTINCT run_id) AS runs, sum(calls) AS calls
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
