/// The names by which events at the edges of interrupt context, where the context flags are not
/// yet or no longer set, and the work of tracing itself are told from the task's own: data, with a
/// reason for every entry. Flags decide first (``FilterRules``).
///
/// Names are compared without compiler suffixes. Measured on Debian's 6.1.192 and 6.12.117
/// (x86_64) where an entry does not say otherwise; the others follow from the kernel's sources.
struct FilterTable: Sendable {
  enum Verdict: Sendable, Equatable {
    case drop(Reason)
    /// The task's own, whoever called it: ends the search.
    case keep
  }

  /// What an entry's pattern is compared with.
  enum Subject: Sendable {
    case function
    case parent
    /// The root of a subtree of a graph trace; in flat traces the flags tell.
    case subtree
    /// A leaf of a graph trace right behind `irq_enter_rcu`, on its depth: what the entry code
    /// calls around an interrupt. Graph events have no parent, which tells it in flat traces.
    case sibling
    /// Where it is dropped in a flat trace, so is what it calls, though flags do not say so.
    case tail
  }

  struct Entry: Sendable {
    /// A name, or a beginning of names when it ends in `*`.
    var pattern: String
    var subject: Subject
    var verdict: Verdict
    var architecture: String
    /// Kernel releases in which the name exists; `…` is open.
    var kernels: String
    var why: String
  }

  static let entries: [Entry] = {
    let edge = { (pattern: String, arch: String, kernels: String, why: String) in
      Entry(
        pattern: pattern, subject: .function, verdict: .drop(.hardirq), architecture: arch,
        kernels: kernels, why: why)
    }
    let soft = { (pattern: String, arch: String, kernels: String, why: String) in
      Entry(
        pattern: pattern, subject: .function, verdict: .drop(.softirq), architecture: arch,
        kernels: kernels, why: why)
    }
    let own = { (pattern: String, why: String) in
      Entry(
        pattern: pattern, subject: .function, verdict: .keep, architecture: "any", kernels: "…",
        why: why)
    }
    let called = { (pattern: String, reason: Reason, arch: String, kernels: String, why: String) in
      Entry(
        pattern: pattern, subject: .parent, verdict: .drop(reason), architecture: arch,
        kernels: kernels, why: why)
    }
    let below = { (pattern: String, reason: Reason, arch: String, kernels: String, why: String) in
      Entry(
        pattern: pattern, subject: .subtree, verdict: .drop(reason), architecture: arch,
        kernels: kernels, why: why)
    }
    let beside = { (pattern: String, reason: Reason, why: String) in
      Entry(
        pattern: pattern, subject: .sibling, verdict: .drop(reason), architecture: "any",
        kernels: "…", why: why)
    }
    return [
      // Functions of the hard interrupt's entry and exit.
      edge("irq_enter_rcu", "any", "5.8…", "runs before it sets the hardirq count itself"),
      edge("irq_enter", "any", "…", "the same, where RCU must be told too"),
      edge("irq_exit_rcu", "any", "5.8…", "its end runs after the count was taken back"),
      edge("irq_exit", "any", "…", "the same, older kernels and other architectures"),
      edge("__irq_exit_rcu", "any", "5.8…", "body of the above where it is not inlined"),
      edge("tick_irq_enter", "any", "…", "restarts the idle tick before the interrupt's work"),
      edge("tick_irq_exit", "any", "…", "stops the tick again, after the count was taken back"),
      edge("tick_nohz_irq_exit", "any", "3.10…", "the same on its full-dynticks path"),
      // Functions that begin softirq work, before the softirq count is set.
      soft("do_softirq", "any", "…", "local_bh_enable found softirqs pending"),
      soft("__do_softirq", "any", "…6.9", "the body until handle_softirqs took its place"),
      soft("handle_softirqs", "any", "6.10…", "the body; also in stable 6.1 and 6.6"),
      soft("do_softirq_own_stack", "x86_64, arm64", "…", "switches to the softirq stack"),
      soft("____do_softirq", "arm64", "5.18…", "what runs on that stack"),
      soft("invoke_softirq", "any", "…", "at the exit of a hard interrupt"),
      soft("do_softirq_post_smp_call_flush", "any", "5.19…", "softirqs raised by a remote call"),
      // The task's own work on its way back to user space, though an interrupt's exit may call it.
      own("exit_to_user_mode*", "signals, reschedule and notifications before user mode"),
      own("irqentry_exit*", "the same, entered from an interrupt or exception"),
      own("raw_irqentry_exit*", "the same, with PREEMPT_DYNAMIC"),
      own("syscall_exit*", "the end of a system call"),
      own("preempt_schedule*", "the task is preempted: its own context switch"),
      own("schedule*", "the task gives up the CPU"),
      own("arch_do_signal*", "delivers a signal to the task"),
      own("task_work_run", "work queued for the task"),
      own("fpregs_*", "the task's floating point state"),
      own("switch_fpu*", "the task's floating point state"),
      // What the entry code calls directly: it cannot be traced itself and shows as the parent.
      called("__irq_exit_rcu", .hardirq, "any", "5.8…", "idle_cpu and others after the count"),
      called("irq_exit_rcu", .hardirq, "any", "5.8…", "the same, not inlined"),
      called(
        "irqentry_exit", .hardirq, "any", "7.2…", "the timer that the interrupt left to rearm"),
      called("irq_enter_rcu", .hardirq, "any", "5.8…", "before the count"),
      called("irq_exit", .hardirq, "any", "…", "the same, older kernels"),
      called("irq_enter", .hardirq, "any", "…", "the same, older kernels"),
      called("tick_irq_enter", .hardirq, "any", "…", "the idle tick around an interrupt"),
      called("tick_irq_exit", .hardirq, "any", "…", "the idle tick around an interrupt"),
      called("tick_nohz_irq_exit", .hardirq, "any", "3.10…", "the same, full dynticks"),
      called("sysvec_*", .hardirq, "x86_64", "5.8…", "entry of a system vector"),
      called("asm_sysvec_*", .hardirq, "x86_64", "5.8…", "its assembly"),
      called("fred_sysvec_*", .hardirq, "x86_64", "6.9…", "the same with FRED"),
      called("fred_extint", .hardirq, "x86_64", "6.9…", "a device's interrupt with FRED"),
      called("common_interrupt", .hardirq, "x86_64", "5.8…", "entry of a device's interrupt"),
      called("asm_common_interrupt", .hardirq, "x86_64", "5.8…", "its assembly"),
      called("spurious_interrupt", .hardirq, "x86_64", "5.8…", "an interrupt without a handler"),
      called("smp_*_interrupt", .hardirq, "x86_64", "…5.7", "entry of a system vector"),
      called("do_IRQ", .hardirq, "x86_64", "…5.7", "entry of a device's interrupt"),
      called("el1_interrupt", .hardirq, "arm64", "5.13…", "an interrupt taken in the kernel"),
      called("el0_interrupt", .hardirq, "arm64", "5.13…", "an interrupt taken in user mode"),
      called("do_softirq", .softirq, "any", "…", "__kthread_should_park before the body"),
      called("__do_softirq", .softirq, "any", "…6.9", "before and after the count is set"),
      called("handle_softirqs", .softirq, "any", "6.10…", "before and after the count is set"),
      called("do_softirq_own_stack", .softirq, "any", "…", "before the count is set"),
      called("____do_softirq", .softirq, "arm64", "5.18…", "before the count is set"),
      called("invoke_softirq", .softirq, "any", "…", "before the count is set"),
      called("do_softirq_post_smp_call_flush", .softirq, "any", "5.19…", "before the count is set"),
      // Roots of interrupt work in graph traces.
      below("__sysvec_*", .hardirq, "x86_64", "5.8…", "body of a system vector"),
      below("__common_interrupt", .hardirq, "x86_64", "5.8…", "body of a device's interrupt"),
      below("__spurious_interrupt", .hardirq, "x86_64", "5.8…", "an interrupt without a handler"),
      below("smp_*_interrupt", .hardirq, "x86_64", "…5.7", "body of a system vector"),
      below("do_IRQ", .hardirq, "x86_64", "…5.7", "body of a device's interrupt"),
      below("gic_handle_irq", .hardirq, "arm64", "…", "the interrupt controller's handler"),
      below("generic_handle_arch_irq", .hardirq, "arm64", "5.16…", "calls the handler"),
      below("generic_handle_domain_irq", .hardirq, "any", "5.14…", "one interrupt's handlers"),
      below("default_do_nmi", .nmi, "x86_64", "…", "body of an NMI"),
      below("nmi_handle", .nmi, "x86_64", "…", "the handlers of an NMI"),
      beside("__hrtimer_rearm_deferred", .hardirq, "the exit rearms the timer (7.2…)"),
      beside("idle_cpu", .hardirq, "the interrupt's exit asks whether the CPU was idle"),
      beside("__kthread_should_park", .hardirq, "the exit asks whether ksoftirqd may run"),
      Entry(
        pattern: "__hrtimer_rearm_deferred", subject: .tail, verdict: .drop(.hardirq),
        architecture: "any", kernels: "7.2…",
        why: "rearms the timer behind the count; the scheduler's own call of it is the task's"),
      // What tracing itself causes in the traced task.
      Entry(
        pattern: "__traceiter_*", subject: .function, verdict: .drop(.tracer), architecture: "any",
        kernels: "5.10…", why: "calls the probes of an enabled tracepoint"),
      called("__traceiter_*", .tracer, "any", "5.10…", "a probe of an enabled tracepoint"),
      called("trace_pid_list_*", .tracer, "any", "5.16…", "set_ftrace_pid and set_event_pid"),
      called("trace_find_filtered_pid", .tracer, "any", "4.4…", "looks a pid up in such a list"),
      called("trace_ignore_this_task", .tracer, "any", "4.4…", "decides by such a list"),
      called("trace_filter_add_remove_task", .tracer, "any", "4.12…", "function-fork follows"),
      called("ftrace_*_pid_sched_*", .tracer, "any", "4.16…", "keeps the pid filter by switch"),
      called("event_filter_pid_sched_*", .tracer, "any", "4.4…", "the same for events"),
      called("ring_buffer_*", .tracer, "any", "…", "writes an event"),
      called("trace_event_buffer_*", .tracer, "any", "…", "reserves and commits an event"),
      called("trace_event_raw_event_*", .tracer, "any", "…", "writes a tracepoint's event"),
      called("trace_buffered_event_*", .tracer, "any", "4.8…", "an event kept back by a filter"),
      called("tracing_record_*", .tracer, "any", "4.14…", "remembers comm and tgid"),
      called("trace_save_cmdline", .tracer, "any", "…", "remembers comm"),
      called("perf_trace_*", .tracer, "any", "…", "a tracepoint's event for perf"),
      called("irq_work_queue", .tracer, "any", "…", "wakes the reader of the trace"),
      called("arch_irq_work_raise", .tracer, "x86_64, arm64", "…", "wakes the reader of the trace"),
    ]
  }()

  private struct Patterns: Sendable {
    var exact: [String: Verdict] = [:]
    var wild: [(prefix: String, suffix: String, verdict: Verdict)] = []

    func verdict(_ name: String) -> Verdict? {
      exact[name]
        ?? wild.first { name.hasPrefix($0.prefix) && name.hasSuffix($0.suffix) }?.verdict
    }
  }

  private var patterns: [Subject: Patterns] = [:]

  static let shared = FilterTable()

  private init() {
    for entry in Self.entries {
      let parts = entry.pattern.split(separator: "*", omittingEmptySubsequences: false)
      if parts.count == 1 {
        patterns[entry.subject, default: Patterns()].exact[entry.pattern] = entry.verdict
      } else {
        patterns[entry.subject, default: Patterns()].wild.append(
          (String(parts[0]), String(parts[parts.count - 1]), entry.verdict))
      }
    }
  }

  /// The verdict on a canonical name as the given subject; nil when no entry speaks of it.
  func verdict(_ subject: Subject, _ name: String) -> Verdict? {
    patterns[subject]?.verdict(name)
  }
}
