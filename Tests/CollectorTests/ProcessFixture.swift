import Foundation

@testable import Collector

/// procfs and cgroupfs as they were beside a real container: a file of `Tests/Fixtures/engine` with a
/// JSON object a line, of a process or of a file of cgroupfs, laid out in a folder.
struct ProcessFixture {
  enum Cgroups: CaseIterable {
    case version1
    case version2
  }

  private struct Line: Decodable {
    // A process: its files, and its threads' names.
    var pid: Int32?
    var stat: String?
    var cmdline: String?
    var cgroup: String?
    var tasks: [String: String]?
    // A file below the mount of cgroup version 2.
    var file: String?
    var text: String?
  }

  let folder: String
  var procfs: String { "\(folder)/proc" }
  var cgroups: String { "\(folder)/cgroup" }
  var snapshot: TaskSnapshot { TaskSnapshot(procfs: procfs, cgroupRoot: cgroups) }

  /// - Parameter version: of the control groups; the recorded ones are of version 2.
  init(_ fixture: String, in folder: String, _ version: Cgroups = .version2) throws {
    self.folder = folder
    let url = Program.repository.appending(path: "Tests/Fixtures/engine/\(fixture).processes")
    for text in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
      if let pid = line.pid { try process(pid, line, version) }
      if let file = line.file, let text = line.text { try group(file, text, version) }
    }
  }

  private func process(_ pid: Int32, _ line: Line, _ version: Cgroups) throws {
    var groups = line.cgroup ?? ""
    if version == .version1, groups.hasPrefix("0::") {
      let path = groups.dropFirst(3)
      groups = "4:cpu,cpuacct:\(path)1:name=systemd:\(path)0::/\n"
    }
    try write(line.stat ?? "", "\(procfs)/\(pid)/stat")
    try write(line.cmdline ?? "", "\(procfs)/\(pid)/cmdline")
    try write(groups, "\(procfs)/\(pid)/cgroup")
    for (tid, comm) in line.tasks ?? [:] {
      try write(comm + "\n", "\(procfs)/\(pid)/task/\(tid)/comm")
      try write("Name:\t\(comm)\nTgid:\t\(pid)\nPid:\t\(tid)\n", "\(procfs)/\(tid)/status")
    }
  }

  private func group(_ file: String, _ text: String, _ version: Cgroups) throws {
    switch version {
    case .version2: try write(text, cgroups + file)
    case .version1:
      guard file.hasSuffix("/cgroup.threads") else { return }
      for controller in ["cpu,cpuacct", "systemd"] {
        let path = (file as NSString).deletingLastPathComponent
        try write(text, "\(cgroups)/\(controller)\(path)/tasks")
      }
    }
  }

  private func write(_ text: String, _ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }
}
