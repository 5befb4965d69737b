@testable import Ftrace

/// Raw pages of the ring buffer, and the texts that say how to read them: decoding in the order of
/// time and in lanes, with and without threads, must count the same.
enum FuzzPages {
  private static let captures: String = {
    // …/Tests/FtraceTests/Fuzz/FuzzPages.swift
    let folders = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return folders.joined(separator: "/") + "/Fixtures/captures"
  }()

  /// The real event formats of two kernels, 6.12 and 6.1.
  private static let catalogs: [EventCatalog] = {
    ["crun-redis-k612", "runc-redis-server-2-mixed"].map { capture in
      do {
        return try EventCatalog(
          RecordingFiles.formatFiles(below: "\(captures)/\(capture)/events").map {
            try EventFormat(
              parsing: String(decoding: InputFile.open($0).readAll(), as: UTF8.self), from: $0)
          })
      } catch { fatalError("\(capture): \(error)") }
    }
  }()

  /// Byte 0: CPUs - 1 (two bits), 4: the older kernel, 8: pages of 512 bytes instead of 256,
  /// 16: what is dropped by default is, 32: threads.
  static func pages(_ input: [UInt8]) throws {
    guard let mode = input.first else { return }
    let rules = mode & 16 != 0 ? FilterRules() : FilterRules.none
    let layout = PageLayout.standard(pageSize: mode & 8 != 0 ? 512 : 256)
    let bytes = Array(input.dropFirst())
    // Whole pages for each CPU, and the rest for the last.
    let cpus = 1 + Int(mode & 3)
    let share = bytes.count / layout.pageSize / cpus * layout.pageSize
    let parts = (0..<cpus).map { cpu in
      Array(bytes[(cpu * share)..<(cpu == cpus - 1 ? bytes.count : (cpu + 1) * share)])
    }
    try compare(
      parts, catalogs[mode & 4 == 0 ? 0 : 1], layout, rules,
      threads: mode & 32 != 0 && FuzzTargets.takesThreads(input) ? [0, 3] : [0])
  }

  /// Texts of `header_page`, then of format files, then pages: parted by the byte 0x1e.
  static func formats(_ input: [UInt8]) throws {
    let parts = input.split(separator: 0x1e, maxSplits: 12, omittingEmptySubsequences: false)
    try FuzzMismatch.refusing {
      let texts = parts.map { String(decoding: $0, as: UTF8.self) }
      let layout = try PageLayout.parse(texts[0], from: "header_page")
      var formats: [EventFormat] = []
      for text in texts.dropFirst().dropLast() {
        formats.append(try EventFormat(parsing: text, from: "format"))
      }
      let catalog = try EventCatalog(formats)
      let pages = parts.count > 1 ? Array(parts[parts.count - 1]) : []
      try compare([pages], catalog, layout, FilterRules(), threads: [0])
      for size in [512, 4096, 65536] {
        try compare([pages], catalog, layout.resized(to: size, from: "pages"), .none, threads: [])
      }
    }
  }

  private static func compare(
    _ cpus: [[UInt8]], _ catalog: EventCatalog, _ layout: PageLayout, _ rules: FilterRules,
    threads: [Int]
  ) throws {
    func reader() -> RingBufferReader {
      RingBufferReader(
        catalog: catalog, layout: layout,
        sources: cpus.enumerated().map { ($0.offset, BytesStream($0.element, name: "pages")) })
    }
    func counter() -> CallCounter {
      CallCounter(rules: rules, tasks: TaskList(), resolver: FewNames())
    }
    var serial = reader()
    var expected = counter()
    try serial.decode(into: &expected)
    try FuzzMismatch.require(expected.tally().isBalanced, "the tally is not balanced")
    let inOrder = threads.isEmpty ? nil : Counted(expected)
    var first: Counted?
    for threads in threads {
      var lanes = reader()
      var found = counter()
      try lanes.count(into: &found, threads: threads)
      let what = "\(cpus.count) CPUs, \(threads) threads"
      let counted = Counted(found)
      if cpus.count == 1, let inOrder {
        try counted.requireEqual(inOrder, what)
      } else {
        // A task that runs on two CPUs at once, as in no kernel, may be told to fork, exec, call and
        // return in another order: lanes bring runs of it into the order of time, not single events.
        let (sums, others) = (Sums(found), Sums(expected))
        try FuzzMismatch.require(sums == others, "\(what): \(sums) instead of \(others)")
        try counted.requireEqual(first ?? counted, what)
      }
      first = counted
      try FuzzMismatch.require(lanes.records == serial.records, "\(what): records")
      try FuzzMismatch.require(lanes.pages == serial.pages, "\(what): pages")
      try FuzzMismatch.require(lanes.skipped == serial.skipped, "\(what): skipped")
    }
  }

  /// Names for any addresses, of every kind that is treated in its own way.
  private struct FewNames: FunctionResolver {
    private static let names = [
      "vfs_read", "schedule_tail", "irq_enter_rcu", "__irq_exit_rcu", "handle_softirqs",
      "__sysvec_reschedule_ipi", "asm_sysvec_reschedule_ipi", "idle_cpu", "irqentry_exit",
      "__x64_sys_read", "ring_buffer_lock_reserve", "__traceiter_sys_enter", "default_do_nmi",
      "__hrtimer_rearm_deferred", "tcp_ack.isra.0", "raw_irqentry_exit_cond_resched",
    ].map { FunctionName(name: $0) }

    func resolve(_ token: FunctionToken) -> FunctionName {
      Self.names[Int(truncatingIfNeeded: token ^ token >> 4 ^ token >> 12) & 15]
    }
  }

  /// What does not depend on the order of events.
  private struct Sums: Equatable {
    var seen: UInt64
    var problems: [CallCounter.ProblemKey: CallCounter.Problem]
    var lost: [UInt16: CallCounter.LostMarks]
    var syscalls: UInt64
    var switches: UInt64

    init(_ counter: CallCounter) {
      seen = counter.seen
      // Whether a call fits its task's stack is a matter of what came before.
      problems = counter.problems.filter { $0.key.problem != .stackMismatch }
      lost = counter.lostMarks
      (syscalls, switches) = (counter.syscallsEntered, counter.contextSwitches)
    }
  }
}
