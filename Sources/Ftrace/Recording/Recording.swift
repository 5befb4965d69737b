/// One recording, read: what was counted, and everything that is to be known of how.
public struct Recording: Sendable {
  /// What the warehouse's catalogue of stats knows beside ``ImportProblem``, by `rawValue`.
  public enum Note: String, CaseIterable, Hashable, Sendable {
    case lostOverrun = "lost_overrun"
    case lostCommitOverrun = "lost_commit_overrun"
    case lostDroppedEvents = "lost_dropped_events"
    case lostByPageMarks = "lost_by_page_marks"
    case lostMarksWithoutCount = "lost_marks_without_count"
    case lostByTextMarks = "lost_by_text_marks"
    case lostByTextHeader = "lost_by_text_header"
    case entriesMissing = "entries_missing"
    case unresolvedAddress = "unresolved_address"
    case kallsymsMissing = "kallsyms_missing"
    case noTaskList = "no_task_list"
    case unsupportedEventsSkipped = "unsupported_events_skipped"
    case tasksAdopted = "tasks_adopted"
    case syscallsEntered = "syscalls_entered"
    case depthLimitReached = "depth_limit_reached"
  }

  public struct NoteKey: Hashable, Sendable {
    public var note: Note
    public var cpu: Int?

    public init(_ note: Note, cpu: Int? = nil) {
      self.note = note
      self.cpu = cpu
    }
  }

  /// What kallsyms knows of a function.
  public struct SymbolFacts: Sendable, Equatable {
    public var textBytes: UInt64?
    public var symbols: Int
  }

  public var tally: Tally
  /// The kept events one by one, when they were asked for.
  public var events: KeptEvents?
  public var format = RecordingFiles.Format.raw
  public var isGraph = false
  public var kernelRelease: String?
  public var machine: String?
  public var clock: String?
  /// Nanoseconds from the first to the last call event, where there is time.
  public var span: UInt64?
  /// Events lost; nil when the source says that some were but not how many.
  public var lost: UInt64? = 0
  public var notes: [NoteKey: UInt64] = [:]
  public var problems: [CallCounter.ProblemKey: CallCounter.Problem] = [:]
  /// By index of ``Tally/functions``.
  public var facts: [SymbolFacts?] = []

  init(tally: Tally) {
    self.tally = tally
  }

  /// Whether the positions of problems are lines, not bytes.
  public var isText: Bool { format == .function || format == .functionGraph }

  public var tracer: String { isGraph ? "function_graph" : "function" }

  /// Whether any number of this recording may be too small.
  public var isLossy: Bool {
    lost != 0 || notes.contains { $0.key.note == .entriesMissing && $0.value > 0 }
      || problems.keys.contains { $0.problem.losesEvents }
  }

  mutating func note(_ note: Note, cpu: Int? = nil, _ value: UInt64) {
    if value > 0 { notes[NoteKey(note, cpu: cpu), default: 0] += value }
  }

  /// Losses: the CPU's stats where there are any, else the marks of the pages or the text; they
  /// count the same events and are never added. A mark without a number makes the loss unknown.
  mutating func countLosses(
    stats: [Int: CPUStats], marks: [UInt16: CallCounter.LostMarks], header: TextHeader?
  ) {
    var total: UInt64 = 0
    var isKnown = true
    for (cpu, stat) in stats where stat.tellsLosses {
      total &+= stat.lost
      note(.lostOverrun, cpu: cpu, stat.overrun ?? 0)
      note(.lostCommitOverrun, cpu: cpu, stat.commitOverrun ?? 0)
      note(.lostDroppedEvents, cpu: cpu, stat.droppedEvents ?? 0)
    }
    for (cpu, mark) in marks {
      note(header == nil ? .lostByPageMarks : .lostByTextMarks, cpu: Int(cpu), mark.events)
      note(.lostMarksWithoutCount, cpu: Int(cpu), mark.marksWithoutCount)
      if stats[Int(cpu)]?.tellsLosses == true { continue }
      total &+= mark.events
      if mark.marksWithoutCount > 0 { isKnown = false }
    }
    if let written = header?.entriesWritten, let inBuffer = header?.entriesInBuffer,
      written > inBuffer
    {
      note(.lostByTextHeader, written - inBuffer)
      if stats.isEmpty, marks.isEmpty { total &+= written - inBuffer }
    }
    lost = isKnown ? total : nil
  }

  /// Looks every function up in kallsyms.
  ///
  /// - Throws: ``RecordingReader/Refusal`` when kallsyms is of another boot.
  mutating func describe(_ symbols: SymbolTable?, from name: String) throws {
    note(.unresolvedAddress, UInt64(tally.functions.count { $0.name.isAddress }))
    guard let symbols else {
      note(.kallsymsMissing, 1)
      return
    }
    // Traced functions begin at their symbol, or up to 16 bytes behind it.
    let called = Set(tally.calls.keys.map(\.function))
    let inside = called.count { index in
      symbols.offset(of: tally.functions[index].token).map { $0 > 16 } ?? true
    }
    guard inside * 2 <= called.count else {
      throw RecordingReader.Refusal(
        description: "\(name): kallsyms is of another boot: \(inside) of "
          + "\(called.count) traced functions do not begin at a symbol; give the one of the "
          + "recording with --kallsyms FILE, or keep addresses with --kallsyms none")
    }
    let counts = symbols.symbolCounts(of: Set(tally.functions.map(\.name.name)))
    facts = tally.functions.map { function in
      function.name.isAddress
        ? nil
        : SymbolFacts(
          textBytes: symbols.textBytes(of: function.token), symbols: counts[function.name.name] ?? 1
        )
    }
  }

  /// Looks the functions of a text up by their names. A table that has not even half of them is of
  /// another kernel, and says nothing.
  mutating func describeNames(_ symbols: SymbolTable) {
    let sizes = symbols.sizes(of: Set(tally.functions.map(\.name.name)))
    guard sizes.count * 2 >= tally.functions.count else { return }
    facts = tally.functions.map { function in
      sizes[function.name.name].map { SymbolFacts(textBytes: $0.textBytes, symbols: $0.symbols) }
    }
  }
}

extension ImportProblem {
  /// Whether events may be missing where this was found.
  public var losesEvents: Bool {
    switch self {
    case .unreadableLine, .overlongLine, .cutLine, .badRecordLength, .badPageCommit, .cutPage,
      .shortRecord:
      true
    case .nonUTF8Name, .unknownEventType, .timeWentBack, .stackMismatch: false
    }
  }
}
