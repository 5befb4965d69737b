import Foundation
import Ftrace
import TestSupport
import Testing

@testable import Collector

@Suite struct MappedFilesTests {
  /// A process's mappings as links, as procfs shows them.
  private func map(_ folder: TemporaryFolder, _ pid: Int32, _ targets: [String]) throws {
    let files = "\(folder.path)/proc/\(pid)/map_files"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
    for (number, target) in targets.enumerated() {
      try FileManager.default.createSymbolicLink(
        atPath: "\(files)/\(number)000-\(number)fff", withDestinationPath: target)
    }
  }

  @Test func regularFilesOnceEach() throws {
    let folder = try TemporaryFolder()
    for name in ["program", "library"] {
      try Data(repeating: 1, count: 20_000).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }
    try Data().write(to: URL(filePath: folder.path + "/empty"))
    // Opening it would wait for a writer.
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    let here = { (name: String) in "\(folder.path)/\(name)" }
    try map(
      folder, 10, [here("program"), here("library"), here("program"), "/dev/null", here("pipe")])
    try map(folder, 20, [here("library"), here("gone"), here("empty"), folder.path])
    let files = MappedFiles(procfs: folder.path + "/proc")
    let tasks = TaskList([
      TaskList.Task(pid: 10, tgid: 10), TaskList.Task(pid: 11, tgid: 10), TaskList.Task(pid: 20),
      TaskList.Task(pid: 30),
    ])
    #expect(files.readAhead(of: tasks) == 2)
    #expect(files.readAhead(of: TaskList()) == 0)
  }

  /// Of this very process, where the rights suffice: its program and its libraries.
  @Test func ownProcess() throws {
    let own = TaskList([TaskList.Task(pid: getpid())])
    let links = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/map_files")) ?? []
    let isAllowed = links.first.map { open("/proc/self/map_files/\($0)", 0o10000000) >= 0 } ?? false
    let count = MappedFiles(procfs: "/proc").readAhead(of: own)
    #expect(isAllowed ? count >= 2 : count == 0)
  }
}
