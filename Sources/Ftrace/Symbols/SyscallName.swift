/// The system call that a kernel function is the entry of.
///
/// The names of the entries come from the kernel's `SYSCALL_DEFINEx` macros: `__x64_sys_X` and
/// `__ia32_sys_X` (arch/x86/include/asm/syscall_wrapper.h, since 4.17), `__arm64_sys_X`
/// (arch/arm64/include/asm/syscall_wrapper.h, since 4.19), and `SyS_X` or `sys_X` before.
/// `__do_sys_X` and `__se_sys_X` are inner functions of a call that has its entry beside them, so
/// counting them would count it twice; only where X takes no argument is `__do_sys_X` the entry
/// itself, under the name that kallsyms puts first.
public struct SyscallName: Hashable, Sendable {
  public enum ABI: String, Sendable {
    case native
    /// A 32-bit entry of a 64-bit kernel.
    case compat
  }

  /// As the system call table has it: `read`, `fstat`.
  public var name: String
  public var abi: ABI

  /// Entries by their beginning; the longer ones come first.
  private static let prefixes: [(prefix: String, abi: ABI, isBare: Bool)] = [
    ("__x64_sys_", .native, false),
    ("__ia32_compat_sys_", .compat, false),
    ("__x32_compat_sys_", .compat, false),
    ("__ia32_sys_", .compat, false),
    ("__arm64_compat_sys_", .compat, false),
    ("__arm64_sys_", .native, false),
    ("compat_SyS_", .compat, true),
    ("compat_sys_", .compat, true),
    ("SyS_", .native, true),
    ("sys_", .native, true),
  ]

  /// System calls without arguments (`SYSCALL_DEFINE0`).
  private static let withoutArguments: Set<String> = [
    "fork", "getegid", "getegid16", "geteuid", "geteuid16", "getgid", "getgid16", "getpgrp",
    "getpid", "getppid", "gettid", "getuid", "getuid16", "inotify_init", "munlockall", "pause",
    "restart_syscall", "rt_sigreturn", "sched_yield", "setsid", "sgetmask", "sigreturn", "sync",
    "vfork", "vhangup",
  ]

  /// Functions whose name is not their system call's.
  private static let renamed: [String: String] = [
    "newfstat": "fstat", "newlstat": "lstat", "newstat": "stat", "newuname": "uname",
    "olduname": "olduname", "oldumount": "umount", "umount": "umount2",
    "sendfile64": "sendfile", "fadvise64_64": "fadvise64", "mmap_pgoff": "mmap2",
    "llseek": "_llseek", "old_getrlimit": "getrlimit", "old_readdir": "readdir",
    "old_select": "select", "old_mmap": "mmap", "sysctl": "_sysctl", "stime32": "stime",
    "time32": "time", "utime32": "utime",
  ]

  /// - Parameter function: a symbol's name, with or without compiler suffixes. Nil when it is not
  ///   the entry of a system call. A `.part` or `.cold` of an entry is not an entry.
  public init?(function: String) {
    if function.hasPrefix("__do_sys_") {
      let name = String(function.dropFirst(9))
      guard Self.withoutArguments.contains(name) else { return nil }
      self.init(name: Self.withoutWidth(name), abi: .native)
      return
    }
    for (prefix, abi, isBare) in Self.prefixes where function.hasPrefix(prefix) {
      let rest = String(function.dropFirst(prefix.count))
      guard !rest.isEmpty, rest != "ni_syscall", !rest.utf8.contains(0x2e) else { return nil }
      let name = Self.tableName(rest, abi: abi)
      // Other functions begin with `sys_` too: only the names of calls that exist are entries.
      if isBare, !Self.known.contains(name) { return nil }
      self.init(name: name, abi: abi)
      return
    }
    return nil
  }

  private init(name: String, abi: ABI) {
    self.name = name
    self.abi = abi
  }

  private static func tableName(_ function: String, abi: ABI) -> String {
    if let name = renamed[function] {
      return name == "fadvise64" && abi == .compat ? "fadvise64_64" : name
    }
    if known.contains(function) { return function }
    if function.hasPrefix("ia32_") || function.hasPrefix("aarch32_") {
      return tableName(String(function.drop { $0 != "_" }.dropFirst()), abi: abi)
    }
    return withoutWidth(function)
  }

  /// `chown16` → `chown`, `nanosleep_time32` → `nanosleep`: the 32-bit table's names.
  private static func withoutWidth(_ function: String) -> String {
    for suffix in ["_time32", "16", "32"] where function.hasSuffix(suffix) {
      let name = String(function.dropLast(suffix.count))
      if known.contains(name) { return name }
    }
    return function
  }

  /// The names of all system calls of x86_64, i386 and arm64, from the uapi headers of Linux 6.1
  /// (asm/unistd_64.h, asm/unistd_32.h, asm-generic/unistd.h).
  static let known: Set<String> = Set(
    """
    _llseek _newselect _sysctl accept accept4 access acct add_key adjtimex afs_syscall alarm
    arch_prctl bdflush bind bpf break brk capget capset chdir chmod chown chown32 chroot
    clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64
    clock_nanosleep clock_nanosleep_time64 clock_settime clock_settime64 clone clone3 close
    close_range connect copy_file_range creat create_module delete_module dup dup2 dup3
    epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
    epoll_wait_old eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2
    fadvise64 fadvise64_64 fallocate fanotify_init fanotify_mark fchdir fchmod fchmodat fchown
    fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr finit_module flistxattr flock fork
    fremovexattr fsconfig fsetxattr fsmount fsopen fspick fstat fstat64 fstatat fstatat64
    fstatfs fstatfs64 fsync ftime ftruncate ftruncate64 futex futex_time64 futex_waitv futimesat
    get_kernel_syms get_mempolicy get_robust_list get_thread_area getcpu getcwd getdents
    getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32
    getitimer getpeername getpgid getpgrp getpid getpmsg getppid getpriority getrandom getresgid
    getresgid32 getresuid getresuid32 getrlimit getrusage getsid getsockname getsockopt gettid
    gettimeofday getuid getuid32 getxattr gtty idle init_module inotify_add_watch inotify_init
    inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents
    io_pgetevents_time64 io_setup io_submit io_uring_enter io_uring_register io_uring_setup
    ioctl ioperm iopl ioprio_get ioprio_set ipc kcmp kexec_file_load kexec_load keyctl kill
    landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr
    link linkat listen listxattr llistxattr llseek lock lookup_dcookie lremovexattr lseek
    lsetxattr lstat lstat64 madvise mbind membarrier memfd_create memfd_secret migrate_pages
    mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 modify_ldt mount
    mount_setattr move_mount move_pages mprotect mpx mq_getsetattr mq_notify mq_open
    mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap
    msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep
    newfstatat nfsservctl nice oldfstat oldlstat oldolduname oldstat olduname open
    open_by_handle_at open_tree openat openat2 pause perf_event_open personality pidfd_getfd
    pidfd_open pidfd_send_signal pipe pipe2 pivot_root pkey_alloc pkey_free pkey_mprotect poll
    ppoll ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_madvise process_mrelease
    process_vm_readv process_vm_writev prof profil pselect6 pselect6_time64 ptrace putpmsg
    pwrite64 pwritev pwritev2 query_module quotactl quotactl_fd read readahead readdir readlink
    readlinkat readv reboot recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages
    removexattr rename renameat renameat2 request_key restart_syscall rmdir rseq rt_sigaction
    rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
    rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
    sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval
    sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam
    sched_setscheduler sched_yield seccomp security select semctl semget semop semtimedop
    semtimedop_time64 sendfile sendfile64 sendmmsg sendmsg sendto set_mempolicy
    set_mempolicy_home_node set_robust_list set_thread_area set_tid_address setdomainname
    setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 sethostname
    setitimer setns setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid
    setresuid32 setreuid setreuid32 setrlimit setsid setsockopt settimeofday setuid setuid32
    setxattr sgetmask shmat shmctl shmdt shmget shutdown sigaction sigaltstack signal signalfd
    signalfd4 sigpending sigprocmask sigreturn sigsuspend socket socketcall socketpair splice
    ssetmask stat stat64 statfs statfs64 statx stime stty swapoff swapon symlink symlinkat sync
    sync_file_range sync_file_range2 syncfs sysfs sysinfo syslog tee tgkill time timer_create
    timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64
    timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times
    tkill truncate truncate64 tuxcall ugetrlimit ulimit umask umount umount2 uname unlink
    unlinkat unshare uselib userfaultfd ustat utime utimensat utimensat_time64 utimes vfork
    vhangup vm86 vm86old vmsplice vserver wait4 waitid waitpid write writev
    """.split(whereSeparator: { $0 == " " || $0.isNewline }).map(String.init))
}
