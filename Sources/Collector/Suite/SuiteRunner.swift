import Terminal

/// Works a suite off: what is done is not done again, what fails does not hold up the rest.
struct SuiteRunner {
  let plan: SuitePlan
  let site: ExperimentSite
  let choices: RecordingChoices
  /// Workloads whose load is recorded from the start.
  let fromStart: Set<String>
  /// The name of the load.
  let load: String
  let progress: Progress
  /// Results go to `RUNTIME/WORKLOAD/REPEAT` in it.
  let output: String

  private var history: SuiteHistory {
    SuiteHistory(
      label: choices.label ?? "suite",
      condition: SuiteHistory.ConditionKey(
        kernelRelease: site.machine.kernelRelease, machine: site.machine.machine,
        tracer: choices.isGraph ? "function_graph" : "function",
        method: choices.rules.method.rawValue, filters: choices.rules.description),
      fromStart: fromStart, load: load)
  }

  /// - Parameter experiment: makes the plan of an item.
  /// - Returns: the items that failed.
  /// - Throws: `CancellationError` when interrupted; ``WarehouseError``; ``ExperimentError`` when the
  ///   warehouse has the suite by another load.
  func run(
    _ experiment: (SuitePlan.Item) throws -> ExperimentPlan
  ) async throws -> [SuitePlan.Item] {
    let done = Set(try history.measured(in: choices.database).map(\.item))
    let remaining = plan.remaining(done: done)
    if remaining.count < plan.items.count {
      printError(
        "collector: \(plan.items.count - remaining.count) of \(plan.items.count) are done already")
    }
    var failures: [SuitePlan.Item] = []
    // Buffers that were too small for a pair once are too small for its repeats.
    var bufferKB: [[String]: Int] = [:]
    var rehearsed: Set<[String]> = []
    let began = MonotonicTime.now()
    for (index, item) in remaining.enumerated() {
      try Task.checkCancellation()
      let position = plan.items.count - remaining.count + index + 1
      progress.begin(
        Progress.Position(
          name: "\(item.runtime)/\(item.workload) #\(item.repeatNumber)", number: position,
          total: plan.items.count,
          timeLeft: Self.timeLeft(since: began, done: index, of: remaining.count)))
      var experimentPlan = try experiment(item)
      let pair = [item.runtime, item.workload]
      experimentPlan.rehearses =
        experimentPlan.choices.fromStart && !rehearsed.contains(pair)
      experimentPlan.firstBufferKB = bufferKB[pair]
      experimentPlan.repeatNumber = item.repeatNumber
      experimentPlan.output = folder(of: item)
      do {
        let outcome = try await Experiment(plan: experimentPlan, site: site, progress: progress)
          .perform()
        bufferKB[pair] = outcome.bufferKB
        rehearsed.insert(pair)
        for warning in outcome.warnings {
          printError("collector: \(experimentPlan.name): \(warning)")
        }
        printError("collector: \(outcome.summary)")
      } catch let error where !(error is CancellationError) && !Task.isCancelled {
        printError("collector: \(experimentPlan.name) #\(item.repeatNumber): \(error)")
        failures.append(item)
      }
    }
    progress.finish()
    return failures
  }

  /// A folder without a run: what an earlier suite of this name left there is nobody's to remove.
  private func folder(of item: SuitePlan.Item) -> String {
    let first =
      "\(output)/\(item.runtime)/\(item.workload)/\(choices.label ?? "suite")-\(item.repeatNumber)"
    var folder = first
    var number = 2
    while OutputPlace.run(in: folder) != nil, number < 10_000 {
      folder = "\(first).\(number)"
      number += 1
    }
    return folder
  }

  /// What the warehouse holds of the suite now.
  func table() throws -> [[Cell]] {
    SuiteTable.rows(plan, try history.measured(in: choices.database))
  }

  /// `12 min left`, once one is done.
  private static func timeLeft(since began: Int64, done: Int, of total: Int) -> String {
    guard done > 0 else { return "" }
    let each = (MonotonicTime.now() - began) / Int64(done)
    let seconds = each * Int64(total - done) / 1_000_000_000
    return seconds < 90 ? "\(seconds) s left" : "\((seconds + 30) / 60) min left"
  }
}
