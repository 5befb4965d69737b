import Ftrace

/// What was chosen for a recording, whatever is recorded.
struct RecordingChoices: Sendable {
  /// The warehouse's path.
  var database: String
  var label: String?
  /// The tracer function_graph rather than function.
  var isGraph = false
  /// The trace buffer of each CPU in KiB; nil lets the program choose.
  var bufferKB: Int?
  var rules = FilterRules()
  var keepsEvents = false
  /// trace.dat stays in the output folder.
  var keepsRaw = true
  var fromStart = false

  /// The buffer that a recording begins with: enough for a second of a busy CPU, and never more than
  /// a sixteenth of the memory for all CPUs together.
  func bufferKB(on machine: MachineFacts) -> Int {
    if let bufferKB { return bufferKB }
    let share = Int(machine.memory / 16 / 1024) / machine.cpus
    return max(1024, min(16_384, share))
  }

  /// The buffer after events were lost in one of `size` KiB; nil when there is no larger one.
  func largerBufferKB(than size: Int, on machine: MachineFacts) -> Int? {
    let most = Int(machine.memory / 4 / 1024) / machine.cpus
    let next = min(most, size * 8)
    return next > size ? next : nil
  }
}
