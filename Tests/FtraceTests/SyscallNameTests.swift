import Foundation
import Testing

@testable import Ftrace

@Suite struct SyscallNameTests {
  @Test(arguments: [
    ("__x64_sys_read", "read"), ("__x64_sys_newfstat", "fstat"), ("__x64_sys_newstat", "stat"),
    ("__x64_sys_newlstat", "lstat"), ("__x64_sys_newfstatat", "newfstatat"),
    ("__x64_sys_newuname", "uname"), ("__x64_sys_umount", "umount2"),
    ("__x64_sys_sendfile64", "sendfile"), ("__x64_sys_mmap", "mmap"),
    ("__x64_sys_futex_time32", "futex"), ("__x64_sys_a_call_of_the_future", "a_call_of_the_future"),
    ("__x64_sys_read.llvm.123", "read"), ("__x64_sys_read.isra.0", "read"),
    ("__do_sys_getpid", "getpid"), ("__do_sys_sched_yield", "sched_yield"),
    ("__do_sys_rt_sigreturn", "rt_sigreturn"), ("__do_sys_getuid16", "getuid"),
    ("__arm64_sys_openat", "openat"), ("__arm64_sys_fadvise64_64", "fadvise64"),
    ("__arm64_sys_arm64_personality", "personality"), ("__arm64_sys_getpid", "getpid"),
    ("__arm64_sys_newfstat", "fstat"),
    ("SyS_write", "write"), ("SyS_newfstat", "fstat"), ("sys_epoll_wait", "epoll_wait"),
    ("sys_newuname", "uname"), ("sys_getpid", "getpid"), ("SyS_fadvise64_64", "fadvise64"),
  ])
  func native(_ function: String, _ name: String) throws {
    let syscall = try #require(SyscallName(function: function))
    #expect(syscall.name == name)
    #expect(syscall.abi == .native)
  }

  /// The names are those of the 32-bit headers, where a name can have another width than in 64-bit.
  @Test(arguments: [
    ("__ia32_sys_read", "read"), ("__ia32_compat_sys_execve", "execve"),
    ("__ia32_sys_chown16", "chown"), ("__ia32_sys_chown", "chown32"),
    ("__ia32_sys_setresuid16", "setresuid"), ("__ia32_sys_setgroups", "setgroups32"),
    ("__ia32_sys_mmap_pgoff", "mmap2"), ("__ia32_sys_nanosleep_time32", "nanosleep"),
    ("__ia32_sys_futex_time32", "futex"), ("__ia32_sys_futex", "futex_time64"),
    ("__ia32_sys_clock_gettime32", "clock_gettime"),
    ("__ia32_sys_clock_gettime", "clock_gettime64"), ("__ia32_sys_time32", "time"),
    ("__ia32_sys_stime32", "stime"), ("__ia32_sys_ia32_pread64", "pread64"),
    ("__ia32_sys_ia32_fadvise64_64", "fadvise64_64"), ("__ia32_sys_sendfile64", "sendfile64"),
    ("__ia32_compat_sys_sendfile", "sendfile"), ("__ia32_sys_llseek", "_llseek"),
    ("__ia32_sys_stat", "oldstat"), ("__ia32_compat_sys_newstat", "stat"),
    ("__ia32_compat_sys_ia32_fstatat64", "fstatat64"), ("__ia32_compat_sys_ia32_clone", "clone"),
    ("__ia32_compat_sys_x86_pread", "pread64"), ("__ia32_compat_sys_x86_mmap", "mmap"),
    ("__ia32_compat_sys_select", "_newselect"), ("__ia32_compat_sys_old_select", "select"),
    ("__ia32_compat_sys_getrlimit", "ugetrlimit"), ("__ia32_sys_oldumount", "umount"),
    ("__ia32_sys_olduname", "oldolduname"), ("__ia32_sys_uname", "olduname"),
    ("__ia32_compat_sys_ppoll_time64", "ppoll_time64"),
    ("__x64_compat_sys_ioctl", "ioctl"), ("__x32_compat_sys_preadv64", "preadv"),
    ("__x64_compat_sys_recvmmsg_time64", "recvmmsg"),
    ("__do_compat_sys_x32_rt_sigreturn", "rt_sigreturn"),
    ("__do_compat_sys_sigreturn", "sigreturn"),
    ("__arm64_compat_sys_ioctl", "ioctl"), ("__arm64_compat_sys_aarch32_mmap2", "mmap2"),
    ("__arm64_compat_sys_aarch32_fadvise64_64", "arm_fadvise64_64"),
    ("compat_SyS_ioctl", "ioctl"), ("compat_sys_execve", "execve"), ("sys32_pread", "pread64"),
  ])
  func compat(_ function: String, _ name: String) throws {
    let syscall = try #require(SyscallName(function: function))
    #expect(syscall.name == name)
    #expect(syscall.abi == .compat)
  }

  /// Inner functions, helpers and look-alikes: counting them would count a call twice or invent one.
  @Test(arguments: [
    "__do_sys_clone", "__do_sys_newfstatat", "__do_sys_brk", "__do_compat_sys_ioctl",
    "__se_sys_read", "__se_compat_sys_ioctl", "SYSC_read", "C_SYSC_ioctl", "ksys_read",
    "ksys_mmap_pgoff", "compat_ksys_ipc", "do_sys_openat2", "__sys_sendto", "sys_call_table",
    "sys_vtimer", "sys_off_notify", "sys_fillrect", "sys_mmap_pgoff", "SyS_mmap_pgoff",
    "__x64_sys_ni_syscall", "__do_sys_ni_syscall", "sys_ni_syscall", "__arm64_sys_ni_syscall",
    "sys_ni_posix_timers", "__x64_sys_", "sys_", "x64_sys_call", "syscall_trace_enter.constprop.0",
    "sysfs_kf_read", "__x64_sys_setitimer.cold", "__x64_sys_read.part.0", "__do_sys_swapon.cold",
    "sysvec_apic_timer_interrupt", "syscall_exit_to_user_mode_prepare", "__pfx___x64_sys_read",
    "do_compat_epoll_pwait.part.0", "0xffffffff81000000", "",
  ])
  func others(_ function: String) {
    #expect(SyscallName(function: function) == nil)
  }

  /// Every native entry of two real kernels is a call of x86_64's table, but for those that are
  /// built for other tables: the ones that only i386 has, and other architectures'.
  @Test(arguments: ["runc-redis-server-1", "crun-redis-k612"])
  func nativeEntries(_ capture: String) throws {
    let table = try Self.names(of: "x86_64")
    var entries = 0
    var strangers: Set<String> = []
    for symbol in try Kallsyms.functions(capture) where symbol.name.hasPrefix("__x64_sys_") {
      guard let syscall = SyscallName(function: symbol.name) else {
        #expect(symbol.name.hasSuffix(".cold") || symbol.name == "__x64_sys_ni_syscall")
        continue
      }
      #expect(syscall.abi == .native)
      if table.contains(syscall.name) {
        entries += 1
      } else {
        strangers.insert(syscall.name)
      }
    }
    #expect(entries > 350)
    let newer: Set = [
      "cachestat", "fchmodat2", "futex_requeue", "futex_wait", "futex_wake", "listmount",
      "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "map_shadow_stack", "mseal",
      "statmount", "uretprobe",
    ]
    #expect(strangers.subtracting(newer).subtracting(Self.onlyOfOtherTables) == [])
    #expect(Self.onlyOfOtherTables.subtracting(strangers).subtracting(newer) == [])
  }

  private static let onlyOfOtherTables: Set = [
    // i386.
    "_llseek", "fadvise64_64", "fstatfs64", "ftruncate64", "ipc", "mmap2", "nice", "oldfstat",
    "oldlstat",
    "oldolduname", "oldstat", "olduname", "readdir", "sgetmask", "sigpending", "sigprocmask",
    "sigsuspend", "signal", "socketcall", "ssetmask", "statfs64", "stime", "truncate64", "umount",
    "vm86", "vm86old", "waitpid",
    // Others.
    "gethostname", "pciconfig_iobase", "pciconfig_read", "pciconfig_write", "recv", "rtas",
    "s390_ipc", "s390_pci_mmio_read", "s390_pci_mmio_write", "send", "spu_create", "spu_run",
    "subpage_prot", "sync_file_range2",
  ]

  /// The names of a table as the warehouse has them.
  private static func names(of arch: String) throws -> Set<String> {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let sql = try String(
      contentsOf: root.appending(path: "schema/data/syscall_numbers.sql"), encoding: .utf8)
    return Set(
      sql.split(separator: "\n").filter { $0.contains("('\(arch)',") }
        .compactMap { $0.split(separator: "'").dropFirst(3).first.map(String.init) })
  }

  /// An address has at most one system call, whichever of its names a trace shows; and where the
  /// entry has arguments, `__do_sys_X` beside it is none.
  @Test(arguments: ["runc-redis-server-1", "crun-redis-k612"])
  func aliases(_ capture: String) throws {
    let symbols = try Kallsyms.functions(capture)
    let byAddress = Dictionary(grouping: symbols, by: \.address)
    var aliased = 0
    for symbol in symbols where symbol.name.hasPrefix("__do_sys_") {
      let names = byAddress[symbol.address, default: []].map(\.name)
      let isEntry = names.contains { $0.hasPrefix("__x64_sys_") }
      let syscall = SyscallName(function: symbol.name)
      guard isEntry, symbol.name != "__do_sys_ni_syscall" else {
        #expect(syscall == nil, "\(symbol.name)")
        continue
      }
      let entry = names.first { $0.hasPrefix("__x64_sys_") }.flatMap(SyscallName.init)
      #expect(syscall == entry)
      #expect(syscall != nil, "\(symbol.name)")
      aliased += 1
    }
    #expect(aliased > 20)
  }

  /// Nothing in a kernel of today is taken for an entry of before 4.17.
  @Test(arguments: ["runc-redis-server-1", "crun-redis-k612"])
  func noBareEntries(_ capture: String) throws {
    for symbol in try Kallsyms.functions(capture) where !symbol.name.hasPrefix("__") {
      #expect(SyscallName(function: symbol.name) == nil, "\(symbol.name)")
    }
  }

  /// What a real container called, from the reference's counts.
  @Test func realRun() throws {
    let rows = try Captures.expected("runc-redis-server-1", "runc-redis-server-1.func")
    let names = Set(
      rows.keys.compactMap {
        SyscallName(function: String($0.split(separator: " ")[1]))?.name
      })
    #expect(
      names == [
        "accept4", "close", "epoll_ctl", "epoll_wait", "futex", "madvise", "openat", "read",
        "setsockopt", "write",
      ])
  }
}
