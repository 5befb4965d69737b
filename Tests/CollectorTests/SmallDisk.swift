import Foundation

/// A file system with little room, mounted at a new folder: it needs the right to mount.
struct SmallDisk {
  let path: String

  struct Refused: Error { var code: Int32 }

  init(_ path: String, kilobytes: Int) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("none", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
      throw Refused(code: errno)
    }
  }

  func remove() { umount2(path, Int32(MNT_DETACH)) }

  /// Whether this machine allows it to this user.
  static let isAllowed: Bool = {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "kernel-footprint-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    guard let disk = try? SmallDisk(path, kilobytes: 64) else { return false }
    disk.remove()
    return true
  }()
}
