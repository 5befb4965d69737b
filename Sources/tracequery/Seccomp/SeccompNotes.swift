import TraceStore

/// What a user of a profile must know beside it.
enum SeccompNotes {
  /// - Parameter base: nil when none was asked for.
  static func notes(
    _ selection: ResolvedSelection, base: RuntimeBase?, result: SeccompBuilder.Result
  ) -> [String] {
    var notes: [String] = []
    // A start that another run of the same workload under the same runtime has recorded is there.
    let started = Set(
      selection.runs.filter(\.condition.fromStart).map { [$0.runtime, $0.workload] })
    let late = selection.runs.filter {
      !$0.condition.fromStart && !started.contains([$0.runtime, $0.workload])
    }
    if !late.isEmpty {
      notes.append(
        "recorded once it served, what the container does while it starts is missing: "
          + RunCatalogue.list(late) { "run:\($0.id)" })
    }
    if base == nil {
      notes.append(
        "a runtime needs calls of its own before it executes the container's program: "
          + "--base runc or --base crun adds them, --base none adds nothing and says nothing")
    }
    let kernels = Set(selection.runs.map(\.runtime)).intersection(["runsc", "kata"]).sorted()
    if !kernels.isEmpty {
      notes.append(
        "under \(kernels.joined(separator: " and ")) these are the sandbox's calls to the host, not "
          + "the application's: the profile fits around the sandbox, not into the container")
    }
    if !result.unknown.isEmpty {
      notes.append(
        "left out, no seccomp library is known to have the name: "
          + result.unknown.joined(separator: ", "))
    }
    let compat = result.profile.architectures.filter { [.x86, .x32, .arm].contains($0) }
    if result.profile.architectures.count > 1, !compat.isEmpty {
      notes.append(
        "32-bit programs ran: \(compat.map(\.rawValue).joined(separator: ", ")) is allowed, with "
          + "the same names as the machine's own programs")
    }
    return notes
  }
}
