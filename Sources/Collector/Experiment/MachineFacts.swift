import Glibc

/// The machine that an experiment runs on.
struct MachineFacts: Sendable, Equatable {
  var kernelRelease: String
  var machine: String
  var host: String
  /// CPUs that are online.
  var cpus: Int
  /// Bytes of memory.
  var memory: UInt64
  /// As `/proc/cpuinfo` tells; nil where it does not.
  var cpuModel: String?

  static func current(procfs: String = "/proc") -> MachineFacts {
    var name = utsname()
    uname(&name)
    func text<T>(_ field: T) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let info = SmallFile.read("\(procfs)/cpuinfo").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let model = info.split(separator: "\n").first { $0.hasPrefix("model name") }
    return MachineFacts(
      kernelRelease: text(name.release), machine: text(name.machine), host: text(name.nodename),
      cpus: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      memory: UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES))))
        * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE)))),
      cpuModel: model?.split(separator: ":").last.map { $0.trimmed })
  }
}
