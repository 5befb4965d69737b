import ArgumentParser
import Terminal
import TraceStore

extension SaturationCurve.Axis: ExpressibleByArgument {}

struct SaturationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saturation",
    abstract: "Shows how soon runs had reached their functions: unique functions over time.",
    discussion: """
      A section for each runtime, workload and condition: first, when 50, 90, 95 and 99 % of a run's \
      functions had been reached; then the curve, in steps up to the end of the longest run: mean, \
      least and most functions of the runs. A run that has ended stays at what it reached; \
      lasting_runs says how many last so long. Time counts from the recording's beginning where that \
      is known, else from the run's first call event.

      --over events counts call events of the roles instead, which needs runs that were ingested \
      with --keep-events. A curve that is flat at the end says that this window held nothing new, and \
      not that nothing is missing: see 'tracequery completeness'.

      The exit code is 1 when no run can be shown.

      EXAMPLE
        tracequery saturation runc/redis-server --steps 10
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Option(help: "The x axis: time or call events.")
  var over: SaturationCurve.Axis = .time
  @Option(parsing: .unconditional, help: ArgumentHelp("How many steps, 1 to 1000.", valueName: "n"))
  var steps = 20
  @Flag(help: "Only when 50, 90, 95 and 99 % had been reached, a row for each run.")
  var milestones = false
  @OptionGroup var byRole: ByRoleOptions
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard (1...1000).contains(steps) else {
      throw ValidationError("--steps must be 1 to 1000.")
    }
  }

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolve(selection)
    let slices = RoleSlice.slices(role.role, session.options.roles, isByRole: byRole.byRole)
    Notes.print([resolved])
    var reader = SaturationReader(
      RepeatGroup.groups(resolved), of: resolved, options: session.options, axis: over)
    let curves = try session.warehouse.reading {
      try reader.read(slices, on: session.warehouse.connection)
    }
    let missing = Set(reader.leftOut)
    let list = RunCatalogue.list(resolved.runs.filter { missing.contains($0.id) }) {
      "run:\($0.id)"
    }
    let reason =
      over == .time
      ? "the source has no times: \(list)"
      : "recorded without --keep-events: \(list); 'collector ingest --keep-events' keeps them"
    guard missing.count < resolved.runs.count else {
      throw Failure(status: .no, text: "nothing found: \(reason)")
    }
    if !missing.isEmpty { printError("tracequery: note: left out, \(reason)") }
    guard !curves.isEmpty else {
      throw Failure(
        status: .no,
        text: "nothing found: '\(selection)' reached no function in role \(role.role)")
    }
    let answer = SaturationAnswer(curves: curves, axis: over, format: session.printer.format)
    try (milestones ? answer.milestones : answer.steps(steps)).print(session.printer)
  }
}
