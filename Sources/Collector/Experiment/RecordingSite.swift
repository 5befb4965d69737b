import Ftrace
import Glibc
import Terminal
import TraceStore

/// What recording needs beside an engine: the right, tracefs, a name for what it leaves.
enum RecordingSite {
  /// - Throws: ``ExperimentError`` for anybody but root; ``TracefsError``.
  static func tracefs() throws -> Tracefs {
    guard geteuid() == 0 else {
      throw ExperimentError("recording needs root: run it under sudo", .environment)
    }
    return try Tracefs.find()
  }

  /// What this process's instances, containers and folders are called.
  ///
  /// - Throws: ``TracefsError`` where procfs is missing.
  static func owner() throws -> String {
    try InstanceName.mine()
  }
}

extension RecordedPages {
  /// What is stored of the machine and of the recording itself.
  func environment(_ machine: MachineFacts, bufferKB: Int) -> RunEnvironment {
    var environment = RunEnvironment(collectorVersion: programVersion)
    environment.cpus = machine.cpus
    environment.cpuModel = machine.cpuModel
    environment.memoryBytes = Int64(clamping: machine.memory)
    environment.bufferKB = Int64(bufferKB)
    environment.readerCPUNs = Int64(clamping: cpus.reduce(0) { $0 &+ $1.readerTime })
    environment.traceStartNs = Int64(clamping: start.monotonic)
    return environment
  }
}
