/// The result.
extension CallCounter {
  /// What was counted, by name.
  public func tally() -> Tally {
    var tally = Tally(seen: seen)
    var functions: [FunctionToken: Int] = [:]
    var byName: [String: Int] = [:]
    func index(_ token: FunctionToken) -> Int {
      if let known = functions[token] { return known }
      let name = resolver.resolve(token)
      let index =
        byName[name.name]
        ?? {
          byName[name.name] = tally.functions.count
          tally.functions.append(Tally.Function(name: name, token: token))
          return tally.functions.count - 1
        }()
      functions[token] = index
      return index
    }
    var calls: [Tally.CallKey: Tally.Counts] = [:]
    var edges: [Tally.EdgeKey: UInt64] = [:]
    let roles = finalRoles()
    for (row, verdict) in zip(table.rows, verdicts) where row.calls > 0 {
      let task = tasks[Int(row.task)]
      let reason = reason(verdict, task: task)
      if let reason {
        tally.dropped[reason, default: 0] += row.calls
        continue
      }
      tally.kept += row.calls
      let callee = index(row.function)
      let key = Tally.CallKey(pid: task.pid, incarnation: task.incarnation, function: callee)
      calls[key, default: Tally.Counts()].add(row.calls, first: row.first, last: row.last)
      if row.parent != noFunction {
        let edge = Tally.EdgeKey(
          role: roles[Int(row.task)], caller: index(row.parent), callee: callee)
        edges[edge, default: 0] += row.calls
      }
    }
    tally.calls = calls
    tally.edges = edges
    var known = Set<Tally.TaskKey>()
    for (task, role) in zip(tasks, roles)
    where !(task.isForeign && rules.reasons.contains(.foreign)) {
      let key = Tally.TaskKey(pid: task.pid, incarnation: task.incarnation)
      guard known.insert(key).inserted else { continue }
      let entry = listed.tasks[task.pid]
      tally.tasks.append(
        Tally.Task(
          pid: task.pid, incarnation: task.incarnation,
          tgid: threadGroups[task.pid] ?? entry?.tgid, parent: task.parent ?? entry?.parent,
          comm: comms[task.pid]?.string ?? entry?.comm, role: role))
    }
    for entry in listed.tasks.values where taskOfPid[entry.pid] == nil {
      tally.tasks.append(
        Tally.Task(
          pid: entry.pid, incarnation: 0, tgid: entry.tgid, parent: entry.parent,
          comm: comms[entry.pid]?.string ?? entry.comm, role: entry.role))
    }
    return tally
  }

  /// Why the events of a row are dropped. Foreign stands before misattributed and prestart in the
  /// order of reasons.
  private func reason(_ verdict: RowVerdict, task: TaskState) -> Reason? {
    guard task.isForeign, rules.reasons.contains(.foreign) else { return verdict.reason }
    if let reason = verdict.reason, reason.rawValue <= Reason.foreign.rawValue { return reason }
    return .foreign
  }

  /// The single events that the tally counts as kept; nil when they were not kept aside.
  ///
  /// - Throws: ``InputError`` when the temporary file could not be written.
  func keptEvents(_ tally: Tally) throws -> KeptEvents? {
    guard let spool else { return nil }
    let indexes = Dictionary(
      tally.functions.enumerated().map { ($0.element.name.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let rows = zip(table.rows, verdicts).map { row, verdict -> KeptEvents.Row? in
      let task = tasks[Int(row.task)]
      guard reason(verdict, task: task) == nil,
        let function = indexes[resolver.resolve(row.function).name]
      else { return nil }
      let caller = row.parent == noFunction ? nil : indexes[resolver.resolve(row.parent).name]
      return KeptEvents.Row(pid: task.pid, function: function, caller: caller)
    }
    return KeptEvents(file: try spool.finish(), rows: rows)
  }
}
