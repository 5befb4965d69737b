/// What every format needs before its events, and what is made of them afterwards.
extension RecordingReader {
  /// kallsyms as told, else the recording's own, else what is embedded; nil when there is none.
  func symbols(embedded: [UInt8]) throws -> SymbolTable? {
    if options.kallsyms == "none" { return nil }
    if let path = options.kallsyms ?? (embedded.isEmpty ? files.kallsyms : nil) {
      return try SymbolTable(
        kallsyms: InputFile.open(path).readAll(limit: SymbolTable.largestFile), from: path)
    }
    return embedded.isEmpty ? nil : try SymbolTable(kallsyms: embedded, from: files.name)
  }

  /// kallsyms for a text, which can do without: only one that was told must be readable.
  private func textSymbols() throws -> SymbolTable? {
    if options.kallsyms != nil { return try symbols(embedded: []) }
    do { return try symbols(embedded: []) } catch { return nil }
  }

  func taskList() throws -> TaskList {
    if let tasks = options.tasks { return tasks }
    var list = TaskList()
    for path in files.pids {
      list.add(try TaskList(parsing: text(of: path, limit: Self.largestList), from: path))
    }
    return list
  }

  func counter(_ resolver: any FunctionResolver) throws -> CallCounter {
    var counter = CallCounter(rules: options.rules, tasks: try taskList(), resolver: resolver)
    if options.keepsEvents { counter.spool = try EventSpool(file: files.name) }
    func forEachPair(_ path: String?, _ body: (Int32, Substring) -> Void) throws {
      guard let path else { return }
      for line in TextLines(try text(of: path, limit: Self.largestList)) {
        guard let space = line.firstIndex(of: " "), let pid = Int32(line[..<space]) else {
          continue
        }
        body(pid, line[line.index(after: space)...])
      }
    }
    for (pid, tgid) in options.threadGroups { counter.threadGroup(pid: pid, tgid: tgid) }
    try forEachPair(files.savedComms) { counter.comm(pid: $0, TaskName($1.utf8)) }
    try forEachPair(files.savedThreadGroups) { pid, tgid in
      if let tgid = Int32(tgid) { counter.threadGroup(pid: pid, tgid: tgid) }
    }
    return counter
  }

  /// Adds up what was counted and decides what was lost.
  func finish(
    _ counter: CallCounter, stats: [Int: CPUStats], header: TextHeader? = nil,
    symbols: SymbolTable? = nil
  ) throws -> Recording {
    guard counter.seen > 0 else {
      if let told = options.format, let found = counter.problems.values.first {
        throw Refusal(
          description: "\(files.name): read as \(told.rawValue), as --from says, it holds no "
            + "function event, but \(found.count) × what is none, the first at "
            + "\(told == .function || told == .functionGraph ? "line" : "byte") "
            + "\(found.firstPosition); without --from its content tells", isUsage: true)
      }
      throw Refusal(
        description: "\(files.name): it holds no function event; was the tracer function or "
          + "function_graph on?")
    }
    guard options.rules.method != .ancestor || counter.isGraph else {
      throw Refusal(
        description: "\(files.name): --method ancestor needs the calls' nesting, which only "
          + "function_graph records; this is a recording of function", isUsage: true)
    }
    let tally = counter.tally()
    guard tally.isBalanced else {
      throw Refusal(
        description: "\(files.name): \(tally.seen) events were seen, but \(tally.kept) kept and "
          + "\(tally.dropped.values.reduce(0, +)) dropped; this is a mistake of this program")
    }
    guard tally.kept > 0 else {
      let reasons = Reason.allCases.compactMap { reason in
        tally.dropped[reason].map { "\(reason.name) \($0)" }
      }
      throw Refusal(
        description: "\(files.name): all \(tally.seen) events were dropped "
          + "(\(reasons.joined(separator: ", "))); check the list of tasks and the filters"
      )
    }
    var recording = Recording(tally: tally)
    recording.isGraph = counter.isGraph
    recording.events = try counter.keptEvents(tally)
    recording.problems = counter.problems
    recording.span = counter.firstTime == noTime ? nil : counter.lastTime &- counter.firstTime
    recording.note(.tasksAdopted, UInt64(counter.adopted))
    recording.note(.syscallsEntered, counter.syscallsEntered)
    recording.note(.depthLimitReached, counter.depthLimit.reached)
    if counter.hasNoTaskList { recording.note(.noTaskList, 1) }
    recording.countLosses(stats: stats, marks: counter.lostMarks, header: header)
    if header == nil {
      try recording.describe(symbols, from: options.kallsyms ?? files.kallsyms ?? files.name)
    } else if let symbols = try textSymbols() {
      recording.describeNames(symbols)
    }
    return recording
  }
}
