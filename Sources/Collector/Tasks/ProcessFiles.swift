import Glibc

/// What procfs(5) says of the processes of this machine. Processes end at any time: whatever is gone
/// when it is read is nil or empty, never an error.
struct ProcessFiles {
  /// Where procfs is mounted.
  let root: String

  /// The fields of `/proc/PID/stat` that matter here.
  struct Status: Equatable {
    var comm: String
    var parent: Int32
    /// `PF_…` of include/linux/sched.h.
    var flags: UInt64
    /// Clock ticks since the machine started; with the pid it names a process for good.
    var startTime: UInt64

    /// `PF_KTHREAD`.
    var isKernelThread: Bool { flags & 0x0020_0000 != 0 }

    /// Reads a line of `stat`. The name stands in brackets and may hold brackets and spaces itself:
    /// the last one closes it.
    init?(parsing line: some Sequence<UInt8>) {
      // By bytes: a recording begins with this line of every process of the machine.
      let line = Array(line)
      guard let open = line.firstIndex(of: UInt8(ascii: "(")),
        let close = line.lastIndex(of: UInt8(ascii: ")")), open < close
      else { return nil }
      // Behind the name: state ppid pgrp session tty tpgid flags … starttime is the 20th.
      let words = line[(close + 1)...].split(separator: 0x20, maxSplits: 20)
      guard words.count > 19, let parent = Self.number(words[1]).flatMap({ Int32(exactly: $0) }),
        let flags = Self.number(words[6]), let start = Self.number(words[19])
      else { return nil }
      comm = String(decoding: line[(open + 1)..<close], as: UTF8.self)
      self.parent = parent
      self.flags = flags
      startTime = start
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
      guard !digits.isEmpty else { return nil }
      var value: UInt64 = 0
      for digit in digits {
        guard (0x30...0x39).contains(digit) else { return nil }
        let (tens, isTooMuch) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflows) = tens.addingReportingOverflow(UInt64(digit - 0x30))
        guard !isTooMuch, !overflows else { return nil }
        value = sum
      }
      return value
    }
  }

  /// A line of `/proc/PID/cgroup` (cgroups(7)): no controllers for version 2.
  struct Membership: Equatable {
    var controllers: [String]
    var path: String
  }

  init(root: String = "/proc") {
    self.root = root
  }

  /// Every process, in order.
  ///
  /// - Throws: ``TaskError`` when procfs cannot be listed.
  func processes() throws(TaskError) -> [Int32] {
    guard let names = SmallFile.names(in: root) else {
      throw TaskError(description: "\(root): cannot list the processes; is procfs mounted there?")
    }
    return names.compactMap { Int32($0) }.filter { $0 > 0 }.sorted()
  }

  func status(of pid: Int32) -> Status? {
    SmallFile.read("\(root)/\(pid)/stat").flatMap { Status(parsing: $0) }
  }

  /// The state's letter: R, S, D, T (stopped), Z (ended, not waited for), …
  func state(of pid: Int32) -> Character? {
    guard let line = SmallFile.read("\(root)/\(pid)/stat"),
      let close = line.lastIndex(of: UInt8(ascii: ")")), close + 2 < line.count
    else { return nil }
    return Character(UnicodeScalar(line[close + 2]))
  }

  /// The command line; empty for kernel threads and processes that ended.
  func arguments(of pid: Int32) -> [String] {
    guard let bytes = SmallFile.read("\(root)/\(pid)/cmdline") else { return [] }
    var words = bytes.split(separator: 0, omittingEmptySubsequences: false)
    if words.last?.isEmpty == true { words.removeLast() }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The threads of a process with their names, the process's own among them.
  func threads(of pid: Int32) -> [(tid: Int32, comm: String?)] {
    let names = SmallFile.names(in: "\(root)/\(pid)/task") ?? []
    return names.compactMap { Int32($0) }.sorted().map { tid in
      let comm = SmallFile.read("\(root)/\(pid)/task/\(tid)/comm").map { bytes in
        String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
      }
      return (tid, comm)
    }
  }

  /// The process that a thread belongs to.
  func threadGroup(of tid: Int32) -> Int32? {
    guard let bytes = SmallFile.read("\(root)/\(tid)/status") else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("Tgid:") {
      return line.split(whereSeparator: { $0 == "\t" || $0 == " " }).last.flatMap { Int32($0) }
    }
    return nil
  }

  func memberships(of pid: Int32) -> [Membership] {
    guard let bytes = SmallFile.read("\(root)/\(pid)/cgroup") else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      // `5:cpu,cpuacct:/docker/ID`, `0::/docker/ID`; the path may hold colons.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      return Membership(
        controllers: parts[1].split(separator: ",").map(String.init), path: String(parts[2]))
    }
  }
}
