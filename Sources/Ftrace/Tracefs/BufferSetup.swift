import Glibc

/// Brings a buffer into the state in which one write to `tracing_on` begins the recording. The order
/// matters: the size before anything is recorded, tasks before events and the tracer, the tracer
/// last, because choosing it empties the buffer and changes the whole kernel's text.
struct BufferSetup {
  let buffer: TraceBuffer
  let settings: RecordingSettings
  /// Called before each step; throws to end it.
  let checkpoint: () throws(TracefsError) -> Void

  func apply(_ pids: Set<Int32>) throws(TracefsError) {
    let pids = pids.sorted()
    guard !pids.isEmpty else { throw TraceBuffer.noTasks(buffer.path("set_ftrace_pid")) }
    try checkpoint()
    try buffer.set("tracing_on", "0")
    try checkpoint()
    try buffer.set("buffer_size_kb", String(settings.bufferKB))
    try checkpoint()
    try setClock()
    try setOptions()
    try checkpoint()
    if !settings.events.isEmpty {
      try buffer.list(pids, in: "set_event_pid", replaces: true)
      try checkpoint()
    }
    try buffer.list(pids, in: "set_ftrace_pid", replaces: true)
    for event in settings.events {
      try checkpoint()
      try buffer.set("events/\(event)/enable", "1")
    }
    try checkpoint()
    try setTracer()
  }

  private func setClock() throws(TracefsError) {
    do {
      try buffer.set("trace_clock", settings.clock)
    } catch {
      guard error.code == EINVAL else { throw error }
      let known = (try? buffer.files.text(buffer.path("trace_clock"))) ?? "none that can be read"
      throw TracefsError(
        file: error.file, reason: "this kernel has no trace clock '\(settings.clock)'",
        remedy: "it has \(known)", code: EINVAL)
    }
  }

  private func setOptions() throws(TracefsError) {
    let follow = settings.followsForks ? "1" : "0"
    for (option, value, isNeeded) in [
      ("function-fork", follow, settings.followsForks),
      ("event-fork", follow, settings.followsForks && !settings.events.isEmpty),
      // Overwrite: a full buffer loses its oldest events. The kernel counts them exactly in the stats
      // (`overrun`), and marks the page behind the gap, so that a trace.dat says itself where events
      // are missing (and how many, unless that page has no room for the number). Without it the
      // newest are lost, as exactly counted (`dropped events`), but no page shows a gap.
      ("overwrite", "1", true),
      // The context flags of each event: the filters need them.
      ("irq-info", "1", false),
      // Thread groups, in saved_tgids. It works only while an event is enabled.
      ("record-tgid", "1", false),
    ] {
      try checkpoint()
      if isNeeded {
        try buffer.set("options/\(option)", value)
      } else {
        try buffer.setIfPresent("options/\(option)", value)
      }
    }
  }

  private func setTracer() throws(TracefsError) {
    do {
      try buffer.set("current_tracer", settings.tracer.rawValue)
    } catch {
      guard error.code == EINVAL else { throw error }
      throw TracefsError(
        file: error.file,
        reason: "this kernel cannot record with '\(settings.tracer.rawValue)' here",
        remedy: "use the tracer function, or another kernel", code: EINVAL)
    }
    guard settings.tracer == .functionGraph else { return }
    // On by default; somebody may have switched it off for all buffers of the tracer, but where that
    // would not be undone it is theirs.
    let option = "options/funcgraph-irqs"
    if buffer.journal != nil, try buffer.files.textIfPresent(buffer.path(option)) == "0" {
      try buffer.set(option, "1")
    }
  }
}
