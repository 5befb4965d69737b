/// A kernel symbol's name without what the compiler added.
public enum KernelSymbolName {
  /// Suffixes that GCC and Clang give to clones of a function; a number may follow each.
  private static let suffixes: Set<Substring> = [
    "isra", "constprop", "part", "cold", "llvm", "lto_priv", "localalias", "icf", "clone", "str",
  ]

  /// `do_fault.isra.0.cold` → `do_fault`: names that differ only so are one function of the source.
  public static func canonical(_ name: String) -> String {
    guard name.utf8.contains(0x2e) else { return name }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, !parts[0].isEmpty else { return name }
    var kept = 1
    for (index, part) in parts.enumerated().dropFirst() {
      let isNumber = !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
      if !suffixes.contains(part), !isNumber { kept = index + 1 }
    }
    return parts[..<kept].joined(separator: ".")
  }
}
