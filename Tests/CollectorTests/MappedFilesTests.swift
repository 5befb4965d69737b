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

  /// The whole of a file, not only what one piece of advice reads, is in the page cache then.
  @Test func wholeFile() throws {
    // On a disk: /tmp may be memory.
    let folder = "/var/tmp/kernel-footprint-test.\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/library"
    try Data(repeating: 1, count: 8 << 20).write(to: URL(filePath: path))
    let file = open(path, O_RDWR)
    #expect(file >= 0)
    defer { close(file) }
    #expect(fsync(file) == 0)
    #expect(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0)
    let place = try TemporaryFolder()
    try map(place, 10, [path])
    let before = try resident(file, 8 << 20)
    let files = MappedFiles(procfs: place.path + "/proc")
    #expect(files.readAhead(of: TaskList([TaskList.Task(pid: 10)])) == 1)
    // Nothing waits for the disk.
    var after = 0
    for _ in 0..<200 {
      after = try resident(file, 8 << 20)
      if after == 2048 { break }
      usleep(50_000)
    }
    #expect(after == 2048, "of 2048 pages, \(before) before")
  }

  /// Pages of a file in the page cache (mincore(2)).
  private func resident(_ file: Int32, _ bytes: Int) throws -> Int {
    let memory = try #require(mmap(nil, bytes, PROT_READ, MAP_SHARED, file, 0))
    defer { munmap(memory, bytes) }
    var pages = [UInt8](repeating: 0, count: bytes / 4096)
    #expect(mincore(memory, bytes, &pages) == 0)
    return pages.count { $0 & 1 == 1 }
  }

  /// The constant parts of a process's files are mapped into it page by page, as the kernel tells; what it may
  /// write to is not touched.
  @Test func mapsIn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/library"
    try Data(repeating: 1, count: 4 << 20).write(to: URL(filePath: path))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import mmap, sys
      file = open(sys.argv[1], "r+b")
      constant = mmap.mmap(file.fileno(), 1 << 20, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
      own = mmap.mmap(file.fileno(), 1 << 20, flags=mmap.MAP_PRIVATE, offset=1 << 20)
      shared = mmap.mmap(
          file.fileno(), 1 << 20, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ, offset=2 << 20)
      print(flush=True)
      sys.stdin.read()
      """, path,
    ]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    defer {
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
    }
    #expect(output.fileHandleForReading.availableData == Data("\n".utf8))
    let pid = process.processIdentifier
    let links = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/map_files")
    let isAllowed =
      links?.first.map { open("/proc/\(pid)/map_files/\($0)", 0o10000000) >= 0 } ?? false
    let before = try resident(pid, path)
    try #require(before.count == 3, "\(before)")
    let bytes = MappedFiles(procfs: "/proc").mapIn(of: TaskList([TaskList.Task(pid: pid)]))
    let after = try resident(pid, path)
    if isAllowed {
      #expect(bytes >= 1 << 20)
      #expect(after[0] == 1024)
      #expect(after[1...] == before[1...])
    } else {
      #expect(bytes == 0 && after == before)
    }
  }

  /// KiB that are resident of each mapping of a file, by offset (proc_pid_smaps(5)).
  private func resident(_ pid: Int32, _ path: String) throws -> [Int] {
    let text = String(
      decoding: try #require(SmallFile.read("/proc/\(pid)/smaps")), as: UTF8.self)
    var status = stat()
    #expect(stat(path, &status) == 0)
    var found: [(offset: Int, kilobytes: Int)] = []
    var offset: Int?
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count >= 5, fields[0].contains("-") {
        offset = UInt64(fields[4]) == UInt64(status.st_ino) ? Int(fields[2], radix: 16) : nil
      } else if fields[0] == "Rss:", let start = offset {
        found.append((start, Int(fields[1]) ?? -1))
      }
    }
    return found.sorted { $0.offset < $1.offset }.map(\.kilobytes)
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
