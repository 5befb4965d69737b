import ArgumentParser

/// How a container is started and driven.
struct LoadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Requests to send, instead of the load's own.", valueName: "n"))
  var requests: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds between requests, instead of the load's own.", valueName: "s"))
  var interval: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seconds of rest before the load, from when it serves or the warm-up's end (else the workload's).",
      valueName: "s"))
  var settle: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Requests before recording begins, without pauses, instead of the load's own; not with the start.",
      valueName: "n"))
  var warmup: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seconds to go on recording after the last answer, instead of the load's own.",
      valueName: "s"))
  var drain: Double?

  @Option(
    help: """
      Which load of the workload: default (recorded with the container's start), steady (once it \
      serves and has settled), heavy, …
      """)
  var load = "default"

  @Flag(help: "Record from before the container exists, whatever the load says.")
  var fromStart = false

  @Flag(help: "Do not record again with larger buffers when events were lost.")
  var noRetry = false

  @Flag(help: "Do not measure what tracing costs (the same load once more without it).")
  var noCost = false

  @Option(help: "What starts the containers.")
  var engine: ContainerEngine.Kind = .docker

  func validate() throws {
    if let requests, !(1...100_000_000).contains(requests) {
      throw ValidationError("--requests takes 1 to 100000000, not \(requests)")
    }
    if let interval, !(0...3600).contains(interval) {
      throw ValidationError("--interval takes 0 to 3600 seconds, not \(interval)")
    }
    if let settle, !(0...86_400).contains(settle) {
      throw ValidationError("--settle takes 0 to 86400 seconds, not \(settle)")
    }
    if let warmup, !(0...LoadProfile.mostRequests).contains(warmup) {
      throw ValidationError("--warmup takes 0 to \(LoadProfile.mostRequests), not \(warmup)")
    }
    if let drain, !(0...3600).contains(drain) {
      throw ValidationError("--drain takes 0 to 3600 seconds, not \(drain)")
    }
  }
}

extension ContainerEngine.Kind: ExpressibleByArgument {}
