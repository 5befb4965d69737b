import Glibc
import TraceStore

/// The warehouse as a file that root may make.
enum WarehouseFile {
  /// Opens a warehouse for writing, makes it when there is none.
  ///
  /// Other writers are waited for as long as `$TRACE_DB_WAIT` says, in seconds, else ten minutes.
  ///
  /// - Throws: ``WarehouseError``; ``ExperimentError`` when the variable is no number.
  static func openForWriting(_ path: String) throws -> Warehouse {
    guard let words = getenv("TRACE_DB_WAIT").map({ String(cString: $0) }), !words.isEmpty else {
      return try Warehouse.openForWriting(path)
    }
    guard let seconds = Int32(words), (0...86_400).contains(seconds) else {
      throw ExperimentError(
        "$TRACE_DB_WAIT is '\(words)': give seconds to wait for other writers, 0 to 86400", .usage)
    }
    return try Warehouse.openForWriting(path, busyTimeoutMilliseconds: seconds * 1000)
  }

  /// A new warehouse belongs to the user who called, and is not made through a link of others; nor is
  /// anything written to what others may have put there.
  /// SQLite gives what it makes beside a file to the owner of that file.
  static func prepare(_ path: String) throws {
    let (folder, name) = try SafeFolder.place(of: path)
    let place = "\(folder == "/" ? "" : folder)/\(name)"
    var status = stat()
    if lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      try SafeFolder.refuseLink(place, in: folder)
      // What counts then is where it leads.
      if let real = realpath(place, nil) {
        defer { free(real) }
        try prepare(String(cString: real))
      }
      return
    }
    try refusePlanted(place, in: folder)
    guard lstat(place, &status) != 0 else { return }
    guard let user = CallingUser.current() else { return }
    let descriptor = open(place, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ExperimentError("\(path): cannot make it: \(String(cString: strerror(errno)))")
    }
    user.own(descriptor: descriptor)
    close(descriptor)
  }

  /// In a folder in which others can write, a file under the warehouse's name, or under a name that
  /// SQLite gives to what it keeps beside it, may be a second name of root's own file, or a journal that
  /// is made to be written over it.
  private static func refusePlanted(_ place: String, in folder: String) throws {
    guard try geteuid() == 0 && SafeFolder.othersWrite(folder) else { return }
    for end in ["", "-journal", "-wal", "-shm"] {
      var status = stat()
      guard lstat(place + end, &status) == 0 else { continue }
      guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1, SafeFolder.isMine(status)
      else {
        throw ExperimentError(
          "\(place)\(end): this may be somebody else's, in a folder in which others can write; nothing "
            + "is written to it as root: name a warehouse in another folder", .usage)
      }
    }
  }

  /// The same for commands that any user gives: only for root, and where there is a folder.
  static func prepareForRoot(_ path: String) throws {
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    let folder = path.hasPrefix("/") ? "/\(parent)" : parent.isEmpty ? "." : parent
    if geteuid() == 0, SmallFile.isFolder(folder) { try prepare(path) }
  }
}
