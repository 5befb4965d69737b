/// A kernel function by name and module, as kallsyms or a line of text has it.
public struct FunctionName: Hashable, Sendable {
  /// The symbol with its suffix (`.isra.0`, `.constprop.0`, …), or `0x…` when no symbol is known.
  public var name: String
  /// The module in brackets; empty when built in or unknown.
  public var module: String
  /// No symbol was found: `name` is the address.
  public var isAddress: Bool

  public init(name: String, module: String = "", isAddress: Bool = false) {
    self.name = name
    self.module = module
    self.isAddress = isAddress
  }
}

/// Turns the tokens of one source into names.
public protocol FunctionResolver {
  func resolve(_ token: FunctionToken) -> FunctionName
}
