import ArgumentParser
import TraceStore

struct TreeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tree",
    abstract: "Shows what lies below a system call, or another function, as a tree of calls.",
    discussion: """
      The tree is made of observed pairs of caller and callee, the most called first; each function \
      is expanded once, where it is nearest to the root. Calls are those between the two functions, \
      whoever called the upper one: not all of them need belong to this system call. "caller told by \
      name": a system call's entry jumped there, which the tracer function does not show.

      EXAMPLE
        tracequery tree runc/redis-server read --depth 4 --min-calls 10
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Argument(help: "A system call, or a function.", completion: .function)
  var syscall: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many steps below the root are shown.", valueName: "n"))
  var depth = 5
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Leave out calls that were observed fewer times.", valueName: "n"))
  var minCalls: Int64 = 1
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("At most so many lines; those nearest to the root stay.", valueName: "n"))
  var limit = 200
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard depth >= 1 else { throw ValidationError("--depth must be 1 or more.") }
    guard minCalls >= 1 else { throw ValidationError("--min-calls must be 1 or more.") }
    guard limit >= 1 else { throw ValidationError("--limit must be 1 or more.") }
  }

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolve(selection)
    let lookup = FunctionLookup(session: session, selection: resolved)
    let names = try lookup.entries(syscall)
    let selected = try SelectionGraph(session, resolved)
    let roots = selected.graph.roots(names, of: syscall)
    guard !roots.isEmpty else {
      throw lookup.notReached(names.joined(separator: ", "), role: role.role)
    }
    let answer = TreeAnswer(
      selected: selected,
      tree: CallTree(
        selected.graph, roots: roots,
        limits: .init(depth: depth, minCalls: minCalls, lines: limit)),
      isTable: session.printer.format == .table)
    Notes.print([resolved], more: Notes.conditions([resolved]))
    try session.printer.print(answer.columns, answer.rows, heading: answer.heading(syscall))
  }
}
