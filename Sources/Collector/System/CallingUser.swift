import Glibc

/// Who called this program: under sudo, files belong to that user, not to root.
struct CallingUser: Sendable, Equatable {
  var uid: UInt32
  var gid: UInt32

  /// The user behind sudo or doas-like tools that set `SUDO_UID`; nil when there is none, or when this
  /// process could not give files away.
  static func current(environment: (String) -> String? = Self.variable) -> CallingUser? {
    guard geteuid() == 0, let uid = environment("SUDO_UID").flatMap({ UInt32($0) }), uid != 0,
      let gid = environment("SUDO_GID").flatMap({ UInt32($0) })
    else { return nil }
    return CallingUser(uid: uid, gid: gid)
  }

  /// Gives an open file away. That it fails on some file systems is no reason to fail.
  func own(descriptor: Int32) {
    _ = fchown(descriptor, uid, gid)
  }

  /// Gives a folder away that was just made. A link or a file that somebody has put in its place is
  /// left alone.
  func own(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    own(descriptor: descriptor)
    close(descriptor)
  }

  /// What makes setpriv(1) run a program with this user's rights only.
  var setprivOptions: [String] {
    [
      "--reuid=\(uid)", "--regid=\(gid)", getpwuid(uid) == nil ? "--clear-groups" : "--init-groups",
      "--inh-caps=-all",
    ]
  }

  /// Where a program of this user finds its settings.
  var environment: [String] {
    guard let entry = getpwuid(uid)?.pointee else { return ["HOME=/"] }
    let name = String(cString: entry.pw_name)
    return ["HOME=\(String(cString: entry.pw_dir))", "USER=\(name)", "LOGNAME=\(name)"]
  }

  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
