/// Where chains begin: at the functions by which a task comes into the kernel.
enum KernelEntries {
  /// Low-level entries that the tracers cannot see enter, and so have no observed caller: what the
  /// processor or the assembly around a system call, a fault or a new task jumps to. Names are
  /// those of x86 and arm64, of kernels 4.17 to 6.12 (arch/x86/entry, arch/arm64/kernel,
  /// kernel/entry).
  private static let names: Set<String> = [
    // System calls: dispatch, and the work before and after.
    "do_syscall_64", "x64_sys_call", "x32_sys_call", "ia32_sys_call", "do_int80_syscall_32",
    "do_int80_emulation", "do_fast_syscall_32", "__do_fast_syscall_32", "do_SYSENTER_32",
    "syscall_trace_enter", "syscall_enter_from_user_mode", "syscall_exit_to_user_mode",
    "syscall_exit_to_user_mode_prepare", "exit_to_user_mode_prepare", "exit_to_user_mode_loop",
    "do_notify_resume", "el0_svc", "do_el0_svc", "invoke_syscall",
    // Faults.
    "irqentry_enter", "irqentry_exit", "irqentry_exit_to_user_mode", "do_user_addr_fault",
    "do_mem_abort", "el0_da", "el0_ia",
    // A new task's first steps.
    "ret_from_fork", "ret_from_fork_asm", "schedule_tail", "kthread",
  ]

  /// Families of them: `asm_exc_page_fault`, `exc_page_fault`, `el0t_64_sync_handler`.
  private static let prefixes = ["asm_", "exc_", "entry_", "el0t_"]

  static func isEntry(_ name: String) -> Bool {
    let plain = name.split(separator: ".").first.map(String.init) ?? name
    return names.contains(plain) || prefixes.contains { plain.hasPrefix($0) }
  }

  /// Where chains begin, in order of preference: at system calls and known entries; only where none
  /// of these leads, at other functions without an observed caller. The latter are mostly functions
  /// that the tracer does not see entered (`notrace`, or inlined in part): what called them is
  /// not known.
  static func tiers(_ graph: CallGraph) -> [[Int]] {
    var known: [Int] = []
    var others: [Int] = []
    for function in 0..<graph.count {
      if graph.syscalls[function] != nil {
        known.append(function)
      } else if !graph.callers[function].contains(where: { $0.function != function }) {
        // A function that only calls itself has no way in: it is as if it had no caller.
        if isEntry(graph.names[function]) {
          known.append(function)
        } else {
          others.append(function)
        }
      }
    }
    return [known, others]
  }
}
