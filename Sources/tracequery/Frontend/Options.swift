import ArgumentParser
import Terminal
import TraceStore

extension OutputFormat: ExpressibleByArgument {}

/// Where the warehouse is.
struct DatabaseOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The warehouse. Without it: $TRACE_DB, else ./traces.db.", valueName: "file"),
    completion: .file(extensions: ["db"]))
  var database: String?

  /// The option, else the environment's variable when it is not empty, else the default.
  var path: String { Self.path(database) }

  static func path(_ given: String?) -> String {
    if let given { return given }
    if let set = variable("TRACE_DB"), !set.isEmpty { return set }
    return "traces.db"
  }
}

/// Where the warehouse is and how answers are written: common to all commands.
struct WarehouseOptions: ParsableArguments {
  @OptionGroup var file: DatabaseOptions

  @Option(help: "How to write the answer. Without it: a table on a terminal, tsv in a pipe.")
  var format: OutputFormat?

  var path: String { file.path }
}

/// Which roles make up a footprint.
struct RoleOptions: ParsableArguments {
  @Option(
    name: .customLong("role"),
    help: ArgumentHelp(
      "Roles that count: default (all but shim and runtime), all, or a list of app, shim, runtime, "
        + "sandbox, gofer, stub, kthread and other, such as sandbox,gofer. "
        + "Given several times: these together. (default: default)",
      valueName: "roles"), completion: .roles)
  var roles: [String] = []

  var role: String { roles.isEmpty ? "default" : roles.joined(separator: ",") }
}

/// Which runs are used.
struct StatusOptions: ParsableArguments {
  @Flag(help: "Use lossy and interrupted runs too.")
  var lossy = false
}

/// How many runs of a selection must reach a function.
struct NarrowOptions: ParsableArguments {
  @Option(
    name: .customLong("in"), parsing: .unconditional,
    help: ArgumentHelp(
      "Only what every run (all), or at least so many runs, of a selection reached.",
      valueName: "all|n"))
  var runs: RunCount = .atLeast(1)
}

/// Whether differing conditions are compared.
struct AcrossOptions: ParsableArguments {
  @Flag(help: "Compare runs of differing conditions, by the functions' canonical names.")
  var across = false
}

/// `all`, or a number from 1.
enum RunCount: ExpressibleByArgument, Equatable {
  case all
  case atLeast(Int64)

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let count = Int64(argument), count >= 1 {
      self = .atLeast(count)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .all: "all"
    case .atLeast(let count): String(count)
    }
  }

  /// As canned queries take it: 0 means all.
  var bound: Int64 {
    switch self {
    case .all: 0
    case .atLeast(let count): count
    }
  }
}

extension QuestionOptions {
  init(
    role: RoleOptions? = nil, status: StatusOptions? = nil, narrow: NarrowOptions? = nil,
    across: AcrossOptions? = nil
  ) throws {
    self.init()
    if let role { roles = try RoleChoice(role.role, suggest: suggestion) }
    if let status, status.lossy { self.status = .any }
    if let narrow { atLeast = narrow.runs.bound }
    if let across { isAcross = across.across }
  }
}

/// The nearest of some names, for errors.
func suggestion(_ name: String, _ names: [String]) -> String? {
  nearest(name, in: names)
}
