/// Names of kernel symbols, as kallsyms has them.
public enum KernelSymbolName {
  /// The name without what compilers append when they clone, split or move a function, so that the
  /// same function has one name in kernels that were built differently.
  ///
  /// `tcp_ack.constprop.0.isra.0` is `tcp_ack`. Suffixes of GCC: `.isra`, `.constprop`, `.part`,
  /// `.cold`, `.lto_priv`, `.localalias`, each with or without a number; of clang: `.llvm` and
  /// `.__uniq` with a number, `.cold`. Other dots are part of the name.
  public static func canonical(_ name: String) -> String {
    guard name.utf8.contains(dot) else { return name }
    var rest = name[...]
    while let stem = withoutLastSuffix(rest) { rest = stem }
    return String(rest)
  }

  /// Whether the symbol is a piece of a function and not the whole: code that was split off behind
  /// a condition (`.part`) or because it hardly ever runs (`.cold`). A piece is entered from its
  /// function, which is then entered, too.
  public static func isPiece(_ name: String) -> Bool {
    guard name.utf8.contains(dot) else { return false }
    var rest = name[...]
    while let stem = withoutLastSuffix(rest) {
      let suffix = rest[stem.endIndex...].dropFirst()
      if suffix == "cold" || suffix.hasPrefix("cold.") || suffix.hasPrefix("part.") { return true }
      rest = stem
    }
    return false
  }

  private static let dot = UInt8(ascii: ".")

  /// Suffixes that stand alone or before a number.
  private static let withOrWithoutNumber: Set<Substring> = ["cold", "localalias", "lto_priv"]
  /// Suffixes that only a number makes.
  private static let withNumber: Set<Substring> = ["isra", "constprop", "part", "llvm", "__uniq"]

  /// Nil when the name does not end with a suffix, or is nothing but one.
  private static func withoutLastSuffix(_ name: Substring) -> Substring? {
    guard let (stem, last) = split(name), !stem.isEmpty else { return nil }
    if withOrWithoutNumber.contains(last) { return stem }
    let isNumber = !last.isEmpty && last.utf8.allSatisfy { (48...57).contains($0) }
    guard isNumber, let (shorter, kind) = split(stem), !shorter.isEmpty else { return nil }
    return withNumber.contains(kind) || withOrWithoutNumber.contains(kind) ? shorter : nil
  }

  private static func split(_ name: Substring) -> (stem: Substring, last: Substring)? {
    guard let position = name.utf8.lastIndex(of: dot) else { return nil }
    return (name[..<position], name[name.utf8.index(after: position)...])
  }
}
