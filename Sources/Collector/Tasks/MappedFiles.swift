import CLinux
import Ftrace
import Glibc

/// The files that tasks have mapped: their programs, libraries and data.
///
/// What of them is in the page cache depends on what ran on the machine before: the first run after a
/// boot reads the rest of a library from the disk in mid-recording, some hundred functions of the file
/// system and the block layer, and the next run does not. Read beforehand, it is there for both. What is in
/// the page cache is mapped when it is touched first, page by page, some fifty functions of the memory
/// management that are in a run by chance. Mapped beforehand, it is so in all.
struct MappedFiles {
  /// Larger ones are data.
  private static let mostBytes = 512 << 20
  /// What the kernel reads for one piece of advice: not more than its window for reading ahead, 128 KiB
  /// unless told otherwise (`force_page_cache_ra` of mm/readahead.c), and the rest of it is forgotten.
  private static let window = 128 << 10
  /// `FUSE_SUPER_MAGIC` of include/uapi/linux/magic.h: a process answers there, perhaps one that is traced.
  private static let fuse: Int = 0x6573_5546

  /// Where procfs is mounted.
  let procfs: String

  /// Has the kernel read them into the page cache (posix_fadvise(2), `POSIX_FADV_WILLNEED`; it does not
  /// wait for the disk). What cannot be opened is left out: this needs `CAP_SYS_ADMIN` (proc_pid_map_files(5)),
  /// and tasks end at any time.
  ///
  /// - Returns: how many files it was asked for.
  @discardableResult
  func readAhead(of tasks: TaskList) -> Int {
    var known: Set<Identity> = []
    // Threads share a process's memory.
    for pid in Set(tasks.tasks.values.map { $0.tgid ?? $0.pid }).sorted() {
      let folder = "\(procfs)/\(pid)/map_files"
      for name in SmallFile.names(in: folder) ?? [] { readAhead("\(folder)/\(name)", &known) }
    }
    return known.count
  }

  /// Has the kernel map their pages into the tasks, as a first touch by the tasks would: the parts of files
  /// that cannot be written to (programs, libraries, constants), by reading `mem` of procfs (proc_pid_mem(5),
  /// which needs the right to trace the task). What the tasks may write to is theirs to touch. Waits for the disk.
  ///
  /// - Returns: bytes that are mapped now.
  @discardableResult
  func mapIn(of tasks: TaskList) -> Int {
    var bytes = 0
    var buffer = [UInt8](repeating: 0, count: Self.window)
    for pid in Set(tasks.tasks.values.map { $0.tgid ?? $0.pid }).sorted() {
      let memory = open("\(procfs)/\(pid)/mem", O_RDONLY | O_CLOEXEC)
      guard memory >= 0 else { continue }
      defer { close(memory) }
      for range in constantRanges(of: pid) where isReadable("\(procfs)/\(pid)/map_files", range) {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.window) {
          let count = min(Self.window, range.upperBound - start)
          // Beyond the end of a file that was cut there is nothing: the next piece is asked for
          // all the same.
          bytes += max(0, pread(memory, &buffer, count, off_t(start)))
        }
      }
    }
    return bytes
  }

  /// The address ranges of a process where files are mapped privately and are not writable.
  private func constantRanges(of pid: Int32) -> [Range<Int>] {
    guard let maps = SmallFile.read("\(procfs)/\(pid)/maps", limit: 16 << 20) else {
      return []
    }
    return maps.split(separator: UInt8(ascii: "\n")).compactMap { line in
      // start-end rwxp offset device inode path (proc_pid_maps(5)).
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
      guard fields.count == 6, fields[1].starts(with: "r-".utf8),
        fields[1].last == UInt8(ascii: "p"), Int(String(decoding: fields[4], as: UTF8.self)) != 0
      else { return nil }
      return Self.range(fields[0])
    }
  }

  private static func range(_ text: some Collection<UInt8>) -> Range<Int>? {
    let ends = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      .map { Int(String(decoding: $0, as: UTF8.self), radix: 16) }
    guard ends.count == 2, let start = ends[0], let end = ends[1], 0 <= start, start <= end else {
      return nil
    }
    return start..<end
  }

  /// Whether it is a file that the kernel itself reads, and not too large a one.
  private func isReadable(_ folder: String, _ range: Range<Int>) -> Bool {
    let name = "\(String(range.lowerBound, radix: 16))-\(String(range.upperBound, radix: 16))"
    let place = open("\(folder)/\(name)", KF_O_PATH | O_CLOEXEC)
    guard place >= 0 else { return false }
    defer { close(place) }
    return Self.identity(place) != nil
  }

  private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
    var bytes: Int
  }

  private func readAhead(_ path: String, _ known: inout Set<Identity>) {
    // A mapping may be of a device, whose opening does something: look first, by a descriptor that
    // opens nothing.
    let place = open(path, KF_O_PATH | O_CLOEXEC)
    guard place >= 0 else { return }
    defer { close(place) }
    guard let identity = Self.identity(place), known.insert(identity).inserted else { return }
    let file = open("/proc/self/fd/\(place)", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { return }
    defer { close(file) }
    for offset in stride(from: 0, to: identity.bytes, by: Self.window) {
      posix_fadvise(file, offset, Self.window, POSIX_FADV_WILLNEED)
    }
  }

  /// Which file a descriptor is of; nil when it is none to be read.
  private static func identity(_ place: Int32) -> Identity? {
    var status = stat()
    var system = statfs()
    guard fstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      (1...mostBytes).contains(Int(status.st_size)), fstatfs(place, &system) == 0,
      Int(system.f_type) != fuse
    else { return nil }
    return Identity(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), bytes: Int(status.st_size))
  }
}
