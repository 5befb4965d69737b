/// What processes of ours left behind when they were killed: instances whose maker no longer runs,
/// and a top-level buffer that nobody restored.
public enum StaleInstances {
  public struct Removal: Sendable {
    /// Names of the instances that were removed.
    public var removed: [String] = []
    /// What could not be removed, and why.
    public var failures: [TracefsError] = []
    /// Whether the top-level buffer was given back its settings.
    public var restoredTopLevel = false
  }

  /// Names of instances that are ours and whose process is gone. Others are never named: not
  /// somebody else's, not those of a process that runs, not those of another pid namespace.
  public static func find(_ tracefs: Tracefs) throws(TracefsError) -> [String] {
    var stale: [String] = []
    for name in try tracefs.files.list(tracefs.root + "/instances") {
      guard let owner = InstanceName(name) else { continue }
      if try owner.isAlive(proc: tracefs.proc, files: tracefs.files) == false { stale.append(name) }
    }
    return stale
  }

  /// Whether ``remove(_:lockFile:)`` would restore the top-level buffer.
  public static func hasAbandonedTopLevel(lockFile: String = RecordingSettings().lockFile) -> Bool {
    TopLevelLease.isAbandoned(lockFile: lockFile)
  }

  /// Removes them, and restores the top-level buffer unless somebody holds its lock.
  ///
  /// - Throws: ``TracefsError`` when they cannot even be listed.
  public static func remove(
    _ tracefs: Tracefs, lockFile: String = RecordingSettings().lockFile
  ) throws(TracefsError) -> Removal {
    var removal = Removal()
    for name in try find(tracefs) {
      do {
        try TraceInstance(existing: name, of: tracefs).remove()
        removal.removed.append(name)
      } catch {
        removal.failures.append(error)
      }
    }
    do {
      removal.restoredTopLevel = try TopLevelLease.restoreAbandoned(tracefs, lockFile: lockFile)
    } catch {
      removal.failures.append(error)
    }
    return removal
  }
}
