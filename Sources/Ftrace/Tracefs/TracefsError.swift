import Glibc

/// Why the kernel could not be asked to record, or what it recorded could not be kept.
/// `description` is one line: what, where, and what to do.
public struct TracefsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What a caller may want to tell apart; also decides the exit code.
  public enum Kind: Sendable {
    /// The machine lacks something: permission, a mounted tracefs, a tracer, memory, room.
    case environment
    /// Somebody else is tracing with what only one can have.
    case busy
    /// The caller asked for what must never be done.
    case usage
    /// The recording was removed, from elsewhere, while this step was under way.
    case removed
  }

  public var kind: Kind
  /// The file that it is about.
  public var file: String
  public var reason: String
  /// What to do; empty when there is nothing to say.
  public var remedy: String
  /// The errno of the system call that failed, if one did.
  public var code: Int32?

  public init(
    _ kind: Kind = .environment, file: String, reason: String, remedy: String = "",
    code: Int32? = nil
  ) {
    self.kind = kind
    self.file = file
    self.reason = reason
    self.remedy = remedy
    self.code = code
  }

  /// A system call that failed. `action` completes "cannot …": `read it`, `write '1' to it`.
  public static func system(file: String, action: String, errno code: Int32) -> TracefsError {
    TracefsError(
      code == EBUSY ? .busy : .environment, file: file,
      reason: "cannot \(action): \(InputError.message(code))",
      remedy: remedy(code, file: file), code: code)
  }

  public var description: String {
    "\(InputError.printable(file)): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }

  private static func remedy(_ code: Int32, file: String) -> String {
    let isTracefs = file.contains("/tracing/") || file.hasSuffix("/tracing")
    switch code {
    case EPERM, EACCES:
      return isTracefs
        ? "run it as root, on the host; where root may not either, kernel lockdown forbids tracing "
          + "(/sys/kernel/security/lockdown)"
        : "run it as a user who may, or with sudo"
    case EBUSY: return "another program uses it; end that one first (fuser names it)"
    case ENOMEM: return "choose a smaller buffer (--buffer-size)"
    case ENOSPC, EDQUOT:
      return isTracefs ? "choose a smaller buffer (--buffer-size)" : "make room on that disk"
    case EINVAL: return "this kernel does not know that value"
    case ENOENT: return isTracefs ? "this kernel lacks it" : "check the path"
    case EROFS: return "mount it writable"
    case ELOOP: return "it is a symbolic link, which is not followed here"
    case EEXIST: return "remove it, or choose another name"
    default: return ""
    }
  }
}
