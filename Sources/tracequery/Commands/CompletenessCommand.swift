import ArgumentParser
import Terminal
import TraceStore

struct CompletenessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completeness",
    abstract: "Shows how complete repeats are: what each further run adds, and what none reached.",
    discussion: """
      A section for each runtime and workload. For each number of runs, over all orders of the runs: \
      the mean of the union with its standard deviation, how much of it is new, the same of the \
      intersection (functions that every one of so many runs reached), and how many functions \
      exactly so many runs reached. The deviations say how much the order matters; with all runs \
      they are 0.

      Above it (on standard error with csv, tsv and ndjson): a lower bound of all functions that such \
      runs can reach (Chao2, bias-corrected, with Chao's interval; of three runs or more), and after \
      how many runs a further one is expected to add less than 1 %: from the curve, or extrapolated with Chao2 to at most \
      three times the runs. Chao2 supposes independent runs, and for each function one probability \
      in all of them; its interval also that functions come one by one: they come in whole paths, so \
      that it is too narrow. Estimates from the calls within one run are not offered: calls come in bursts. \
      Also how alike two runs are (the Jaccard similarity of their functions: least, median and greatest \
      of all pairs). docs/completeness.md has the formulas.

      The exit code is 1 when there is only one run of everything.

      EXAMPLE
        tracequery completeness runc/redis-server --role all --by-role
      """)

  @Argument(help: "A selection of runs of one condition.", completion: .selection)
  var selection: String
  @OptionGroup var byRole: ByRoleOptions
  @Flag(help: "Only the estimates, a row for each section.")
  var estimates = false
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolve(selection)
    if let differences = Comparability.differences([resolved]) {
      throw Failure(
        status: .usage,
        text: "the runs of '\(selection)' do not repeat one another: \(differences); "
          + Notes.narrow([resolved]))
    }
    let groups = RepeatGroup.groups(resolved)
    let slices = RoleSlice.slices(role.role, session.options.roles, isByRole: byRole.byRole)
    Notes.print([resolved])
    let single = groups.filter { $0.runIDs.count == 1 }
    let many = groups.filter { $0.runIDs.count > 1 }
    let names = single.prefix(8).map { "\($0.name) (run:\($0.runIDs[0]))" }
    let lesson =
      "one run tells nothing about completeness: \(names.joined(separator: ", "))"
      + (single.count > 8 ? " and \(single.count - 8) more" : "")
      + "; record repeats, for instance with 'collector suite --repeat 5'"
    guard !many.isEmpty else { throw Failure(status: .no, text: lesson) }
    if !single.isEmpty { printError("tracequery: note: \(lesson)") }
    let sections = try session.warehouse.reading {
      try Completeness.read(
        many, slices, of: resolved, options: session.options, on: session.warehouse.connection)
    }
    guard !sections.isEmpty else {
      throw Failure(
        status: .no,
        text: "nothing found: '\(selection)' reached no function in role \(role.role)")
    }
    if sections.contains(where: { $0.points.contains { $0.unionDeviation == nil } }) {
      printError("tracequery: note: too many functions differ for deviations; they are left out")
    }
    let answer = CompletenessAnswer(sections: sections, format: session.printer.format)
    try (estimates ? answer.estimates : answer.curve).print(session.printer)
  }
}

/// Whether roles are looked at together or each by itself.
struct ByRoleOptions: ParsableArguments {
  @Flag(help: "Each of the roles by itself.")
  var byRole = false
}
