/// Which roles' functions make up a footprint.
public struct RoleChoice: Sendable, Hashable {
  public let roles: Set<Role>

  /// Every role but the shim and the runtime, whose background work is not the container's.
  public static let standard = RoleChoice(Set(Role.allCases.filter(\.isDefault)))
  /// Every role.
  public static let all = RoleChoice(Set(Role.allCases))

  public init(_ roles: Set<Role>) {
    self.roles = roles
  }

  /// Reads `default`, `all` and roles, joined by commas.
  ///
  /// - Throws: ``QueryError/role(_:nearest:)``.
  public init(_ text: String, suggest: (String, [String]) -> String? = { _, _ in nil }) throws {
    var roles: Set<Role> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part)
      switch name {
      case "default": roles.formUnion(Self.standard.roles)
      case "all": roles.formUnion(Self.all.roles)
      default:
        guard let role = Role(rawValue: name) else {
          let names = ["default", "all"] + Role.allCases.map(\.rawValue)
          throw QueryError.role(name, nearest: suggest(name, names))
        }
        roles.insert(role)
      }
    }
    self.init(roles)
  }

  /// As a canned query takes them: `,app,sandbox,`.
  public var bound: String {
    ResolvedSelection.bound(Role.allCases.filter(roles.contains).map(\.rawValue))
  }

  /// What the roll-up of groups calls this choice; nil when it does not keep it.
  public var groupRole: String? {
    if self == .standard { return "(default)" }
    if self == .all { return "(all)" }
    return roles.count == 1 ? roles.first?.rawValue : nil
  }
}
