/// One experiment: what is run, under what, and how it is driven.
struct ExperimentPlan: Sendable {
  var runtime: String
  var workload: Workload
  /// Which load drives it, by name and as its workload describes it.
  var load: String
  var profile: LoadProfile
  /// In the place of the load profile's own.
  var requests: Int?
  var interval: Double?
  var warmup: Int?
  var drain: Double?
  /// Seconds from the warm-up, without one from being ready to serve, until the first recorded request.
  var settle: Double
  /// Once more with larger buffers when events were lost.
  var retries = true
  /// Measure the same load without tracing too.
  var measuresCost = true
  var repeatNumber: Int?
  /// Start a container of this kind once without recording, before the recorded one.
  var rehearses = false
  var choices: RecordingChoices
  /// The buffers to begin with, KiB a CPU, when it is known what a run of this kind needs.
  var firstBufferKB: Int?
  /// Where the results go; nil: `traces/RUNTIME/WORKLOAD/TIME`.
  var output: String?
  var engine: ContainerEngine.Kind

  var name: String { "\(runtime)/\(workload.name)" }
  /// None where the recording has the container's start: it would be recorded, too.
  var warmupRequests: Int { choices.fromStart ? 0 : warmup ?? profile.warmup }
  var drainSeconds: Double { drain ?? profile.drain }
  /// The whole load, since what is done late in it may read from the disk too, but no more than a thousand requests; of
  /// a program, which has a load of its own, one run.
  var rehearsalRequests: Int {
    if case .command = profile.kind { return 1 }
    return min(1_000, requests ?? profile.requests ?? 1_000)
  }
}
