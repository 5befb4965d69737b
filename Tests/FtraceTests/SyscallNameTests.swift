import Testing

@testable import Ftrace

@Suite struct SyscallNameTests {
  @Test(arguments: [
    ("__x64_sys_read", "read", "native"), ("__x64_sys_newfstat", "fstat", "native"),
    ("__x64_sys_newfstatat", "newfstatat", "native"), ("__x64_sys_umount", "umount2", "native"),
    ("__x64_sys_sendfile64", "sendfile", "native"), ("__do_sys_getpid", "getpid", "native"),
    ("__do_sys_sched_yield", "sched_yield", "native"),
    ("__do_sys_rt_sigreturn", "rt_sigreturn", "native"),
    ("__ia32_sys_read", "read", "compat"), ("__ia32_compat_sys_execve", "execve", "compat"),
    ("__ia32_sys_chown16", "chown", "compat"), ("__ia32_sys_mmap_pgoff", "mmap2", "compat"),
    ("__ia32_sys_nanosleep_time32", "nanosleep", "compat"),
    ("__ia32_sys_ia32_pread64", "pread64", "compat"),
    ("__arm64_sys_openat", "openat", "native"), ("__arm64_compat_sys_ioctl", "ioctl", "compat"),
    ("__arm64_sys_fadvise64_64", "fadvise64", "native"),
    ("SyS_write", "write", "native"), ("sys_epoll_wait", "epoll_wait", "native"),
    ("sys_newuname", "uname", "native"), ("compat_SyS_ioctl", "ioctl", "compat"),
  ])
  func entries(_ function: String, _ name: String, _ abi: String) throws {
    let syscall = try #require(SyscallName(function: function))
    #expect(syscall.name == name)
    #expect(syscall.abi.rawValue == abi)
  }

  /// Inner functions, helpers and look-alikes: counting them would count a call twice or invent one.
  @Test(arguments: [
    "__do_sys_clone", "__do_sys_newfstatat", "__do_sys_brk", "__se_sys_read", "ksys_read",
    "do_sys_openat2", "sys_call_table", "sys_vtimer", "sys_off_notify", "__x64_sys_ni_syscall",
    "__x64_sys_", "x64_sys_call", "syscall_trace_enter.constprop.0", "sysfs_kf_read",
    "__x64_sys_setitimer.cold", "__do_sys_swapon.cold", "sysvec_apic_timer_interrupt",
    "syscall_exit_to_user_mode_prepare", "",
  ])
  func others(_ function: String) {
    #expect(SyscallName(function: function) == nil)
  }

  /// Symbols of a real kernel: each native entry is one call of the table, but for the 32-bit
  /// calls and those of other architectures that the build makes native symbols of as well.
  @Test func kallsyms() throws {
    let path = "\(Captures.folder)/runc-redis-server-1/kallsyms.zst"
    let text = String(decoding: try InputFile.open(path).readAll(), as: UTF8.self)
    var unknown: Set<String> = []
    var seen = 0
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 2, words[2].hasPrefix("__x64_sys_"), !words[2].contains(".") else {
        continue
      }
      guard let syscall = SyscallName(function: String(words[2])) else { continue }
      seen += 1
      if !SyscallName.known.contains(syscall.name) { unknown.insert(syscall.name) }
    }
    #expect(seen > 400)
    #expect(
      unknown == [
        "gethostname", "old_msgctl", "old_semctl", "old_shmctl", "pciconfig_iobase",
        "pciconfig_read", "pciconfig_write", "recv", "rtas", "s390_ipc", "s390_pci_mmio_read",
        "s390_pci_mmio_write", "send", "spu_create", "spu_run", "subpage_prot",
      ])
  }

  @Test(arguments: [
    ("do_fault.isra.0", "do_fault"), ("finish_task_switch.isra.0", "finish_task_switch"),
    ("a.constprop.12.cold", "a"), ("b.part.0.isra.1", "b"), ("plain", "plain"),
    ("c.llvm.123456", "c"), ("d.cold", "d"), ("trampoline.data", "trampoline.data"),
    (".hidden", ".hidden"), ("0xffffffff81000000", "0xffffffff81000000"),
  ])
  func canonical(_ name: String, _ canonical: String) {
    #expect(KernelSymbolName.canonical(name) == canonical)
  }
}
