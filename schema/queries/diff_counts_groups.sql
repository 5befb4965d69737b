-- How many functions each of two selections reached, and how many of these are the same.
-- The answer of "diff_counts" from the roll-up of whole groups.
--
-- :a groups: the groups of runs of side A
-- :b groups: the groups of runs of side B
-- :role role_set = default: the role that counts, or a set of roles that is kept for groups
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Example: tracequery run diff_counts_groups --param a=runc --param b=runsc
WITH chosen AS (
  SELECT 'A' AS side, group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:a, ',' || group_id || ',') > 0
  UNION ALL
  SELECT 'B', group_id, condition_id, runtime, workload, status
  FROM run_group
  WHERE instr(:b, ',' || group_id || ',') > 0
),
member AS (
  SELECT g.side, g.group_id, c.kernel_id, r.runs
  FROM (
    SELECT condition_id, runtime, workload, status, count(*) AS runs
    FROM run
    GROUP BY condition_id, runtime, workload, status
  ) AS r
  CROSS JOIN chosen AS g
    ON g.condition_id = r.condition_id
    AND g.runtime = r.runtime
    AND g.workload = r.workload
    AND g.status = r.status
  JOIN condition AS c ON c.condition_id = g.condition_id
),
size AS (
  SELECT side, sum(runs) AS of_runs FROM member GROUP BY side
),
counted AS (
  SELECT gf.function_id, m.side, sum(gf.runs) AS runs, sum(gf.calls) AS calls
  FROM member AS m
  CROSS JOIN group_function AS gf ON gf.group_id = m.group_id
  WHERE gf.role = :role
  GROUP BY gf.function_id, m.side
),
reached AS (
  SELECT x.side, x.function_id, x.runs, s.of_runs, x.calls
  FROM counted AS x
  JOIN size AS s ON s.side = x.side
  WHERE x.runs >= CASE WHEN :at_least = 0 THEN s.of_runs ELSE :at_least END
)
SELECT
  coalesce(sum(in_a), 0) AS a_functions,
  coalesce(sum(in_b), 0) AS b_functions,
  coalesce(sum(in_a * in_b), 0) AS common
FROM (
  SELECT
    count(*) FILTER (WHERE side = 'A') AS in_a,
    count(*) FILTER (WHERE side = 'B') AS in_b
  FROM reached
  GROUP BY function_id
) AS placed;
