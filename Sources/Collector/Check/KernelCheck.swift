import Ftrace
import Glibc

/// What the kernel must allow.
struct KernelCheck {
  var procfs = "/proc"
  var sysfs = "/sys"
  var isRoot = geteuid() == 0
  /// Finds tracefs; tests name a folder.
  var findTracefs: () throws -> Tracefs = { try Tracefs.find() }

  func requirements() -> [Requirement] {
    [root] + tracing() + [lockdown, symbols, cgroups]
  }

  private var root: Requirement {
    isRoot
      ? .ok("root", "yes")
      : .missing("root", "user id \(geteuid())", "run it under sudo")
  }

  private func tracing() -> [Requirement] {
    let tracefs: Tracefs
    do {
      tracefs = try findTracefs()
    } catch {
      return [.missing("tracefs", "not accessible", "\(error)")]
    }
    var found = [Requirement.ok("tracefs", tracefs.root)]
    let tracers: [String]
    do {
      tracers = try tracefs.tracers()
    } catch {
      return found + [.missing("tracer function", "cannot be told", "\(error)")]
    }
    let list = tracers.joined(separator: " ")
    found.append(
      tracers.contains("function")
        ? .ok("tracer function", "available")
        : .missing(
          "tracer function", "the kernel has: \(list)",
          "use a kernel with CONFIG_FUNCTION_TRACER (Debian's have it), or the lab: "
            + "script/experiment"))
    found.append(
      tracers.contains("function_graph")
        ? .ok("tracer function_graph", "available")
        : .warning(
          "tracer function_graph", "the kernel has: \(list)",
          "--tracer function_graph needs a kernel with CONFIG_FUNCTION_GRAPH_TRACER"))
    found.append(functions(tracefs))
    switch number("\(procfs)/sys/kernel/ftrace_enabled") {
    case 0:
      found.append(
        .missing("ftrace_enabled", "0", "echo 1 > /proc/sys/kernel/ftrace_enabled"))
    case let value?: found.append(.ok("ftrace_enabled", String(value)))
    case nil: break
    }
    return found
  }

  private func functions(_ tracefs: Tracefs) -> Requirement {
    let path = "\(tracefs.root)/available_filter_functions"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = errno
      return .missing(
        "function tracing", "\(path): \(String(cString: strerror(reason)))",
        reason == EPERM || reason == EACCES
          ? "the kernel forbids it (lockdown, or a container without the right): use the host itself"
          : "use a kernel with CONFIG_DYNAMIC_FTRACE, or the lab: script/experiment")
    }
    defer { close(descriptor) }
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) == 1
      ? .ok("function tracing", "permitted")
      : .missing(
        "function tracing", "\(path): there is no function in it",
        "use a kernel with CONFIG_DYNAMIC_FTRACE, or the lab: script/experiment")
  }

  private var lockdown: Requirement {
    guard let text = SmallFile.read("\(sysfs)/kernel/security/lockdown") else {
      return .ok("lockdown", "none")
    }
    // `none [integrity] confidentiality`: the one in brackets holds.
    let line = String(decoding: text, as: UTF8.self)
    let chosen =
      line.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("[") }
      .map { $0.dropFirst().dropLast() } ?? "none"
    return chosen == "confidentiality"
      ? .missing(
        "lockdown", "confidentiality",
        "start the kernel without lockdown=confidentiality: it forbids tracing")
      : .ok("lockdown", String(chosen))
  }

  private var symbols: Requirement {
    let path = "\(procfs)/kallsyms"
    let head = SmallFile.read(path, limit: 1 << 12) ?? []
    let addresses = String(decoding: head, as: UTF8.self).split(separator: "\n").dropLast()
      .compactMap { $0.split(separator: " ").first }
    guard !addresses.isEmpty else {
      return .missing("kallsyms", "\(path) cannot be read", "use a kernel with CONFIG_KALLSYMS")
    }
    return addresses.contains { $0.contains { $0 != "0" } }
      ? .ok("kallsyms", "addresses are shown")
      : .missing(
        "kallsyms", "addresses are hidden",
        "run it under sudo, and: echo 1 > /proc/sys/kernel/kptr_restrict")
  }

  private var cgroups: Requirement {
    if SmallFile.read("\(sysfs)/fs/cgroup/cgroup.controllers") != nil {
      return .ok("cgroups", "version 2")
    }
    return SmallFile.isFolder("\(sysfs)/fs/cgroup")
      ? .ok("cgroups", "version 1")
      : .missing("cgroups", "not mounted", "mount -t cgroup2 none /sys/fs/cgroup")
  }

  private func number(_ path: String) -> Int? {
    SmallFile.read(path).flatMap { Int(String(decoding: $0, as: UTF8.self).trimmed) }
  }
}
