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
  SELECT g.side, g.group_id, c.kernel_id, count(*) AS runs
  FROM chosen AS g
  JOIN condition AS c ON c.condition_id = g.condition_id
  JOIN run AS r
    ON r.condition_id = g.condition_id
    AND r.runtime = g.runtime
    AND r.workload = g.workload
    AND r.status = g.status
  GROUP BY g.side, g.group_id, c.kernel_id
),
size AS (
  SELECT side, sum(runs) AS of_runs FROM member GROUP BY side
),
reached AS (
  SELECT
    m.side,
    gf.function_id,
    sum(gf.runs) AS runs,
    max(s.of_runs) AS of_runs,
    sum(gf.calls) AS calls
  FROM member AS m
  CROSS JOIN group_function AS gf ON gf.group_id = m.group_id
  JOIN size AS s ON s.side = m.side
  WHERE gf.role = :role
  GROUP BY m.side, gf.function_id
  HAVING sum(gf.runs) >= CASE WHEN :at_least = 0 THEN max(s.of_runs) ELSE :at_least END
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
) AS counted;
