import Foundation
import TestSupport
import Testing

@testable import Ftrace

/// A trace.dat made of a capture's raw pages holds what they hold, for us and for trace-cmd.
@Suite struct TraceDatWriterTests {
  /// The parts of a trace.dat, from a capture's files; the pages unpacked into `folder`.
  static func contents(
    _ capture: String, _ recording: String, into folder: String
  ) throws -> TraceDatContents {
    let files = try RecordingFiles(path: "\(Captures.folder)/\(capture)", recording: recording)
    func bytes(_ path: String) throws -> [UInt8] { try InputFile.open(path).readAll() }
    let events = try #require(files.events)
    func formats(_ system: String) throws -> [[UInt8]] {
      try RecordingFiles.formatFiles(below: events)
        .filter { $0.hasPrefix("\(events)/\(system)/") }.map(bytes)
    }
    var contents = TraceDatContents()
    contents.headerPage = try bytes("\(events)/header_page")
    contents.headerEvent = try bytes("\(events)/header_event")
    contents.tracerFormats = try formats("ftrace")
    for system in ["raw_syscalls", "sched"] {
      contents.systems.append(.init(name: system, formats: try formats(system)))
    }
    contents.kallsyms = try bytes(try #require(files.kallsyms))
    contents.commandLines = try files.savedComms.map(bytes) ?? []
    contents.clock = "local global [mono]\n"
    contents.uname = "Linux guest \(files.kernelRelease ?? "") x86_64"
    for (cpu, path) in files.pages {
      let target = "\(folder)/cpu\(cpu).pages"
      try Data(bytes(path)).write(to: URL(filePath: target))
      let stats = try files.stats[cpu].map { String(decoding: try bytes($0), as: UTF8.self) }
      contents.pages[cpu] = .init(path: target, stats: stats)
    }
    return contents
  }

  static func read(
    _ path: String, tasks: TaskList? = nil, rules: FilterRules = .none
  ) throws -> Recording {
    var options = RecordingReader.Options()
    options.rules = rules
    options.tasks = tasks
    return try RecordingReader(RecordingFiles(path: path), options: options).read()
  }

  /// Calls by pid and function that `trace-cmd report` prints, under the name that all aliases of an
  /// address share.
  static func report(_ path: String) throws -> [String: UInt64] {
    var printed: [String: UInt64] = [:]
    let text = Array(try TraceCmdTests.traceCmd(["report", "-i", path]).utf8)
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0a) ?? text.count
      defer { start = end + 1 }
      // `redis-server-373   [000]   122.099558: function:    fput <-- do_epoll_wait`, or
      // `funcgraph_entry:      1.2 us   |    fput();`, or `… |  do_epoll_wait() {`
      let line = text[start..<end]
      var mark: Int?
      var isGraph = false
      var from = line.startIndex
      while mark == nil, let colon = line[from...].firstIndex(of: 0x3a) {
        isGraph = line[from..<colon].ends(with: "funcgraph_entry".utf8)
        if isGraph || line[from..<colon].ends(with: " function".utf8) { mark = colon }
        from = colon + 1
      }
      guard let mark, let bracket = line[..<mark].lastIndex(of: 0x5b),
        let dash = line[..<bracket].lastIndex(of: 0x2d)
      else { continue }
      let pid = line[(dash + 1)..<bracket].filter { $0 != 0x20 }
      var rest = line[(mark + 1)...]
      if isGraph, let bar = rest.lastIndex(of: 0x7c) { rest = rest[(bar + 1)...] }
      let name = rest.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0x28 }
      let row = String(decoding: pid + [0x20] + name, as: UTF8.self)
      printed[row, default: 0] += 1
    }
    return common(printed)
  }

  /// Under one name for all aliases of an address, of which trace-cmd chooses another one.
  static func common(_ counts: [String: UInt64]) -> [String: UInt64] {
    var common: [String: UInt64] = [:]
    for (row, calls) in counts {
      let words = row.split(separator: " ")
      let name =
        words[1] == "__softirqentry_text_start" ? "__do_softirq" : TraceCmdTests.common(words[1])
      common["\(words[0]) \(name)", default: 0] += calls
    }
    return common
  }

  @Test(arguments: [
    ("runc-python_tornado-1", "func"), ("crun-redis-k612", "func"),
    ("runc-python_tornado-1", "graph"),
    ("overrun-runc-redis-server-3", "overrun-overwrite"),
    ("overrun-runc-redis-server-3", "overrun-nooverwrite"),
  ])
  func sameAsPages(_ capture: String, _ recording: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.dat"
    try TraceDatWriter(try Self.contents(capture, recording, into: folder.path)).write(to: path)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "cpu0.pages", "cpu1.pages", "trace.dat",
      ])
    let raw = try Captures.read(capture, recording, rules: .none)
    let dat = try Self.read(path)
    #expect(dat.rows == raw.rows)
    #expect(dat.lost == raw.lost)
    #expect(dat.kernelRelease == raw.kernelRelease)
    #expect(dat.machine == "x86_64")
    #expect(dat.clock == "mono")
    #expect(dat.tracer == raw.tracer)
    #expect(try Self.report(path) == Self.common(raw.counts))
  }

  /// Filtered, with the tasks told beside it.
  @Test func filtered() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.dat"
    try TraceDatWriter(try Self.contents("runc-python_tornado-1", "func", into: folder.path))
      .write(to: path)
    let tasks = try Captures.tasks("runc-python_tornado-1")
    let dat = try Self.read(path, tasks: tasks, rules: FilterRules())
    let expected = try Captures.read("runc-python_tornado-1", "func")
    #expect(dat.reasons == expected.reasons)
    #expect(dat.rows == expected.rows)
  }

  /// trace-cmd itself prints where events are missing.
  @Test func lossesInReport() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.dat"
    var contents = try Self.contents(
      "overrun-runc-redis-server-3", "overrun-overwrite", into: folder.path)
    try TraceDatWriter(contents).write(to: path)
    let marks = try TraceCmdTests.traceCmd(["report", "-i", path]).split(separator: "\n")
      .compactMap { line -> Int? in
        guard let from = line.firstRange(of: "["), line.contains("EVENTS DROPPED]") else {
          return nil
        }
        return Int(line[from.upperBound...].prefix { $0.isNumber })
      }
    #expect(marks.reduce(0, +) == 230_260)
    // Without stats the pages' marks stand in.
    for cpu in contents.pages.keys { contents.pages[cpu]?.stats = nil }
    try TraceDatWriter(contents).write(to: path)
    #expect(try Self.read(path).lost == 230_260)
  }

  /// What the kernel says was read out of its buffer must all be in the file.
  @Test func missingPages() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.dat"
    var contents = try Self.contents("runc-python_tornado-1", "func", into: folder.path)
    let whole = try Captures.read("runc-python_tornado-1", "func", rules: .none)
    for cpu in contents.pages.keys {
      // As the kernel counts once everything was read.
      let stats = try #require(contents.pages[cpu]?.stats)
      contents.pages[cpu]?.stats =
        stats.replacing("\nread events: 0", with: "")
        .replacing("entries: ", with: "entries: 0\nread events: ")
    }
    try TraceDatWriter(contents).write(to: path)
    #expect(try !Self.read(path).isLossy)
    let pages = try #require(contents.pages[1]?.path)
    let bytes = try Data(contentsOf: URL(filePath: pages))
    try bytes.dropLast(4096 * 3).write(to: URL(filePath: pages))
    try TraceDatWriter(contents).write(to: path)
    let cut = try Self.read(path)
    #expect(cut.isLossy)
    #expect(
      cut.notes[.init(.entriesMissing, cpu: 1)] == whole.tally.seen - cut.tally.seen)
  }

  /// A machine whose CPUs are not numbered without gaps.
  @Test func sparseCPUs() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.dat"
    var contents = try Self.contents("runc-python_tornado-1", "func", into: folder.path)
    contents.pages[5] = contents.pages.removeValue(forKey: 1)
    try TraceDatWriter(contents).write(to: path)
    let raw = try Captures.read("runc-python_tornado-1", "func", rules: .none)
    #expect(try Self.read(path).rows == raw.rows)
    #expect(try Self.report(path) == Self.common(raw.counts))
  }

  /// Sub-buffers of another size than the kernel's page: the header says it.
  @Test func largerPages() throws {
    let folder = try TemporaryFolder()
    var generator = SystemRandomNumberGenerator()
    var builder = GeneratedPagesTests.PageBuilder(pageSize: 16384)
    for index in 0..<2000 {
      builder.add(
        .init(
          delta: 100, ip: 0xffff_ffff_8100_0000, parent: 0xffff_ffff_8100_0100,
          pid: Int32(41 + index % 2), flags: 0), with: &generator)
    }
    builder.close()
    let pages = folder.path + "/cpu0.pages"
    try Data(builder.pages).write(to: URL(filePath: pages))
    var contents = TraceDatContents()
    contents.headerPage = Array(TracefsFolder.headerPage.utf8)
    contents.headerEvent = Array("# events\n".utf8)
    contents.pageSize = 16384
    contents.tracerFormats = [
      Array((GeneratedPagesTests.format + "\n\nprint fmt: \"%lx\", REC->ip\n").utf8)
    ]
    contents.kallsyms = Array("ffffffff81000000 T called\nffffffff81000100 T caller\n".utf8)
    contents.pages[0] = .init(path: pages)
    let path = folder.path + "/trace.dat"
    try TraceDatWriter(contents).write(to: path)
    #expect(try Self.read(path).counts == ["41 called": 1000, "42 called": 1000])
    #expect(try Self.report(path) == ["41 called": 1000, "42 called": 1000])
    contents.pageSize = 4096
    contents.pages[0] = .init(path: pages)
    try Data(builder.pages.dropLast(7)).write(to: URL(filePath: pages))
    #expect(throws: FormatError.self) { try TraceDatWriter(contents).write(to: path) }
  }

  /// Nothing is written through a link, and a file that is there stays until the new one is whole.
  @Test func place() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trace.dat"
    let precious = folder.path + "/precious"
    try Data("mine".utf8).write(to: URL(filePath: precious))
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: precious)
    var contents = try Self.contents("runc-python_tornado-1", "func", into: folder.path)
    try TraceDatWriter(contents).write(to: path)
    #expect(try String(contentsOfFile: precious, encoding: .utf8) == "mine")
    let before = try Data(contentsOf: URL(filePath: path))
    contents.pages[3] = .init(path: folder.path + "/missing")
    #expect(throws: InputError.self) { try TraceDatWriter(contents).write(to: path) }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
    let missing = #expect(throws: InputError.self) {
      try TraceDatWriter(contents).write(to: folder.path + "/no/trace.dat")
    }
    #expect(
      missing?.description == "\(folder.path)/no/trace.dat: cannot make it: "
        + "No such file or directory; check the path")
  }
}

extension ArraySlice<UInt8> {
  fileprivate func ends(with text: String.UTF8View) -> Bool {
    suffix(text.count).elementsEqual(text)
  }
}
