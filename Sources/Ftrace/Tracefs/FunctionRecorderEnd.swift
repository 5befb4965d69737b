import Glibc
import Synchronization

extension FunctionRecorder {
  /// Ends the recording and takes every page that is left. The tracer goes after that: changing it
  /// empties the buffer and its counts. After a failure nothing is left behind but files of pages.
  ///
  /// - Throws: ``TracefsError``; what made a reader give up first (a full disk).
  public func stop() throws(TracefsError) -> RecordedPages {
    do throws(TracefsError) {
      return try finish()
    } catch {
      // Wrong order is a mistake of the caller, not the end of the recording.
      if error.kind != .usage { remove() }
      throw error
    }
  }

  private func finish() throws(TracefsError) -> RecordedPages {
    let (readers, start, end) = try state.withLock { state throws(TracefsError) in
      try expect(.running, state.stage)
      guard let buffer = state.place?.buffer, let readers = state.readers, let start = state.start
      else { throw wrongOrder(state.stage) }
      if let failure = readers.failure { throw failure }
      try buffer.set("tracing_on", "0")
      state.stage = .stopping
      return (readers, start, ClockMoment.now())
    }
    readers.drain()
    readers.wait()
    return try state.withLock { state throws(TracefsError) in
      try expect(.stopping, state.stage)
      guard let buffer = state.place?.buffer else { throw wrongOrder(state.stage) }
      var pages = RecordedPages(start: start, end: end, pageSize: state.pageSize)
      for outcome in try readers.outcomes() {
        let text = try stats(buffer.path("per_cpu/cpu\(outcome.cpu)/stats"))
        pages.cpus.append(
          RecordedPages.CPU(
            cpu: outcome.cpu, path: outcome.path, bytes: outcome.bytes,
            stats: text.map { CPUStats(parsing: $0) }, statsText: text, readerTime: outcome.time))
      }
      // Now the tracer may go, and should: as long as it is there each call in the kernel costs more,
      // and the texts below take hundreds of thousands.
      if let failure = buffer.silence() { throw failure }
      pages.threadGroups = try copyThreadGroups()
      let systems = Set(settings.events.compactMap { $0.split(separator: "/").first })
      var contents = try KernelTexts(tracefs: tracefs, buffer: buffer, comms: state.comms)
        .contents(systems: systems.map(String.init), pageSize: state.pageSize)
      for cpu in pages.cpus {
        contents.pages[cpu.cpu] = TraceDatContents.Pages(path: cpu.path, stats: cpu.statsText)
      }
      state.pages = pages
      state.contents = contents
      state.stage = .stopped
      return pages
    }
  }

  /// A CPU's counts; nil where the kernel keeps none.
  private func stats(_ path: String) throws(TracefsError) -> String? {
    do throws(TracefsError) {
      return String(decoding: try tracefs.files.read(path), as: UTF8.self)
    } catch {
      guard error.isAbsence else { throw error }
      return nil
    }
  }

  /// Keeps a copy of `saved_tgids` beside the pages.
  private func copyThreadGroups() throws(TracefsError) -> String? {
    guard let text = try tracefs.files.textIfPresent(tracefs.root + "/saved_tgids"), !text.isEmpty
    else { return nil }
    let path = folder + "/saved_tgids"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(file: path, action: "make it", errno: errno) }
    close(descriptor)
    try KernelFiles().write(text + "\n", to: path, mode: .append)
    return path
  }

  /// Writes what was recorded as one trace.dat, also after ``remove()``.
  ///
  /// - Parameter owner: whom the file shall belong to.
  /// - Throws: ``TracefsError`` before ``stop()``, ``InputError`` when it cannot be written.
  public func writeTraceDat(
    to path: String, owner: (user: UInt32, group: UInt32)? = nil
  ) throws {
    guard let contents = state.withLock({ $0.contents }) else {
      throw TracefsError(.usage, file: path, reason: "nothing was recorded: stop() comes first")
    }
    try TraceDatWriter(contents).write(to: path, owner: owner)
  }

  /// Deletes the files of pages: a trace.dat has them all.
  public func removePages() {
    guard let pages = state.withLock({ $0.pages }) else { return }
    for cpu in pages.cpus { unlink(cpu.path) }
    if let path = pages.threadGroups { unlink(path) }
  }

  /// Ends whatever is under way and gives back what was taken: the instance goes, or the top-level
  /// buffer gets its settings back. May be called at any time, from any thread, as often as one
  /// likes; returns when it is done. See ``removalFailure`` for what it could not do.
  public func remove() {
    isRemoved.store(true, ordering: .sequentiallyConsistent)
    state.withLock { state in
      let place = state.place
      state.place = nil
      state.stage = .removed
      if let readers = state.readers {
        readers.abort()
        readers.wait()
      }
      do throws(TracefsError) {
        switch place {
        case .instance(let instance): try instance.remove()
        case .topLevel(let lease): try lease.release()
        case nil: break
        }
        state.removalFailure = nil
      } catch {
        // Called again, it tries again.
        state.place = place
        state.removalFailure = error
      }
    }
  }
}
