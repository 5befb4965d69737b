/// Where the function of a system call is not named like the system call: the kernel's tables
/// (arch/x86/entry/syscalls/syscall_{32,64}.tbl, include/uapi/asm-generic/unistd.h,
/// arch/arm64/include/asm/unistd32.h) say which number, and so which name, leads to which function.
enum SyscallRenames {
  /// Function → system call, where the tables of all ABIs agree.
  private static let common = [
    // The three generations of stat and uname: the newest keeps the plain name in the headers.
    "newstat": "stat", "newlstat": "lstat", "newfstat": "fstat", "newuname": "uname",
    "stat": "oldstat", "lstat": "oldlstat", "fstat": "oldfstat", "uname": "olduname",
    "olduname": "oldolduname",
    "umount": "umount2", "oldumount": "umount",
    "mmap_pgoff": "mmap2", "llseek": "_llseek",
    "old_getrlimit": "getrlimit", "old_mmap": "mmap", "old_readdir": "readdir",
    "old_select": "select", "old_msgctl": "msgctl", "old_semctl": "semctl",
    "old_shmctl": "shmctl", "quotactl32": "quotactl",
  ]

  static let native = common.merging([
    "sendfile64": "sendfile", "fadvise64_64": "fadvise64",
  ]) { $1 }

  /// `compat_sys_X` of i386 and AArch32.
  static let compat = common.merging([
    "select": "_newselect", "getrlimit": "ugetrlimit",
    "x86_pread": "pread64", "x86_pwrite": "pwrite64", "x86_fstatat": "fstatat64",
    "pread": "pread64", "pwrite": "pwrite64", "fstatat": "fstatat64",
    "aarch32_fadvise64_64": "arm_fadvise64_64",
  ]) { $1 }

  /// `compat_sys_X` of x32, whose system calls have the names of x86_64.
  static let x32 = common.merging([
    "preadv64": "preadv", "pwritev64": "pwritev", "preadv64v2": "preadv2",
    "pwritev64v2": "pwritev2", "recvmmsg_time64": "recvmmsg",
    "rt_sigtimedwait_time64": "rt_sigtimedwait", "ppoll_time64": "ppoll",
    "pselect6_time64": "pselect6", "io_pgetevents_time64": "io_pgetevents",
  ]) { $1 }

  /// `__ia32_sys_X`: i386 system calls that the native function serves. Where i386 has two widths
  /// of user ids or of times, the native function is that of the wide one.
  static let ia32: [String: String] = {
    var renames = common
    for stem in wideIds { renames[stem] = stem + "32" }
    for stem in wideTimes { renames[stem] = stem + "64" }
    for stem in wideTimesByTheirFullName { renames[stem] = stem + "_time64" }
    return renames
  }()

  private static let wideIds = [
    "chown", "fchown", "lchown", "getegid", "geteuid", "getgid", "getgroups", "getresgid",
    "getresuid", "getuid", "setfsgid", "setfsuid", "setgid", "setgroups", "setregid", "setresgid",
    "setresuid", "setreuid", "setuid",
  ]

  private static let wideTimes = [
    "clock_adjtime", "clock_gettime", "clock_settime", "timer_gettime", "timer_settime",
    "timerfd_gettime", "timerfd_settime",
  ]

  private static let wideTimesByTheirFullName = [
    "clock_getres", "clock_nanosleep", "futex", "io_pgetevents", "mq_timedreceive",
    "mq_timedsend", "sched_rr_get_interval", "semtimedop", "utimensat",
  ]

  /// What the rest have in common: a prefix of the architecture, and suffixes of 16-bit user ids
  /// and 32-bit times, which the headers do not have.
  static func byRule(_ stem: String) -> String {
    var name = stem[...]
    for prefix in ["ia32_", "x86_", "x32_", "aarch32_", "arm64_"] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    if name.hasSuffix("_time32") { return String(name.dropLast(7)) }
    if name.hasSuffix("time32") { return String(name.dropLast(2)) }
    if name.hasSuffix("id16") || name.hasSuffix("own16") || name.hasSuffix("groups16") {
      return String(name.dropLast(2))
    }
    return String(name)
  }
}
