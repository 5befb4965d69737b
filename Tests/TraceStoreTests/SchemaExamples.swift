/// The questions at the end of docs/schema.md.
enum SchemaExamples {
  struct Example: Sendable {
    let question: String
    let sql: String
  }

  static let all: [Example] = [
    Example(
      question: "What is in this file?",
      sql: """
        SELECT run_id, runtime, workload, repeat, status, functions, syscalls, calls
        FROM run_summary
        ORDER BY workload, runtime, repeat;
        """),
    Example(
      question:
        "Which kernel functions did runsc reach that runc did not, under the same workload?",
      sql: """
        SELECT function, module, runs, calls
        FROM group_function_name
        WHERE runtime = 'runsc' AND workload = 'redis-server' AND role = '(default)'
          AND function NOT IN (
            SELECT function
            FROM group_function_name
            WHERE runtime = 'runc' AND workload = 'redis-server' AND role = '(default)')
        ORDER BY function;
        """),
    Example(
      question: "Which system calls does the container need, with their numbers?",
      sql: """
        SELECT syscall, abi, number, sum(calls) AS calls
        FROM syscall_use
        WHERE runtime = 'runc' AND workload = 'redis-server' AND role NOT IN ('shim', 'runtime')
        GROUP BY syscall, abi, number
        ORDER BY calls DESC, syscall;
        """),
    Example(
      question: "Which functions did only some of the repeats reach?",
      sql: """
        SELECT runtime, workload, function, runs, of_runs
        FROM group_function_name
        WHERE role = '(default)' AND status = 'ok' AND runs < of_runs
        ORDER BY runtime, workload, runs, function;
        """),
    Example(
      question: "How large is each role's part of a footprint?",
      sql: """
        SELECT runtime, workload, run_id, role, count(*) AS functions, sum(calls) AS calls
        FROM run_function_name
        GROUP BY runtime, workload, run_id, role
        ORDER BY run_id, functions DESC;
        """),
    Example(
      question: "Which of a run's functions are entered most, and by how many tasks?",
      sql: """
        SELECT role, function, calls, pids
        FROM run_function_name
        WHERE run_id = 1
        ORDER BY calls DESC, function
        LIMIT 20;
        """),
    Example(
      question: "Who calls vfs_read?",
      sql: """
        SELECT runtime, caller, sum(calls) AS calls
        FROM edge_name
        WHERE callee = 'vfs_read'
        GROUP BY runtime, caller
        ORDER BY runtime, calls DESC, caller;
        """),
    Example(
      question: "How does a run's footprint grow, second by second?",
      sql: """
        SELECT second, sum(count(*)) OVER (ORDER BY second) AS functions
        FROM (
          SELECT (min(first_ns) - (SELECT min(first_ns) FROM run_function WHERE run_id = 1))
            / 1000000000 AS second
          FROM run_function
          WHERE run_id = 1 AND first_ns IS NOT NULL AND role NOT IN ('shim', 'runtime')
          GROUP BY function_id)
        GROUP BY second
        ORDER BY second;
        """),
    Example(
      question: "What did the filters remove, and why?",
      sql: """
        SELECT run_id, runtime, workload, reason, events, round(100 * share, 2) AS percent
        FROM dropped_share
        ORDER BY run_id, events DESC;
        """),
    Example(
      question: "What went wrong, and what is to be done about it?",
      sql: """
        SELECT run_id, runtime, workload, severity, name, sum(value) AS times, help
        FROM run_problem
        GROUP BY run_id, runtime, workload, severity, name, help
        ORDER BY run_id, times DESC;
        """),
  ]
}
