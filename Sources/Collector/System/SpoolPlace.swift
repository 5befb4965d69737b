import Ftrace
import Glibc

/// Where the pages of a recording wait until they are a trace.dat: a folder below /var/tmp that carries
/// its maker's name, so that what a killed one left is found again.
enum SpoolPlace {
  static let base = "/var/tmp"

  /// Makes a folder that only this user can read.
  static func make(_ owner: String, in base: String = base, cleanup: CleanupStack) throws -> String
  {
    let path = "\(base)/\(owner)"
    guard mkdir(path, 0o700) == 0 else {
      throw ExperimentError("\(path): cannot make the folder: \(String(cString: strerror(errno)))")
    }
    cleanup.add("remove the folder \(path)") { remove(path) }
    return path
  }

  /// Folders whose maker is gone. Only this user's own are looked at.
  static func leftBehind(in base: String = base, procfs: String = "/proc") -> [String] {
    (SmallFile.names(in: base) ?? []).filter { name in
      guard let owner = InstanceName(name) else { return false }
      var status = stat()
      guard lstat("\(base)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == geteuid()
      else { return false }
      return (try? owner.isAlive(proc: procfs, files: KernelFiles())) == false
    }.map { "\(base)/\($0)" }
  }

  static func remove(_ path: String) {
    for file in SmallFile.names(in: path) ?? [] { unlink("\(path)/\(file)") }
    rmdir(path)
  }
}
