import ArgumentParser
import TraceStore

struct PathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path",
    abstract:
      "Shows by which chain of calls a function is reached: the shortest, the likeliest.",
    discussion: """
      Chains begin at the entries of system calls and at the kernel's other entries (faults, new \
      tasks, the return to user space); only where none leads to the function, at others whose \
      caller was not recorded. The likeliest chain is that on which the callers made the greatest share \
      of their callees' observed calls (the product over its steps); of equally short ones the \
      likeliest is shown.

      Each step was observed. That the whole chain ran is certain only when it is one step, or when \
      the functions between have no other caller, no entry without a known one, and no events were \
      lost: the answer says so. (A function that was running already when recording began would not \
      show.) That holds for both tracers, since the warehouse keeps pairs of caller and callee.

      function_graph: the caller is the innermost traced function. function: the caller is where the \
      callee returns to; a function that jumps to another does not show between, which would hide \
      system calls such as read: there the names tell (ksys_read is below __x64_sys_read), and the \
      chain is never called certain.

      EXAMPLE
        tracequery path runc/redis-server vfs_read
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Argument(help: "A function, or a system call: its entry.", completion: .function)
  var function: String
  @Option(
    help: ArgumentHelp(
      "Begin at this system call or function only.", valueName: "syscall|function"))
  var from: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolve(selection)
    let lookup = FunctionLookup(session: session, selection: resolved)
    let name = try lookup.name(function)
    let entries = try from.map(lookup.entries)
    let selected = try SelectionGraph(session, resolved)
    guard let target = selected.graph.number(of: name) else {
      throw lookup.notReached(name, role: role.role)
    }
    let search = entries.map {
      ChainSearch(selected.graph, from: $0.compactMap(selected.graph.number))
    }
    guard let search = search ?? selected.search(to: target),
      let answer = PathAnswer(selected, to: target, by: search)
    else {
      throw Failure(
        status: .no,
        text: "nothing found: no chain of observed calls leads from \(from ?? "an entry") to "
          + "\(name) in '\(selection)'")
    }
    Notes.print([resolved], more: Notes.conditions([resolved]))
    try session.printer.print(PathAnswer.columns, answer.rows, heading: answer.heading)
  }
}
