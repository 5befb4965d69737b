-- Version 2: where and how a run was recorded that `collector` recorded itself.

CREATE TABLE run_environment (
  -- Where and how a run was recorded: one row for each run that `collector` recorded itself, none
  -- for imported recordings.

  -- The run.
  run_id INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  -- Version of the program that recorded it.
  collector_version TEXT NOT NULL CHECK (collector_version <> ''),
  -- CPUs that were online; NULL when not known.
  cpus INTEGER CHECK (cpus >= 1),
  -- Model of the CPUs, as the machine names it; NULL when not known.
  cpu_model TEXT,
  -- Memory of the machine, bytes; NULL when not known.
  memory_bytes INTEGER CHECK (memory_bytes >= 0),
  -- Program that ran the container: docker, podman; NULL without a container of ours (a command,
  -- or something that ran already).
  engine TEXT CHECK (engine <> ''),
  -- Version of that engine; NULL without one.
  engine_version TEXT,
  -- Image of the container, as it was named; NULL without one.
  image TEXT,
  -- Hash by which the engine knows the image; NULL without one.
  image_id TEXT,
  -- What was run or attached to without a container of ours: a JSON array of its words; NULL for
  -- workloads.
  command TEXT,
  -- Profile of the load that was offered: default, heavy; NULL without a load.
  load TEXT CHECK (load <> ''),
  -- Pause between two requests, nanoseconds; NULL without a load or pauses.
  interval_ns INTEGER CHECK (interval_ns >= 0),
  -- Wait between being ready to serve and the first request, nanoseconds; NULL without a load.
  settle_ns INTEGER CHECK (settle_ns >= 0),
  -- Requests (of run.requests) that failed; NULL without a load.
  failed_requests INTEGER CHECK (failed_requests >= 0),
  -- Median time of a request of the same load after tracing ended, nanoseconds; NULL when not
  -- measured.
  latency_untraced_ns INTEGER CHECK (latency_untraced_ns >= 0),
  -- Median time of a request of the same load while traced, nanoseconds; NULL when not measured.
  latency_traced_ns INTEGER CHECK (latency_traced_ns >= 0),
  -- Requests per second of the same load after tracing ended, of a load without pauses; NULL when
  -- not measured.
  throughput_untraced_per_s REAL CHECK (throughput_untraced_per_s >= 0),
  -- Requests per second of the same load while traced; NULL when not measured.
  throughput_traced_per_s REAL CHECK (throughput_traced_per_s >= 0),
  -- Size of the kernel's trace buffer for each CPU, kibibytes; NULL when not known.
  buffer_kb INTEGER CHECK (buffer_kb >= 1),
  -- How many recordings this run took: 2 when the first lost events and was repeated with larger
  -- buffers, which is the one that is stored.
  recordings INTEGER NOT NULL DEFAULT 1 CHECK (recordings >= 1),
  -- What the run's trace clock showed at run.started_ns, nanoseconds: what leads from its times to
  -- the time of day. NULL when not known.
  trace_start_ns INTEGER CHECK (trace_start_ns >= 0),
  -- CPU time that reading the buffers took, over all CPUs, nanoseconds; NULL when not known.
  reader_cpu_ns INTEGER CHECK (reader_cpu_ns >= 0)
) STRICT;
