import ArgumentParser
import Terminal
import TraceStore

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draws a figure: footprints, system calls, calls, or how a footprint grows.",
    discussion: """
      functions and syscalls are bars from zero: the mean of the runs of a workload (group) and \
      runtime (bar), with the 95 % confidence interval of the mean (Student's t) as whisker, its \
      number above and the number of runs n below. calls, which lie decades apart, are points on a \
      logarithmic axis, since lengths of bars mean nothing there. saturation has a line for each \
      series, the mean of unique functions over time, in a band from the least to the most of its \
      runs, and a panel for each workload. overlaps counts, for two to five selections, the functions \
      that exactly these of them reached.

      Figures are 84 mm wide, a column of a paper, and no text is below 7 pt at that width. Below \
      them stand the kernel, tracer, filters, roles and losses. Without -o the figure is a text \
      chart; with --format its numbers are written.

      PNG is made by rsvg-convert, where that is installed. In auto theme it is light.

      EXAMPLE
        tracequery graph functions runc runsc -o footprints.svg
      """)

  @Argument(help: ArgumentHelp("What is drawn.", valueName: "figure"))
  var figure: FigureKind
  @Argument(help: "Selections of runs; without one, all.", completion: .selection)
  var selections: [String] = []
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Where the figure goes: FILE.svg, FILE.png, or - for SVG on standard output.",
      valueName: "file"))
  var output: String?
  @Option(help: "What makes a bar or line of its own.")
  var by: RunGroups.Choice = .runtime
  @Option(help: "On what the figure looks right; auto is dark where the reader's system is.")
  var theme: FigureTheme = .light
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Width of the figure, 60 to 400 mm.", valueName: "mm"))
  var width: Double = FigureLook.columnMillimetres
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Dots per inch of a PNG, 72 to 1200.", valueName: "n"))
  var dpi = 300
  @Option(help: ArgumentHelp("A title of your own; '' leaves it out.", valueName: "text"))
  var title: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var across: AcrossOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard width >= 60, width <= 400 else { throw ValidationError("--width must be 60 to 400.") }
    guard (72...1200).contains(dpi) else { throw ValidationError("--dpi must be 72 to 1200.") }
    guard narrow.runs == .atLeast(1) || figure == .overlaps else {
      throw ValidationError(
        "--in is for overlaps: the other figures count what single runs reached.")
    }
    guard output == nil || warehouse.format == nil else {
      throw ValidationError("--format writes the figure's numbers, -o the figure: choose one.")
    }
  }

  func run() throws {
    let file = try output.flatMap { path in
      path == "-" ? nil : try OutputFile(path, endings: [".svg", ".png"])
    }
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow, across: across))
    let resolved = try (selections.isEmpty ? ["*"] : selections).map { try session.resolve($0) }
    if !across.across, let differences = Comparability.differences(resolved) {
      throw Failure(
        status: .usage,
        text:
          "these runs were not traced alike: \(differences); \(Notes.narrow(resolved)), or draw "
          + "each condition as a series of its own with --across")
    }
    let figure = try FigureReader(session).figure(figure, resolved, by: by)
    Notes.print(resolved)
    if warehouse.format != nil {
      return try session.printer.print(figure.columns, figure.cells)
    }
    guard output != nil else {
      let style = session.printer.style
      return try session.printer.print(
        text: figure.chart(width: terminalColumns(), hasColour: style.hasColour))
    }
    let (svg, frame) = figure.draw(FigureLook(millimetres: width, title: title))
    let document = svg.document(frame, theme: theme)
    guard let file else { return try session.printer.print(text: document) }
    if file.hasEnding(".png") {
      try PNGConverter.write(document, to: file, dpi: dpi)
    } else {
      try file.write(document)
    }
  }
}

extension RunGroups.Choice: ExpressibleByArgument {}
extension FigureTheme: ExpressibleByArgument {}
extension FigureKind: ExpressibleByArgument {}
