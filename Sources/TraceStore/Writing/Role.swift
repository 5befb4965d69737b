/// What a process is to the runtime.
public enum Role: String, CaseIterable, Sendable {
  /// The container's application.
  case app
  /// containerd's or podman's shim.
  case shim
  /// The runtime itself: its create and init commands.
  case runtime
  /// A sandbox's own process.
  case sandbox
  /// A sandbox's file server.
  case gofer
  /// A process in which a sandbox runs the application's code.
  case stub
  /// A kernel thread.
  case kthread
  /// Not known.
  case other

  /// It belongs to the default set: what the container reaches, without what happens around it.
  public var isDefault: Bool { self != .shim && self != .runtime }

  /// The default set, as ``isDefault`` has it, and the set of all roles: what
  /// `group_function.role` calls them.
  public static let defaultSetName = "(default)"
  public static let allSetName = "(all)"
}
