import TraceStore

/// Makes the contents of runs.
struct RunMaker {
  let pool: FunctionPool
  let meanCallRows: Int

  /// - Parameter events: also give few enough calls that each can be kept as an event.
  func contents(_ experiment: Experiment, place: Int, events: Bool) -> RunContents {
    var random = experiment.ownNumbers(2)
    let rows = experiment.callRows(mean: meanCallRows)
    var processes: [ProcessRecord] = []
    var calls: [CallRecord] = []
    var edges: [EdgeRecord] = []
    var pid: Int32 = 1000 + Int32(random.below(30_000))
    for (role, share) in experiment.roles {
      let functions = Footprint.functions(experiment, role, pool)
      guard !functions.isEmpty else { continue }
      let end = calls.count + max(Int(Double(rows) * share), functions.count)
      let tgid = pid
      var isFirst = true
      while calls.count < end {
        processes.append(
          ProcessRecord(
            pid: pid, tgid: tgid, parentPid: isFirst ? 1 : tgid,
            comm: "\(role.rawValue)-\(pid - tgid)", role: role))
        let start = calls.count
        // The first task of a role reaches all that the role does.
        for function in functions where isFirst || random.chance(0.62) {
          guard calls.count < end else { break }
          calls.append(call(of: function, pid, events, &random))
        }
        if calls.count == start { calls.append(call(of: functions[0], pid, events, &random)) }
        isFirst = false
        pid += 1
      }
      edges += self.edges(functions, role, &random)
    }
    let kept = calls.reduce(0) { $0 + $1.calls }
    let dropped = kept / 8
    return RunContents(
      run: record(experiment, place: place, kept: kept, dropped: dropped),
      functions: pool.functions, processes: processes, calls: calls, edges: edges,
      dropped: [("softirq", dropped - dropped / 4), ("hardirq", dropped / 4)],
      environment: RunEnvironment(
        collectorVersion: "synthetic", cpus: 2, memoryBytes: 4 << 30, load: "default",
        bufferKB: 8192, traceStartNs: 0, readerCPUNs: 1_000_000))
  }

  private func call(
    of function: Int, _ pid: Int32, _ events: Bool, _ random: inout RandomNumbers
  ) -> CallRecord {
    let calls = events ? 1 + Int64(random.below(3)) : random.calls()
    let first = Int64(random.below(10_000_000_000))
    let last = calls == 1 ? first : first + Int64(random.below(10_000_000_000)) + calls
    return CallRecord(pid: pid, function: function, calls: calls, firstNs: first, lastNs: last)
  }

  private func edges(
    _ functions: [Int], _ role: Role, _ random: inout RandomNumbers
  ) -> [EdgeRecord] {
    let reached = Set(functions)
    return functions.flatMap { callee in
      pool.callers[callee].filter(reached.contains).map {
        EdgeRecord(role: role, caller: $0, callee: callee, calls: random.calls())
      }
    }
  }

  private func record(
    _ experiment: Experiment, place: Int, kept: Int64, dropped: Int64
  ) -> RunRecord {
    RunRecord(
      kernelRelease: experiment.kernel, machine: "x86_64", tracer: "function", method: "footprint",
      filters: "foreign,hardirq,misattributed,nmi,softirq,tracer", fromStart: false,
      runtime: Experiment.runtimes[experiment.runtime], runtimeVersion: "1.0",
      workload: Experiment.workloads[experiment.workload],
      repeatNumber: experiment.repeatNumber + 1, host: "synthetic",
      startedNs: 1_700_000_000_000_000_000 + Int64(place) * 60_000_000_000,
      durationNs: 20_000_000_000, requests: 30, status: .ok, seen: kept + dropped, kept: kept,
      lost: 0, clock: "mono", source: "synthetic-\(place)",
      sourceHash: "synthetic-\(experiment.seed)-\(place)")
  }

  /// The single events of a run, spread over the times of its calls.
  static func events(_ contents: RunContents, _ appender: inout EventAppender) throws {
    var events: [EventRecord] = []
    for call in contents.calls {
      let first = call.firstNs ?? 0
      let step = ((call.lastNs ?? 0) - first) / max(call.calls - 1, 1)
      for number in 0..<call.calls {
        events.append(
          EventRecord(
            tsNs: first + number * step, cpu: Int(call.pid & 1), pid: call.pid,
            function: call.function, caller: nil))
      }
    }
    events.sort { ($0.tsNs ?? 0) < ($1.tsNs ?? 0) }
    for event in events { try appender.append(event) }
  }
}
