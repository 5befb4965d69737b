import CLinux
import Ftrace
import Glibc

/// The files that tasks have mapped: their programs, libraries and data.
///
/// What of them is in the page cache depends on what ran on the machine before: the first run after a
/// boot reads the rest of a library from the disk in mid-recording, some hundred functions of the file
/// system and the block layer, and the next run does not. Read beforehand, it is there for both.
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

  private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  private func readAhead(_ path: String, _ known: inout Set<Identity>) {
    // A mapping may be of a device, whose opening does something: look first, by a descriptor that
    // opens nothing.
    let place = open(path, KF_O_PATH | O_CLOEXEC)
    guard place >= 0 else { return }
    defer { close(place) }
    var status = stat()
    var system = statfs()
    guard fstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      (1...Self.mostBytes).contains(Int(status.st_size)), fstatfs(place, &system) == 0,
      Int(system.f_type) != Self.fuse,
      known.insert(Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))).inserted
    else { return }
    let file = open("/proc/self/fd/\(place)", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { return }
    defer { close(file) }
    for offset in stride(from: 0, to: Int(status.st_size), by: Self.window) {
      posix_fadvise(file, offset, Self.window, POSIX_FADV_WILLNEED)
    }
  }
}
