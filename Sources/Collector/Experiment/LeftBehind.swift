import Ftrace
import Terminal

/// What collectors that were killed left on this machine. Only what carries this program's name and
/// whose owner is gone is touched.
struct LeftBehind {
  var instances: [String] = []
  var folders: [String] = []
  /// The top-level trace buffer has settings of a killed collector.
  var hasTopLevel = false
  var containers: [(engine: ContainerEngine, id: String)] = []

  var isEmpty: Bool { instances.isEmpty && containers.isEmpty && folders.isEmpty && !hasTopLevel }

  var description: String {
    "\(instances.count) trace instances, \(containers.count) containers, \(folders.count) folders"
      + (hasTopLevel ? ", the top-level trace buffer" : "") + " of killed collectors"
  }

  /// - Parameters:
  ///   - engines: those that answer.
  ///   - procfs: tells which owners of containers and folders still run.
  ///   - spools: where recordings wait.
  static func find(
    tracefs: Tracefs?, engines: [ContainerEngine], procfs: String = "/proc",
    spools: String = SpoolPlace.base
  ) async -> LeftBehind {
    var found = LeftBehind()
    if let tracefs {
      found.instances = (try? StaleInstances.find(tracefs)) ?? []
      found.hasTopLevel = StaleInstances.hasAbandonedTopLevel()
    }
    found.folders = SpoolPlace.leftBehind(in: spools, procfs: procfs)
    for engine in engines {
      let owned = (try? await engine.owned()) ?? []
      for (id, owner) in owned
      where (try? InstanceName(owner)?.isAlive(proc: procfs, files: KernelFiles())) == false {
        found.containers.append((engine, id))
      }
    }
    return found
  }

  /// Removes everything that was found; what cannot be removed is said and left.
  ///
  /// - Returns: what was removed, a line each.
  func remove(tracefs: Tracefs?) async -> [String] {
    var lines: [String] = []
    for (engine, id) in containers {
      do {
        try await engine.remove(id)
        lines.append("removed the container \(id.prefix(12)) that a killed collector left")
      } catch {
        printError("collector: \(error)")
      }
    }
    if let tracefs {
      do {
        let removal = try StaleInstances.remove(tracefs)
        lines += removal.removed.map {
          "removed the trace instance \($0) that a killed collector left"
        }
        if removal.restoredTopLevel {
          lines.append("restored the top-level trace buffer that a killed collector left")
        }
        for failure in removal.failures { printError("collector: \(failure)") }
      } catch {
        printError("collector: \(error)")
      }
    }
    for folder in folders {
      SpoolPlace.remove(folder)
      lines.append("removed the folder \(folder) that a killed collector left")
    }
    return lines
  }
}
