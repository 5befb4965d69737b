import Glibc

/// What the container engine and its images must be.
struct EngineCheck {
  var engine: ContainerEngine
  /// Asked for by name; nil: whatever there is.
  var runtime: String?

  /// The engine with what it knows; no information when it does not answer.
  func requirements() async -> (found: [Requirement], info: ContainerEngine.Info?) {
    let name = "engine \(engine.kind.rawValue)"
    let info: ContainerEngine.Info
    do {
      info = try await engine.info()
    } catch {
      let isMissing = "\(error)".contains("not installed")
      return (
        [
          .missing(
            name, "\(error)",
            isMissing
              ? "apt-get install \(engine.kind == .docker ? "docker.io" : "podman")"
              : "systemctl start \(engine.kind.rawValue)")
        ], nil
      )
    }
    var found = [Requirement.ok(name, info.version)]
    let names = info.runtimes.map(\.name)
    if let runtime {
      if let known = info.runtimes.first(where: { $0.name == runtime }) {
        found.append(
          .ok("runtime \(runtime)", await engine.version(of: known) ?? "version not told"))
      } else {
        found.append(
          .missing(
            "runtime \(runtime)", "the engine knows \(names.joined(separator: ", "))",
            Self.remedy(runtime, engine: engine.kind)))
      }
    } else {
      found.append(
        names.isEmpty
          ? .missing("runtimes", "none", "apt-get install runc")
          : .ok("runtimes", names.joined(separator: ", ")))
    }
    return (found, info)
  }

  func image(_ image: String) async -> Requirement {
    do {
      if let id = try await engine.imageID(image) { return .ok("image \(image)", id) }
      return .warning("image \(image)", "not there", "it is built by the first run")
    } catch {
      return .missing("image \(image)", "\(error)", "see the message")
    }
  }

  static func remedy(_ runtime: String, engine: ContainerEngine.Kind) -> String {
    let package = ["runsc", "runc", "crun"].contains(runtime) ? "apt-get install \(runtime); " : ""
    switch engine {
    case .docker:
      return package
        + "name its program under \"runtimes\" in /etc/docker/daemon.json and restart docker"
    case .podman: return package + "podman finds a runtime by the name of its program"
    }
  }

  /// What is of use beside, though nothing of a run needs it.
  static func tools() -> [Requirement] {
    [
      SystemCommands.find("trace-cmd").map { .ok("tool trace-cmd", $0) }
        ?? .warning(
          "tool trace-cmd", "not installed",
          "apt-get install trace-cmd, to look into a trace.dat by hand")
    ]
  }

  /// Room for recordings in `folder`.
  static func disk(_ folder: String, needs bytes: UInt64 = 1 << 30) -> Requirement {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else {
      return .missing(
        "disk", "\(folder): \(String(cString: strerror(errno)))", "name a folder that exists")
    }
    let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
    let told = "\(free >> 20) MiB free in \(folder)"
    return free >= bytes
      ? .ok("disk", told)
      : .warning("disk", told, "recordings take up to 1 GiB: free some, or use --no-raw")
  }
}
