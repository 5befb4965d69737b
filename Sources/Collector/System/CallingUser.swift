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

  /// Gives a file away, a link itself and not what it shows to.
  func own(path: String) {
    _ = lchown(path, uid, gid)
  }

  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
