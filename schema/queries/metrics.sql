-- The metrics that the kernels of a selection have: built-in ones and imported ones, with how many of
-- the functions that the warehouse knows of the kernel have a value, and the smallest and the largest.
--
-- :a selection = *: the runs
-- Nullable: value_min, value_max
-- Example: tracequery run metrics --param a=runc
WITH kernels AS (
  SELECT DISTINCT c.kernel_id
  FROM run AS r
  JOIN condition AS c ON c.condition_id = r.condition_id
  WHERE instr(:a, ',' || r.run_id || ',') > 0
),
known AS (
  SELECT
    kf.kernel_id,
    count(*) AS of_functions,
    count(kf.text_bytes) AS sized,
    min(kf.text_bytes) AS smallest,
    max(kf.text_bytes) AS largest,
    count(*) FILTER (WHERE kf.module <> '') AS in_modules,
    count(f.syscall) AS entries
  FROM kernel_function AS kf
  JOIN function AS f ON f.function_id = kf.function_id
  WHERE kf.kernel_id IN (SELECT kernel_id FROM kernels)
  GROUP BY kf.kernel_id
),
listed AS (
  SELECT
    kernel_id,
    'text_bytes' AS name,
    'built in' AS origin,
    sized AS functions,
    1e0 * smallest AS value_min,
    1e0 * largest AS value_max
  FROM known
  UNION ALL
  SELECT kernel_id, 'module', 'built in', in_modules, NULL, NULL FROM known
  UNION ALL
  SELECT kernel_id, 'syscall', 'built in', entries, NULL, NULL FROM known
  UNION ALL
  SELECT kernel_id, name, 'imported', count(*), min(value), max(value)
  FROM metric
  WHERE kernel_id IN (SELECT kernel_id FROM kernels)
  GROUP BY kernel_id, name
)
SELECT
  x.name AS metric,
  x.origin,
  k.release AS kernel,
  k.machine,
  x.functions AS functions_valued,
  n.of_functions AS functions_known,
  x.value_min,
  x.value_max
FROM listed AS x
JOIN kernel AS k ON k.kernel_id = x.kernel_id
JOIN known AS n ON n.kernel_id = x.kernel_id
ORDER BY k.release, k.machine, x.origin, x.name;
