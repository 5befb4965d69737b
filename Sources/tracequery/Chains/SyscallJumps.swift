/// Calls that the function tracer shows as made by a system call's caller, although the system
/// call's entry jumped there.
///
/// `__x64_sys_read` does nothing but jump to `ksys_read`, which then returns to the dispatcher: the
/// tracer shows two callees of `do_syscall_64`, and nothing below `__x64_sys_read`. Graph traces
/// show the one inside the other. Without the link no chain would lead from these system calls.
enum SyscallJumps {
  /// What calls the entries of system calls (arch/x86/entry, arch/arm64/kernel/syscall.c).
  private static let dispatchers: Set<String> = [
    "do_syscall_64", "x64_sys_call", "x32_sys_call", "ia32_sys_call", "do_int80_syscall_32",
    "do_int80_emulation", "do_fast_syscall_32", "__do_fast_syscall_32", "invoke_syscall",
    "__invoke_syscall", "el0_svc_common",
  ]

  /// What stands before the system call's name in a function that does its work.
  private static let prefixes = [
    "ksys_", "__do_sys_", "__se_sys_", "do_sys_", "__sys_", "__do_", "do_",
  ]

  /// The system call that a function such as `__do_sys_clone` is the body of: the entry jumps there
  /// or holds it inlined, and where the tracer does not see it entered nothing leads to it.
  static func body(_ function: String) -> String? {
    for prefix in ["__do_sys_", "__se_sys_"] where function.hasPrefix(prefix) {
      let name = function.dropFirst(prefix.count).prefix { $0 != "." }
      if !name.isEmpty { return String(name) }
    }
    return nil
  }

  /// The edges with such calls moved below the system call, and which were moved.
  ///
  /// Told by name: `ksys_read` and `ksys_mmap_pgoff` belong to `read` and `mmap`, when the same
  /// dispatcher called these as often or more often.
  static func moved(
    _ edges: [CallGraph.Edge], syscalls: [String: String]
  ) -> (edges: [CallGraph.Edge], moved: Set<CallGraph.Pair>) {
    var entries: [String: [String: CallGraph.Edge]] = [:]
    for edge in edges where dispatchers.contains(edge.caller) {
      guard let syscall = syscalls[edge.callee] else { continue }
      entries[edge.caller, default: [:]][syscall] = edge
    }
    var moved: Set<CallGraph.Pair> = []
    let result = edges.map { edge in
      guard let called = entries[edge.caller], syscalls[edge.callee] == nil,
        let entry = entry(of: edge.callee, among: called), entry.calls >= edge.calls
      else { return edge }
      moved.insert(.init(caller: entry.callee, callee: edge.callee))
      return CallGraph.Edge(caller: entry.callee, callee: edge.callee, calls: edge.calls)
    }
    return (result, moved)
  }

  private static func entry(
    of function: String, among called: [String: CallGraph.Edge]
  ) -> CallGraph.Edge? {
    guard let prefix = prefixes.first(where: { function.hasPrefix($0) }) else { return nil }
    // From the longest name to the shortest: `mmap_pgoff`, then `mmap`.
    var name = function.dropFirst(prefix.count).prefix { $0 != "." }
    while !name.isEmpty {
      if let entry = called[String(name)] { return entry }
      guard let cut = name.lastIndex(of: "_") else { return nil }
      name = name[..<cut]
    }
    return nil
  }
}
