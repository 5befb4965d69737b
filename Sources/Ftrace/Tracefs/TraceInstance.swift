import Glibc

/// A ring buffer of its own below `instances/`: made by making a folder, gone with it. Whatever is
/// set in it concerns nobody else.
public final class TraceInstance: Sendable {
  public let name: String
  public var path: String { buffer.folder }
  let buffer: TraceBuffer
  private static let removals = 100

  /// Makes the instance.
  ///
  /// - Throws: ``TracefsError``; of kind `busy` when it is there already.
  public convenience init(_ tracefs: Tracefs, name: String) throws(TracefsError) {
    guard InstanceName(name) != nil, !name.contains("/") else {
      throw TracefsError(
        .usage, file: name,
        reason: "an instance of ours is called \(InstanceName.prefix)NAMESPACE.PID.START")
    }
    self.init(existing: name, of: tracefs)
    do {
      try tracefs.files.makeFolder(path)
    } catch {
      guard error.code == EEXIST else { throw error }
      throw TracefsError(
        .busy, file: path, reason: "this process records into it already",
        remedy: "give each recording a name of its own", code: EEXIST)
    }
  }

  /// One that is there already.
  init(existing name: String, of tracefs: Tracefs) {
    self.name = name
    buffer = TraceBuffer(files: tracefs.files, folder: "\(tracefs.root)/instances/\(name)")
  }

  /// The tracers that an instance of this kernel may have.
  public func tracers() throws(TracefsError) -> [String] {
    try buffer.files.text(buffer.path("available_tracers")).split(whereSeparator: \.isWhitespace)
      .map(String.init)
  }

  /// Switches it off and removes it. An instance that is gone already is no failure. The kernel
  /// refuses while a file of it is open, which a reader that is just ending may still have.
  ///
  /// - Throws: ``TracefsError`` after two seconds of trying.
  public func remove() throws(TracefsError) {
    let failure = buffer.silence()
    for attempt in 1...Self.removals {
      do {
        try buffer.files.removeFolder(path)
        return
      } catch {
        if error.code == ENOENT { return }
        guard error.code == EBUSY, attempt < Self.removals else { throw failure ?? error }
        usleep(20_000)
      }
    }
  }
}
