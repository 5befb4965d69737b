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
      var reason = verdict.reason
      // Foreign stands before misattributed and prestart in the order of reasons.
      if task.isForeign, rules.reasons.contains(.foreign),
        reason == nil || reason.map({ $0.rawValue > Reason.foreign.rawValue }) == true
      {
        reason = .foreign
      }
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
}
