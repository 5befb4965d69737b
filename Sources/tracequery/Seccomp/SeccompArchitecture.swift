/// The architectures that a seccomp filter tells apart, as profiles write them.
enum SeccompArchitecture: String, Comparable {
  case amd64 = "SCMP_ARCH_X86_64"
  case x86 = "SCMP_ARCH_X86"
  case x32 = "SCMP_ARCH_X32"
  case aarch64 = "SCMP_ARCH_AARCH64"
  case arm = "SCMP_ARCH_ARM"
  case riscv64 = "SCMP_ARCH_RISCV64"
  case s390x = "SCMP_ARCH_S390X"
  case ppc64le = "SCMP_ARCH_PPC64LE"

  /// What a kernel's own programs are, by what `uname -m` says; nil for machines not known here.
  init?(machine: String) {
    switch machine {
    case "x86_64": self = .amd64
    case "i386", "i486", "i586", "i686": self = .x86
    case "aarch64": self = .aarch64
    case "riscv64": self = .riscv64
    case "s390x": self = .s390x
    case "ppc64le": self = .ppc64le
    default: return nil
    }
  }

  /// The table of system calls (`syscall.arch`) that has its names; nil where there is none.
  var table: String? {
    switch self {
    case .amd64, .x32: "x86_64"
    case .x86: "i386"
    case .aarch64: "arm64"
    case .arm, .riscv64, .s390x, .ppc64le: nil
    }
  }

  /// Which 32-bit programs entered a compat system call, told by its function; nil where this
  /// machine has none known here.
  func compat(function: String) -> SeccompArchitecture? {
    switch self {
    case .amd64:
      function.hasPrefix("__x64_compat_") || function.hasPrefix("__x32_compat_") ? .x32 : .x86
    case .aarch64: .arm
    default: nil
    }
  }

  /// The machine's own architecture first, then the others by name.
  static func < (left: SeccompArchitecture, right: SeccompArchitecture) -> Bool {
    left.rank != right.rank ? left.rank < right.rank : left.rawValue < right.rawValue
  }

  private var rank: Int { [.x86, .x32, .arm].contains(self) ? 1 : 0 }
}
