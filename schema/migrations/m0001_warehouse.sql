-- Version 1: the tables of a warehouse.
--
-- Comments inside the parentheses stay in the file: `.schema TABLE` shows them, and
-- docs/schema.md is made from them. The first block is about the table, every other one about the
-- column below it.

-- "KFPT" in ASCII: tells a warehouse from every other SQLite file.
PRAGMA application_id = 0x4B465054;

CREATE TABLE kernel (
  -- A kernel that runs were traced on.

  -- Its number in this file.
  kernel_id INTEGER PRIMARY KEY,
  -- Release, as `uname -r` prints it.
  release TEXT NOT NULL CHECK (release <> ''),
  -- Machine, as `uname -m` prints it: x86_64, aarch64.
  machine TEXT NOT NULL CHECK (machine <> ''),
  UNIQUE (release, machine)
) STRICT;

CREATE TABLE condition (
  -- What must be equal for two runs to be compared. Runs share one row.

  -- Its number in this file.
  condition_id INTEGER PRIMARY KEY,
  -- The kernel.
  kernel_id INTEGER NOT NULL REFERENCES kernel,
  -- Kernel tracer that recorded: function or function_graph.
  tracer TEXT NOT NULL CHECK (tracer <> ''),
  -- Method that decided what is dropped: the name of a set of filters.
  method TEXT NOT NULL CHECK (method <> ''),
  -- The filters that were on: names of reasons in alphabetical order, separated by commas.
  filters TEXT NOT NULL,
  -- 1 when tracing began before the container existed, 0 when it began once it served.
  from_start INTEGER NOT NULL CHECK (from_start IN (0, 1)),
  UNIQUE (kernel_id, tracer, method, filters, from_start)
) STRICT;

CREATE TABLE run (
  -- One execution of one workload under one runtime, traced.

  -- Its number in this file; another file may give it another one.
  run_id INTEGER PRIMARY KEY,
  -- Its name in every file: a random UUID in lower case.
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  -- What must be equal for it to be compared with others.
  condition_id INTEGER NOT NULL REFERENCES condition,
  -- What started the container: runc, crun, runsc, kata, native.
  runtime TEXT NOT NULL CHECK (runtime <> '' AND runtime NOT GLOB '*[^A-Za-z0-9._-]*'),
  -- Version that the runtime tells of itself; NULL when not known.
  runtime_version TEXT,
  -- The application and the load offered to it.
  workload TEXT NOT NULL CHECK (workload <> '' AND workload NOT GLOB '*[^A-Za-z0-9._-]*'),
  -- A name that the user gave to this run and others like it; NULL when none.
  label TEXT CHECK (label <> '' AND label NOT GLOB '*[^A-Za-z0-9._-]*'),
  -- Which repeat of the same experiment this is, from 1.
  repeat INTEGER NOT NULL CHECK (repeat >= 1),
  -- The machine that it ran on; NULL when not known.
  host TEXT,
  -- When recording began, nanoseconds since 1970-01-01 UTC; NULL when the source does not tell.
  started_ns INTEGER CHECK (started_ns >= 0),
  -- How long recording took, nanoseconds; NULL when the source does not tell.
  duration_ns INTEGER CHECK (duration_ns >= 0),
  -- Requests that the load sent; NULL when not known.
  requests INTEGER CHECK (requests >= 0),
  -- Everything else that was chosen, as a JSON object.
  options TEXT NOT NULL DEFAULT '{}',
  -- ok: complete. lossy: the kernel could not record some events, or may not have. interrupted:
  -- recording ended early.
  status TEXT NOT NULL CHECK (status IN ('ok', 'lossy', 'interrupted')),
  -- Call events that were read: kept and dropped ones.
  seen INTEGER NOT NULL CHECK (seen >= 0),
  -- Call events that no filter dropped: the sum of this run's call.calls.
  kept INTEGER NOT NULL CHECK (kept >= 0 AND kept <= seen),
  -- Events of every kind that the kernel says it could not record; NULL when it does not say.
  lost INTEGER CHECK (lost >= 0),
  -- The trace clock of all of this run's times, for instance mono or local; NULL when not known.
  clock TEXT,
  -- What was read: a file or folder as it was named then.
  source TEXT NOT NULL,
  -- Hash of the bytes read, in hexadecimal, with the part of them that was asked for.
  source_hash TEXT NOT NULL CHECK (source_hash <> '')
) STRICT;

-- Is this source in the file already?
CREATE INDEX run_source_hash ON run (source_hash);

CREATE TABLE function (
  -- A kernel function. Within one kernel a function is its name.

  -- Its number in this file.
  function_id INTEGER PRIMARY KEY,
  -- Name with its suffix, as the kernel's symbols have it; 0x… when the symbol is not known.
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  -- Name without what a compiler appends (.isra.0, .constprop.0, .part.0, .cold).
  canonical TEXT NOT NULL CHECK (canonical <> ''),
  -- The system call that it is the entry of; NULL for all other functions.
  syscall TEXT CHECK (syscall <> ''),
  -- Whose system call: native (the kernel's own), compat (32-bit programs on it); NULL without.
  abi TEXT CHECK (abi IN ('native', 'compat')),
  CHECK ((syscall IS NULL) = (abi IS NULL))
) STRICT;

CREATE TABLE kernel_function (
  -- What is known of a function on a kernel: the functions seen there, or all of its symbols.

  -- The kernel.
  kernel_id INTEGER NOT NULL REFERENCES kernel,
  -- The function.
  function_id INTEGER NOT NULL REFERENCES function,
  -- The module that it is in; empty when built in or not known.
  module TEXT NOT NULL DEFAULT '',
  -- 1 when this kernel can trace it, 0 when not; NULL when not known.
  traceable INTEGER CHECK (traceable IN (0, 1)),
  -- Bytes of machine code; NULL when not known.
  text_bytes INTEGER CHECK (text_bytes >= 0),
  -- How many symbols have this name: static functions of one name are counted as one function.
  symbols INTEGER NOT NULL DEFAULT 1 CHECK (symbols >= 1),
  PRIMARY KEY (kernel_id, function_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE process (
  -- A traced task (a thread) of a run, for as long as it has one role.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- The kernel's pid of the task: a thread's id. Below 0: a task whose pid the source never told.
  pid INTEGER NOT NULL,
  -- The pid's life within the run, from 0: rises when the pid is forked anew or its role changes.
  incarnation INTEGER NOT NULL CHECK (incarnation >= 0),
  -- The thread group that it belongs to, what user space calls the pid; NULL when not known.
  tgid INTEGER,
  -- The pid of the task that forked it; NULL when not known.
  parent_pid INTEGER,
  -- Command name, at most 15 bytes; NULL when not known.
  comm TEXT,
  -- What it is to the runtime: the application, the shim, the runtime itself (create and init), a
  -- sandbox's process, its file server, its stub for user code, a kernel thread, or not known.
  role TEXT NOT NULL CHECK (
    role IN ('app', 'shim', 'runtime', 'sandbox', 'gofer', 'stub', 'kthread', 'other')),
  PRIMARY KEY (run_id, pid, incarnation)
) STRICT, WITHOUT ROWID;

CREATE TABLE call (
  -- All call events of one function by one task: the facts that every answer comes from.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- The task, with its incarnation.
  pid INTEGER NOT NULL,
  -- The life of that pid.
  incarnation INTEGER NOT NULL,
  -- The function that was entered.
  function_id INTEGER NOT NULL REFERENCES function,
  -- How often it was entered.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  -- The first entry, nanoseconds of the run's clock; NULL when the source has no times.
  first_ns INTEGER,
  -- The last entry, nanoseconds of the run's clock; NULL when the source has no times.
  last_ns INTEGER,
  PRIMARY KEY (run_id, pid, incarnation, function_id),
  FOREIGN KEY (run_id, pid, incarnation) REFERENCES process ON DELETE CASCADE,
  CHECK ((first_ns IS NULL) = (last_ns IS NULL) AND (first_ns IS NULL OR first_ns <= last_ns))
) STRICT, WITHOUT ROWID;

CREATE TABLE edge (
  -- Who calls whom: kept call events whose caller the tracer told.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- Role of the tasks that made the call.
  role TEXT NOT NULL CHECK (
    role IN ('app', 'shim', 'runtime', 'sandbox', 'gofer', 'stub', 'kthread', 'other')),
  -- The function that calls.
  caller_id INTEGER NOT NULL REFERENCES function (function_id),
  -- The function that is entered.
  callee_id INTEGER NOT NULL REFERENCES function (function_id),
  -- How often.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  PRIMARY KEY (run_id, role, caller_id, callee_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE dropped (
  -- Call events that were seen and removed by a filter. run.seen = run.kept + the sum of these.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- Why: nmi, hardirq, softirq, tracer, foreign, misattributed, prestart.
  reason TEXT NOT NULL CHECK (reason <> ''),
  -- How many.
  events INTEGER NOT NULL CHECK (events >= 0),
  PRIMARY KEY (run_id, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric (
  -- A number that somebody gave to a function of a kernel: complexity, age, known CVEs.

  -- The kernel.
  kernel_id INTEGER NOT NULL REFERENCES kernel,
  -- The function.
  function_id INTEGER NOT NULL REFERENCES function,
  -- What is measured.
  name TEXT NOT NULL CHECK (name <> ''),
  -- The number, in the metric's own unit.
  value REAL NOT NULL,
  PRIMARY KEY (kernel_id, function_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE stat (
  -- The catalogue of everything that can go wrong with a recording or an import, or is worth
  -- knowing of it. The same in every warehouse.

  -- Its name.
  name TEXT PRIMARY KEY NOT NULL,
  -- info: nothing is wrong. notice: an answer may be narrower than it looks. data_loss: events
  -- are missing. error: the source is damaged or not understood in places.
  severity TEXT NOT NULL CHECK (severity IN ('info', 'notice', 'data_loss', 'error')),
  -- When it happens: while recording or while reading the recording.
  found TEXT NOT NULL CHECK (found IN ('recording', 'import')),
  -- 1 when it is counted for each CPU, 0 when once for a run.
  per_cpu INTEGER NOT NULL CHECK (per_cpu IN (0, 1)),
  -- What it means and what to do.
  help TEXT NOT NULL CHECK (help <> '')
) STRICT, WITHOUT ROWID;

CREATE TABLE run_stat (
  -- How often it happened to a run.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- What happened.
  name TEXT NOT NULL REFERENCES stat,
  -- The CPU; -1 when it is counted once for the run, or the source does not tell the CPU.
  cpu INTEGER NOT NULL CHECK (cpu >= -1),
  -- How often.
  value INTEGER NOT NULL,
  -- Where it happened first: a line's number in text, a byte's offset in other sources; NULL when
  -- it has no place.
  position INTEGER,
  PRIMARY KEY (run_id, name, cpu)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  -- Single call events that were kept, only of runs that were told to (--keep-events).

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- Place of the event among this run's, from 0, in the order of the source. It is the key
  -- because times may be equal or missing; and a run's events lie together, so that they are read
  -- and removed without touching those of others.
  sequence INTEGER NOT NULL CHECK (sequence >= 0),
  -- Nanoseconds of the run's clock; NULL when the source has no times.
  ts_ns INTEGER,
  -- The CPU that it happened on.
  cpu INTEGER NOT NULL CHECK (cpu >= 0),
  -- The task.
  pid INTEGER NOT NULL,
  -- The function that was entered.
  function_id INTEGER NOT NULL REFERENCES function,
  -- The function that called it; NULL when the tracer does not tell.
  caller_id INTEGER REFERENCES function (function_id),
  PRIMARY KEY (run_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_function (
  -- Roll-up of call over tasks: the footprint of each role of a run. Kept with the run.

  -- The run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  -- The role.
  role TEXT NOT NULL CHECK (
    role IN ('app', 'shim', 'runtime', 'sandbox', 'gofer', 'stub', 'kthread', 'other')),
  -- The function.
  function_id INTEGER NOT NULL REFERENCES function,
  -- How often tasks of the role entered it.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  -- How many pids of the role entered it.
  pids INTEGER NOT NULL CHECK (pids >= 1),
  -- The first entry, nanoseconds of the run's clock; NULL when the source has no times.
  first_ns INTEGER,
  PRIMARY KEY (run_id, role, function_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_group (
  -- Runs that repeat one another: same condition, runtime, workload and status.

  -- Its number in this file.
  group_id INTEGER PRIMARY KEY,
  -- The condition.
  condition_id INTEGER NOT NULL REFERENCES condition,
  -- The runtime.
  runtime TEXT NOT NULL,
  -- The workload.
  workload TEXT NOT NULL,
  -- The status of all of these runs.
  status TEXT NOT NULL CHECK (status IN ('ok', 'lossy', 'interrupted')),
  UNIQUE (condition_id, runtime, workload, status)
) STRICT;

CREATE TABLE group_function (
  -- Roll-up of run_function over the runs of a group. Kept with every run.

  -- The group.
  group_id INTEGER NOT NULL REFERENCES run_group ON DELETE CASCADE,
  -- A role, or a set of them, since runs do not add up over roles: (default) is every role but
  -- shim and runtime, (all) is every role.
  role TEXT NOT NULL CHECK (
    role IN (
      'app', 'shim', 'runtime', 'sandbox', 'gofer', 'stub', 'kthread', 'other', '(default)',
      '(all)')),
  -- The function.
  function_id INTEGER NOT NULL REFERENCES function,
  -- How many runs of the group reached it.
  runs INTEGER NOT NULL CHECK (runs >= 1),
  -- How often, over all of these runs.
  calls INTEGER NOT NULL CHECK (calls >= 1),
  PRIMARY KEY (group_id, role, function_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE syscall (
  -- System calls and their numbers. The same in every warehouse.

  -- Whose numbers: x86_64, i386 (also 32-bit programs on x86_64), arm64.
  arch TEXT NOT NULL CHECK (arch IN ('x86_64', 'i386', 'arm64')),
  -- The number that a program puts in the register.
  number INTEGER NOT NULL CHECK (number >= 0),
  -- The name, as seccomp profiles write it.
  name TEXT NOT NULL CHECK (name <> ''),
  PRIMARY KEY (arch, number),
  UNIQUE (arch, name)
) STRICT, WITHOUT ROWID;
