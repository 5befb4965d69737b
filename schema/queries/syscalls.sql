-- The system calls that a selection entered, with their numbers: of i386 for those of 32-bit
-- programs on x86_64 (abi compat).
--
-- :a selection: the runs
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many of the runs must enter a system call; 0: all
-- Nullable: number, arch
-- Example: tracequery run syscalls --param a=runc/redis-server
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
    CASE
      WHEN m.machine = 'x86_64' AND f.abi = 'native' THEN 'x86_64'
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
  SELECT syscall, abi, arch, count(DISTINCT run_id) AS runs, sum(calls) AS calls
  FROM entered
  GROUP BY syscall, abi, arch
),
size AS (
  SELECT count(*) AS of_runs FROM member
)
SELECT x.syscall, n.number, x.abi, x.arch, x.runs, s.of_runs, x.calls
FROM counted AS x
CROSS JOIN size AS s
LEFT JOIN syscall AS n ON n.arch = x.arch AND n.name = x.syscall
WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
ORDER BY x.syscall NULLS LAST, x.abi DESC NULLS LAST, x.arch NULLS LAST;
