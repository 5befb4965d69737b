/// What a gate counts: a system call, or a function that is the entry of none.
struct GateItem: Equatable {
  enum Kind: String, CaseIterable {
    case function, syscall
  }

  var kind: Kind
  /// A system call's name, a function's name.
  var name: String
  /// The function, or the first entry of the system call, by name.
  var function: String
  /// The function's name without what a compiler appends.
  var canonical: String
  /// Whose system call it is: native, compat; nil for functions.
  var abi: String?
  var module = ""
  var runs: Int64 = 0
  var ofRuns: Int64 = 0
  var calls: Int64 = 0

  /// By what two footprints' items are the same: across kernels functions by canonical name. A
  /// system call is one, whichever function the kernel enters it by.
  func key(isAcross: Bool) -> Key {
    Key(kind: kind, name: kind == .function && isAcross ? canonical : name, abi: abi ?? "")
  }

  struct Key: Hashable, Comparable {
    var kind: Kind
    var name: String
    var abi: String

    /// System calls first, since they are what a program asks for; then by name, as bytes.
    static func < (left: Key, right: Key) -> Bool {
      if left.kind != right.kind { return left.kind == .syscall }
      if left.name != right.name {
        return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
      }
      return left.abi > right.abi
    }
  }

  /// Several functions of one item as one.
  mutating func merge(_ other: GateItem) {
    runs = max(runs, other.runs)
    ofRuns = max(ofRuns, other.ofRuns)
    let sum = calls.addingReportingOverflow(other.calls)
    calls = sum.overflow ? Int64.max : sum.partialValue
    if other.function.utf8.lexicographicallyPrecedes(function.utf8) { function = other.function }
  }
}
