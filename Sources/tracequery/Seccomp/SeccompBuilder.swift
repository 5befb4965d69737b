/// Makes a profile of the system calls that were seen, and says what stands against it.
struct SeccompBuilder {
  /// One entry function of a system call that was seen: a row of the query `seccomp_calls`.
  struct Call: Equatable {
    var syscall: String
    var isCompat: Bool
    var function: String
    /// The table of the call's architecture has the name.
    var hasNumber: Bool
    /// The table of some architecture has it.
    var isNamed: Bool
  }

  let machine: SeccompArchitecture
  var base = RuntimeBase.none
  var allowsVDSO = false

  /// What `time`, `gettimeofday` and the like become where the kernel cannot answer them without
  /// being entered, which depends on the machine's clock: they are then real system calls.
  static let answeredInVDSO = ["clock_getres", "clock_gettime", "getcpu", "gettimeofday", "time"]

  /// Engines' own profiles answer ENOSYS to these, because their filter cannot see their arguments:
  /// the C library then falls back (`clone3` to `clone`). What was recorded under such a profile
  /// never entered them, and under EPERM threads could not be made.
  static let absentByEngines = ["clone3"]

  struct Result: Equatable {
    var profile: SeccompProfile
    /// Calls that were seen and have no name that a seccomp library knows.
    var unknown: [String]
  }

  /// - Parameter table: names of the system calls of an architecture (`syscall.arch`); empty when
  ///   nothing is known of it.
  func build(_ calls: [Call], table: (String) throws -> Set<String>) rethrows -> Result {
    var names: Set<String> = []
    var unknown: Set<String> = []
    var architectures: Set<SeccompArchitecture> = [machine]
    for call in calls {
      let architecture = call.isCompat ? machine.compat(function: call.function) : machine
      if let architecture { architectures.insert(architecture) }
      let isKnown = architecture?.table == nil ? call.isNamed : call.hasNumber
      if isKnown { names.insert(call.syscall) } else { unknown.insert(call.syscall) }
    }
    names.formUnion(Self.twins(of: calls, architectures))
    var added = base.names
    if allowsVDSO { added += Self.answeredInVDSO }
    let own = try machine.table.map { try table($0) } ?? []
    names.formUnion(added.filter { own.isEmpty || own.contains($0) })
    let absent = Self.absentByEngines.filter {
      !names.contains($0) && (own.isEmpty || own.contains($0))
    }
    return Result(
      profile: SeccompProfile(
        architectures: architectures.sorted(), names: names.sorted(), absent: absent),
      unknown: unknown.sorted())
  }

  /// i386 has two system calls for user ids, of 16 and of 32 bits. Without arguments, a 32-bit
  /// program's call and a 64-bit program's run the same kernel function, which counts as native:
  /// where there were 32-bit programs, the names of i386 must be allowed too.
  private static func twins(
    of calls: [Call], _ architectures: Set<SeccompArchitecture>
  ) -> [String] {
    guard architectures.contains(.x86) else { return [] }
    let wide = ["getegid", "geteuid", "getgid", "getuid"]
    return calls.filter { !$0.isCompat && wide.contains($0.syscall) }.map { $0.syscall + "32" }
  }
}
