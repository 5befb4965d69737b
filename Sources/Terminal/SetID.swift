import Glibc

/// Programs that run with more rights than whoever started them.
public enum SetID {
  /// Why this process must not go on; nil when it has its caller's own rights.
  ///
  /// Environment, current folder, open files and limits are then an attacker's: nothing here is written
  /// for that, and sudo(8) is.
  public static func refusal(_ program: String) -> String? {
    guard geteuid() != getuid() || getegid() != getgid() else { return nil }
    return refusal(of: program)
  }

  /// The same where something else tells, such as file capabilities.
  public static func refusal(of program: String) -> String {
    "\(program) must not be set-user-ID or set-group-ID, or have capabilities of its own: take them "
      + "from its file, and use sudo where root is needed"
  }
}
