/// The system call that a kernel function is the entry of.
///
/// One system call is one function event: only the function that the kernel's dispatcher calls
/// counts, not what it calls in turn. By architecture and kernel (SYSCALL_DEFINEx in
/// include/linux/syscalls.h, and arch/{x86,arm64}/include/asm/syscall_wrapper.h):
///
/// - x86 since 4.17: `__x64_sys_X`, `__ia32_sys_X` and the compat forms. `__se_sys_X` and
///   `__do_sys_X` are what it calls, often inlined. A system call without arguments has no such
///   layers since 5.7: `__do_sys_X` is the function and the other names are aliases of its address,
///   so that traces show `__do_sys_getpid`. Only those few `__do_sys_X` are entries.
/// - arm64 since 4.19: `__arm64_sys_X`, without arguments too.
/// - before: `sys_X` and `SyS_X` at one address, `compat_sys_X` and `compat_SyS_X`; the body that
///   they call is `SYSC_X`. There, some system calls call the entry of another (`dup2` that of
///   `dup3`), which then is counted, too: the name alone cannot tell.
///
/// A 32-bit task's call that needs no translation runs the native entry on arm64, and on x86 where
/// it has no arguments: these count as native.
public struct SyscallName: Hashable, Sendable {
  /// Whose numbering the system call is of.
  public enum ABI: String, Hashable, Sendable {
    /// The kernel's own: x86_64, arm64.
    case native
    /// 32-bit tasks on a 64-bit kernel: i386, x32, AArch32.
    case compat
  }

  /// The name in the uapi headers (`__NR_name` in asm/unistd.h) of the ABI.
  public let name: String
  public let abi: ABI

  /// Nil unless `function` (as kallsyms or a trace has it) is the entry of a system call.
  public init?(function: String) {
    // A piece is entered from the entry, which has been counted.
    guard !KernelSymbolName.isPiece(function) else { return nil }
    let symbol = KernelSymbolName.canonical(function)
    for form in SyscallForm.all {
      guard let stem = form.stem(of: symbol) else { continue }
      guard let name = form.name(ofStem: stem) else { return nil }
      self.name = name
      abi = form.abi
      return
    }
    return nil
  }
}

/// One way in which kernels name the entries of system calls.
private struct SyscallForm: Sendable {
  /// Which stems count, besides ones that no kernel uses for a system call.
  enum Accepts: Sendable {
    /// Any: nothing else in the kernel begins like this.
    case any
    /// Those of known system calls: much else begins like this.
    case known
    /// Those without arguments.
    case withoutArguments
  }

  let prefix: String
  let abi: SyscallName.ABI
  let accepts: Accepts
  let renames: [String: String]

  /// Longer prefixes stand before those that they begin with.
  static let all: [SyscallForm] = [
    SyscallForm("__x64_sys_", .native, .any, SyscallRenames.native),
    SyscallForm("__ia32_sys_", .compat, .any, SyscallRenames.ia32),
    SyscallForm("__ia32_compat_sys_", .compat, .any, SyscallRenames.compat),
    SyscallForm("__x64_compat_sys_", .compat, .any, SyscallRenames.x32),
    SyscallForm("__x32_compat_sys_", .compat, .any, SyscallRenames.x32),
    SyscallForm("__arm64_sys_", .native, .any, SyscallRenames.native),
    SyscallForm("__arm64_compat_sys_", .compat, .any, SyscallRenames.compat),
    SyscallForm("__do_sys_", .native, .withoutArguments, SyscallRenames.native),
    SyscallForm("__do_compat_sys_", .compat, .withoutArguments, SyscallRenames.compat),
    SyscallForm("compat_SyS_", .compat, .known, SyscallRenames.compat),
    SyscallForm("compat_sys_", .compat, .known, SyscallRenames.compat),
    SyscallForm("sys32_", .compat, .known, SyscallRenames.compat),
    SyscallForm("SyS_", .native, .known, SyscallRenames.native),
    SyscallForm("sys_", .native, .known, SyscallRenames.native),
  ]

  private init(
    _ prefix: String, _ abi: SyscallName.ABI, _ accepts: Accepts, _ renames: [String: String]
  ) {
    self.prefix = prefix
    self.abi = abi
    self.accepts = accepts
    self.renames = renames
  }

  func stem(of symbol: String) -> String? {
    symbol.hasPrefix(prefix) ? String(symbol.dropFirst(prefix.count)) : nil
  }

  func name(ofStem stem: String) -> String? {
    // ni: "not implemented", where unused numbers lead.
    guard !stem.isEmpty, !stem.hasPrefix("ni_") else { return nil }
    let name = renames[stem] ?? SyscallRenames.byRule(stem)
    switch accepts {
    case .any:
      return name
    case .withoutArguments:
      return KnownSyscalls.withoutArguments.contains(stem) ? name : nil
    case .known:
      // Before 4.17 sys_mmap calls sys_mmap_pgoff: that would count one call twice.
      return stem != "mmap_pgoff" && KnownSyscalls.names.contains(name) ? name : nil
    }
  }
}
