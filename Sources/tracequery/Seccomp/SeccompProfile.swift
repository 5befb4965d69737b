import Terminal

/// A seccomp profile in the format of the OCI runtime specification (`linux.seccomp`), which is also
/// what Docker's and Podman's `--security-opt seccomp=FILE` read: one allow-list, everything else
/// fails.
struct SeccompProfile: Equatable {
  /// What a refused call returns: EPERM. It is what runtimes take when a profile says nothing, and
  /// what Docker's own profile says.
  static let refusal: Int64 = 1

  /// What a call returns of which a program is to believe that the kernel does not have it: ENOSYS.
  static let absence: Int64 = 38

  var architectures: [SeccompArchitecture]
  /// The calls allowed, sorted.
  var names: [String]
  /// Calls that fail with ENOSYS, sorted: programs then make another one, which they do not after
  /// EPERM.
  var absent: [String] = []

  /// A line for each name, so that two profiles can be compared by lines.
  var text: String {
    """
    {
      "defaultAction": "SCMP_ACT_ERRNO",
      "defaultErrnoRet": \(Self.refusal),
      "architectures": [
    \(list(architectures.sorted().map(\.rawValue), indent: 4))
      ],
      "syscalls": [
        {
          "names": [
    \(list(names, indent: 8))
          ],
          "action": "SCMP_ACT_ALLOW"
        }\(absentRule)
      ]
    }

    """
  }

  private var absentRule: String {
    guard !absent.isEmpty else { return "" }
    return """
      ,
          {
            "names": [
      \(list(absent, indent: 8))
            ],
            "action": "SCMP_ACT_ERRNO",
            "errnoRet": \(Self.absence)
          }
      """
  }

  private func list(_ words: [String], indent: Int) -> String {
    let blanks = String(repeating: " ", count: indent)
    return words.map { blanks + JSONText.string($0) }.joined(separator: ",\n")
  }
}
