import Terminal

/// Something that recording needs, and whether this machine has it.
struct Requirement: Sendable, Equatable {
  enum State: String, Sendable {
    case ok
    /// Recording works without it, but not everything does.
    case warning
    case missing
  }

  var name: String
  var state: State
  /// What was found.
  var found: String
  /// What to do about it; empty when there is nothing to do.
  var remedy: String

  static func ok(_ name: String, _ found: String) -> Requirement {
    Requirement(name: name, state: .ok, found: found, remedy: "")
  }

  static func warning(_ name: String, _ found: String, _ remedy: String) -> Requirement {
    Requirement(name: name, state: .warning, found: found, remedy: remedy)
  }

  static func missing(_ name: String, _ found: String, _ remedy: String) -> Requirement {
    Requirement(name: name, state: .missing, found: found, remedy: remedy)
  }

  static let columns = [
    Column("requirement", .text), Column("state", .text), Column("found", .text),
    Column("remedy", .text),
  ]

  var cells: [Cell] { [.text(name), .text(state.rawValue), .text(found), .text(remedy)] }
}
