import Glibc

/// Folders to write into as root without being led elsewhere.
///
/// In a folder in which others can write, a link or a foreign folder may have been put to lead a
/// program that runs as root to files that are not meant: both are refused. Everything else cannot be
/// exchanged by others while it is used.
enum SafeFolder {
  /// Makes the folder where it is missing (parents too), owned by the calling user, and returns its
  /// path without links.
  ///
  /// - Throws: ``ExperimentError``.
  static func make(_ path: String, user: CallingUser? = .current()) throws -> String {
    try walk(path, creates: true, user: user)
  }

  /// The path without links of the folder that holds `file`, and the file's name.
  ///
  /// - Throws: ``ExperimentError`` when the folder is missing or the file is a link there.
  static func place(of file: String) throws -> (folder: String, name: String) {
    guard let name = file.split(separator: "/").last.map(String.init), !file.hasSuffix("/"),
      name != ".", name != ".."
    else { throw ExperimentError("\(file): this names no file", .usage) }
    let parent = String(file.dropLast(name.count))
    return (try walk(parent.isEmpty ? "." : parent, creates: false, user: nil), name)
  }

  /// A link to a file, refused where others could have put it.
  ///
  /// - Throws: ``ExperimentError``.
  static func refuseLink(_ path: String, in folder: String) throws {
    try refuseIfOthersWrite(folder, found: path, isLink: true)
  }

  private static func walk(_ path: String, creates: Bool, user: CallingUser?) throws -> String {
    var current = ""
    if !path.hasPrefix("/") {
      guard let here = getcwd(nil, 0) else {
        throw ExperimentError("cannot tell the current folder: \(String(cString: strerror(errno)))")
      }
      current = String(cString: here)
      free(here)
      if current == "/" { current = "" }
    }
    var rest = path.split(separator: "/").map(String.init)
    var links = 0
    while !rest.isEmpty {
      let name = rest.removeFirst()
      if name == "." { continue }
      if name == ".." {
        current = current.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        continue
      }
      let next = "\(current)/\(name)"
      var status = stat()
      if lstat(next, &status) != 0 {
        guard errno == ENOENT, creates else { throw failure("open the folder", next) }
        guard mkdir(next, 0o755) == 0 || errno == EEXIST, lstat(next, &status) == 0 else {
          throw failure("make the folder", next)
        }
        user?.own(folder: next)
      }
      let kind = status.st_mode & S_IFMT
      if kind == S_IFLNK || !isMine(status) {
        try refuseIfOthersWrite(
          current.isEmpty ? "/" : current, found: next, isLink: kind == S_IFLNK)
      }
      if kind == S_IFLNK {
        links += 1
        guard links <= 40, let target = readlink(next) else {
          throw ExperimentError("\(next): this link leads nowhere", .usage)
        }
        if target.hasPrefix("/") { current = "" }
        rest = target.split(separator: "/").map(String.init) + rest
        continue
      }
      guard kind == S_IFDIR else {
        throw ExperimentError("\(next): this is no folder", .usage)
      }
      current = next
    }
    return current.isEmpty ? "/" : current
  }

  /// Root's, this user's or the calling user's own.
  static func isMine(_ status: stat) -> Bool {
    status.st_uid == 0 || status.st_uid == geteuid()
      || status.st_uid == CallingUser.current()?.uid
  }

  private static func refuseIfOthersWrite(
    _ folder: String, found: String, isLink: Bool
  ) throws {
    guard try geteuid() == 0 && othersWrite(folder) else { return }
    throw ExperimentError(
      "\(found): this is \(isLink ? "a link" : "somebody else's folder") in a folder in which others "
        + "can write; nothing is written through it as root: name another folder", .usage)
  }

  /// Whether anybody but its owner and root can make files in a folder.
  static func othersWrite(_ folder: String) throws -> Bool {
    var status = stat()
    guard lstat(folder, &status) == 0 else { throw failure("open the folder", folder) }
    // A group of the user's own is nobody else.
    let group = status.st_gid == 0 || status.st_gid == CallingUser.current()?.gid
    return status.st_mode & S_IWOTH != 0 || (status.st_mode & S_IWGRP != 0 && !group)
  }

  private static func readlink(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = Glibc.readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func failure(_ action: String, _ path: String) -> ExperimentError {
    ExperimentError("\(path): cannot \(action): \(String(cString: strerror(errno)))")
  }
}
