import Glibc

/// What tells one state of a warehouse's file from another without reading it: SQLite changes some of
/// this with every commit. A state that differs may still hold the same rows; equal ones do.
struct WarehouseState: Equatable {
  let text: String

  /// Taken before the rows are read: a commit in between then only looks like a later one.
  init(path: String) {
    // The file's header counts its changes, and the log's has numbers that change when it begins anew.
    text = [Self.part(path, header: 100), Self.part(path + "-wal", header: 32)]
      .joined(separator: "\n")
  }

  private static func part(_ path: String, header: Int) -> String {
    var status = stat()
    // Readers may leave an empty log.
    guard stat(path, &status) == 0, status.st_size > 0 else { return "-" }
    var bytes = [UInt8](repeating: 0, count: header)
    var count = 0
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor >= 0 {
      // Unsafe: C writes within the buffer, whose size it is told.
      count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, header, 0) }
      close(descriptor)
    }
    return [
      String(status.st_dev), String(status.st_ino), String(status.st_size),
      String(status.st_mtim.tv_sec), String(status.st_mtim.tv_nsec),
      Hexadecimal.text(bytes.prefix(max(0, count))),
    ].joined(separator: " ")
  }
}
