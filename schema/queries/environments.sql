-- Where and how runs were recorded, and what tracing cost them: `slowdown` is how many times longer
-- the median request took while traced. Imported recordings are not listed.
--
-- :a selection_any = *: the runs, whatever their status
-- Nullable: label, cpus, cpu_model, memory_bytes, engine, engine_version, image, image_id, command, load, interval_ns, settle_ns, requests, failed_requests, latency_untraced_ns, latency_traced_ns, slowdown, throughput_untraced_per_s, throughput_traced_per_s, buffer_kb, trace_start_ns, reader_cpu_ns
-- Example: tracequery run environments --param a=runsc
SELECT
  e.run_id,
  r.runtime,
  r.workload,
  r.label,
  e.collector_version,
  e.cpus,
  e.cpu_model,
  e.memory_bytes,
  e.engine,
  e.engine_version,
  e.image,
  e.image_id,
  e.command,
  e.load,
  e.interval_ns,
  e.settle_ns,
  r.requests,
  e.failed_requests,
  e.latency_untraced_ns,
  e.latency_traced_ns,
  CASE
    WHEN e.latency_untraced_ns > 0 THEN 1e0 * e.latency_traced_ns / e.latency_untraced_ns
  END AS slowdown,
  e.throughput_untraced_per_s,
  e.throughput_traced_per_s,
  e.buffer_kb,
  e.recordings,
  e.trace_start_ns,
  e.reader_cpu_ns
FROM run_environment AS e
JOIN run AS r ON r.run_id = e.run_id
WHERE e.run_id IN (SELECT run_id FROM run WHERE instr(:a, ',' || run_id || ',') > 0)
ORDER BY e.run_id;
