-- How many functions each of two selections reached, and how many of these are the same.
-- Functions are compared by canonical name, across conditions.
--
-- :a selection: the runs of side A
-- :b selection: the runs of side B
-- :roles roles = default: the roles that count
-- :at_least integer = 1: how many runs of a side must reach a function; 0: all
-- Example: tracequery run diff_counts_across --param a=runc --param b=runsc
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
  SELECT side, count(*) AS of_runs FROM member GROUP BY side
),
names AS (
  SELECT f.function_id, c.name_id
  FROM function AS f
  JOIN (
    SELECT canonical AS name, min(function_id) AS name_id FROM function GROUP BY canonical
  ) AS c ON c.name = f.canonical
),
totals AS (
  SELECT
    x.name_id,
    m.side,
    count(DISTINCT rf.run_id) AS runs
  FROM member AS m
  CROSS JOIN run_function AS rf ON rf.run_id = m.run_id
  JOIN names AS x ON x.function_id = rf.function_id
  WHERE rf.role IN (SELECT role FROM wanted)
  GROUP BY x.name_id, m.side
),
reached AS (
  SELECT x.side, x.name_id
  FROM totals AS x
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
  GROUP BY name_id
) AS counted;
