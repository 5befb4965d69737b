import Glibc

/// The warehouse as a file that root may make.
enum WarehouseFile {
  /// A new warehouse belongs to the user who called, and is not made through a link of others.
  /// SQLite gives what it makes beside a file to the owner of that file.
  static func prepare(_ path: String) throws {
    let (folder, name) = try SafeFolder.place(of: path)
    let place = "\(folder == "/" ? "" : folder)/\(name)"
    var status = stat()
    if lstat(place, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFLNK { try SafeFolder.refuseLink(place, in: folder) }
      return
    }
    guard let user = CallingUser.current() else { return }
    let descriptor = open(place, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ExperimentError("\(path): cannot make it: \(String(cString: strerror(errno)))")
    }
    user.own(descriptor: descriptor)
    close(descriptor)
  }

  /// The same where only a user behind sudo makes a difference.
  static func prepareForCaller(_ path: String) throws {
    if CallingUser.current() != nil { try prepare(path) }
  }
}
