import ArgumentParser
import TraceStore

struct CallersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callers",
    abstract: "Lists the functions that call a function, with how often they were seen to.",
    discussion: """
      What a caller is depends on the tracer. function: the function that the callee returns to; \
      one that jumped to it, or is compiled into another, does not show. function_graph: the \
      innermost function that was traced and not left. share is of all calls listed.

      EXAMPLE
        tracequery callers runc/redis-server vfs_read
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Argument(help: "A function, or a system call: its entry.", completion: .function)
  var function: String
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow))
    let resolved = try session.resolve(selection)
    let name = try FunctionLookup(session: session, selection: resolved).name(function)
    try session.answer(
      session.questions.callers(resolved, of: name),
      nothing:
        "nothing found: no call of \(name) with a known caller was recorded in '\(selection)' "
        + "in role \(role.role)",
      together: [resolved])
  }
}
