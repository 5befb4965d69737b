import Foundation
import FoundationXML
import Testing

/// `tracequery graph` as its users run it.
@Suite struct GraphTests {
  let warehouse: PictureWarehouse

  init() throws { warehouse = try PictureWarehouse() }

  private func graph(
    _ arguments: [String], path: String = "/usr/bin:/bin"
  ) throws -> ProgramProcess.Result {
    try ProgramProcess.run(
      ["graph"] + arguments + ["--db", warehouse.path], environment: ["PATH": path])
  }

  /// Every figure of runs that were traced alike, to the byte. UPDATE_SNAPSHOTS=1 rewrites them: look
  /// at them then.
  static let goldens: [(name: String, arguments: [String])] = [
    ("functions", ["functions", "runc,runsc"]), ("syscalls", ["syscalls", "runc,runsc"]),
    ("calls", ["calls", "runc,runsc", "--theme", "dark"]),
    ("saturation", ["saturation", "runc,runsc", "--width", "174"]),
    ("overlaps", ["overlaps", "runc", "runsc", "/db", "--theme", "auto"]),
    ("across", ["functions", "/web", "--across", "--title", ""]),
  ]

  @Test(arguments: goldens)
  func goldenFigures(_ name: String, _ arguments: [String]) throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/figures/\(name).svg").standardized
    let result = try graph(arguments + ["-o", "-"])
    #expect(result.status == 0)
    let problem = WellFormed.problem(result.output)
    #expect(problem == nil)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      try result.output.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == result.output)
    // No font of a figure is smaller than 7 points at 84 mm.
    let sizes = result.output.matches(of: /font-size="([0-9.]+)"/).compactMap { Double($0.1) }
    #expect(!sizes.isEmpty && sizes.allSatisfy { $0 >= 7 })
    #expect(result.output.contains("<title id=\"kf-title\">"))
    #expect(result.output.contains("<desc id=\"kf-desc\">"))
  }

  /// t(0.975, 2) · s / √3 = 8.956685895029597 for 10, 12, 17 and t(0.975, 1) · s / √2 =
  /// 6.353102368087347 for 4, 5, by scipy 1.16: `stats.t.ppf(.975, n - 1) * x.std(ddof=1) / n ** .5`.
  @Test func numbers() throws {
    let result = try graph(["functions", "/web+runc", "/web+runsc", "--format", "tsv"])
    let lines = result.output.split(separator: "\n").map { $0.split(separator: "\t") }
    try #require(lines.count == 3)
    #expect(
      lines[0].joined(separator: " ")
        == "workload series runs functions_mean functions_sd functions_ci95 functions_min functions_max"
    )
    #expect(lines[1].prefix(4).joined(separator: " ") == "web runc 3 13.0")
    #expect(abs((Double(lines[1][5]) ?? 0) - 8.956685895029597) < 1e-9)
    #expect(lines[1][6...].joined(separator: " ") == "10 17")
    #expect(lines[2].prefix(4).joined(separator: " ") == "web runsc 2 4.5")
    #expect(abs((Double(lines[2][5]) ?? 0) - 6.353102368087347) < 1e-9)
  }

  @Test func chart() throws {
    let result = try ProgramProcess.run(
      ["graph", "functions", "runc,runsc", "--db", warehouse.path], environment: ["COLUMNS": "60"])
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    // 60 columns: 2 + 5 (names) + 2, then the bars, then 16 for the numbers ("  13.0 ± 9.0  n=3").
    let room = 60 - 9 - 17
    let full = String(repeating: "█", count: room)
    #expect(lines[0] == "Kernel functions reached per run")
    #expect(lines[2] == "db")
    #expect(lines[4] == "  runsc  –")
    #expect(lines[6] == "web")
    #expect(lines[7] == "  runc   \(full)  13.0 ± 9.0  n=3")
    #expect(lines[8].hasSuffix("   4.5 ± 6.4  n=2"))
    #expect(lines[7].count == lines[8].count && lines[8].count == 60)
    #expect(!result.output.contains("\u{1b}"))
    #expect(result.output.contains("Lossy, so that functions may be missing: run:6"))
  }

  @Test func curves() throws {
    let result = try graph(["saturation", "/web+runc", "--format", "tsv"])
    let rows = result.output.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    try #require(rows.count == 121)
    // 2 s in 120 steps: at step 60 (1.0 s) f0 to f10 are there, but run 1 has only ten functions.
    #expect(rows[60].joined(separator: " ") == "web runc 3 1.0 \(32.0 / 3) 10.0 11.0")
    #expect(rows[0].joined(separator: " ") == "web runc 3 0.0 1.0 1.0 1.0")
    #expect(rows[120].joined(separator: " ") == "web runc 3 2.0 13.0 10.0 17.0")
  }

  static let refusals: [(arguments: [String], status: Int32, text: String)] = [
    (
      ["functions"], 2,
      "these runs were not traced alike: kernel is 6.1.0 and 6.12.1 in '*'; narrow the selection, as by "
        + "+kernel:6.1.0 or +kernel:6.12.1, or draw each condition as a series of its own with --across"
    ),
    (
      ["overlaps", "runc"], 2,
      "overlaps are of 2 to 5 selections, not 1: name them, as in 'graph overlaps runc runsc'"
    ),
    (["functions", "runc", "-o", "/tmp"], 2, "-o '/tmp': the name must end in .svg or .png"),
    (["functions", "runc", "-o", ".svg"], 2, "-o '.svg': the name must end in .svg or .png"),
    (
      ["functions", "runc", "-o", "/nonexistent/a.svg"], 3,
      "-o '/nonexistent/a.svg': there is no such folder"
    ),
    (
      ["functions", "runc", "-o", "a.svg", "--format", "csv"], 2,
      "--format writes the figure's numbers, -o the figure: choose one; see 'tracequery graph "
        + "--help' for more information."
    ),
    (
      ["functions", "runc", "--in", "2"], 2,
      "--in is for overlaps: the other figures count what single runs reached; see 'tracequery "
        + "graph --help' for more information."
    ),
    (
      ["functions", "runc", "--width", "nan"], 2,
      "--width must be 60 to 400; see 'tracequery graph --help' for more information."
    ),
  ]

  @Test(arguments: refusals)
  func refused(_ arguments: [String], _ status: Int32, _ text: String) throws {
    let result = try graph(arguments)
    #expect(result.errors == "tracequery: \(text)\n")
    #expect(result.status == status)
    #expect(result.output == "")
  }

  @Test func filesAreWholeOrNotThere() throws {
    let folder = warehouse.folder + "/out.svg"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let refused = try graph(["functions", "/web+runc", "-o", folder])
    #expect(refused.errors == "tracequery: -o '\(folder)': this is a folder; name a file\n")
    #expect(refused.status == 2)

    let file = warehouse.folder + "/figure.svg"
    try "old".write(toFile: file, atomically: true, encoding: .utf8)
    let printed = try graph(["functions", "/web+runc", "-o", "-"]).output
    #expect(try graph(["functions", "/web+runc", "-o", file]).status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == printed)
    let rest = try FileManager.default.contentsOfDirectory(atPath: warehouse.folder)
    #expect(rest.filter { $0.hasPrefix(".") } == [])
  }

  @Test func withoutConverterThereIsNoPicture() throws {
    let file = warehouse.folder + "/figure.png"
    try "old".write(toFile: file, atomically: true, encoding: .utf8)
    let result = try graph(["functions", "/web+runc", "-o", file], path: "/nonexistent")
    #expect(
      result.errors
        == "tracequery: rsvg-convert is not installed, which makes PNG (Debian: apt-get install "
        + "librsvg2-bin); an -o FILE.svg needs no other program\n")
    #expect(result.status == 3)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "old")
  }

  /// A file that somebody made need not hold to the checks of its tables.
  @Test func hostileNames() throws {
    _ = try ProgramProcess.shell(
      """
      sqlite3 '\(warehouse.path)' "PRAGMA ignore_check_constraints = 1;
      UPDATE run SET runtime = '</svg><script>' || char(27, 10, 0x202e, 0xffff), workload = ''
      WHERE run_id = 1;
      UPDATE run_function SET calls = 9000000000000000 WHERE run_id = 2;
      UPDATE run_function SET calls = -3 WHERE run_id = 3;
      UPDATE run_function SET first_ns = -9223372036854775808 WHERE run_id = 4;
      UPDATE call SET first_ns = 0, last_ns = 9223372036854775807 WHERE run_id = 5;
      UPDATE kernel SET release = hex(zeroblob(3000)) WHERE release = '6.1.0';"
      """)
    for figure in ["functions", "syscalls", "calls", "saturation"] {
      let result = try graph([figure, "--across", "-o", "-"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(WellFormed.problem(result.output) == nil)
      #expect(!result.output.contains("<script") && !result.output.contains("\u{202e}"))
      #expect(result.output.contains("&lt;/svg&gt;"))
      let chart = try graph([figure, "--across"])
      #expect(chart.status == 0)
      #expect(!chart.output.contains("\u{1b}") && !chart.output.contains("\u{202e}"))
    }
  }

  private static let hasConverter = FileManager.default.isExecutableFile(
    atPath: "/usr/bin/rsvg-convert")

  /// 84 mm at 300 dots per inch are 992 dots.
  @Test(.enabled(if: hasConverter, "rsvg-convert is not installed"))
  func pictures() throws {
    let file = warehouse.folder + "/figure.png"
    let result = try graph(["functions", "/web+runc", "-o", file])
    #expect(result.status == 0)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    try #require(bytes.count > 24)
    #expect(bytes[0..<8] == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    let width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    #expect((991...994).contains(width))
  }

  /// A stand-in for rsvg-convert takes its place: the arguments, the figure on its input, and the
  /// file as its output.
  @Test func converterGetsTheFigure() throws {
    let tools = warehouse.folder + "/tools"
    try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
    let program = tools + "/rsvg-convert"
    try "#!/bin/sh\necho \"$@\"\nexec /bin/cat\n".write(
      toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let file = warehouse.folder + "/figure.PNG"
    let svg = try graph(["functions", "/web+runc", "-o", "-"]).output
    #expect(
      try graph(["functions", "/web+runc", "-o", file, "--dpi", "150"], path: tools).status == 0)
    #expect(
      try String(contentsOfFile: file, encoding: .utf8)
        == "--dpi-x 150 --dpi-y 150 --format png\n" + svg)

    try "#!/bin/sh\necho one >&2\necho two >&2\nexit 7\n".write(
      toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let failed = try graph(["functions", "/web+runc", "-o", file], path: tools)
    #expect(
      failed.errors
        == "tracequery: rsvg-convert failed: two; an -o FILE.svg needs no other program\n")
    #expect(failed.status == 3)
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("--dpi-x 150"))
  }

  /// The converter stops its parent, as Ctrl-C would: what was there stays, and nothing else.
  @Test(arguments: ["INT", "TERM", "HUP"]) func stoppedWhileWriting(_ signal: String) throws {
    let tools = warehouse.folder + "/tools"
    try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
    let program = tools + "/rsvg-convert"
    try "#!/bin/sh\necho begun\nkill -\(signal) $PPID\n".write(
      toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let file = warehouse.folder + "/figure.png"
    try "old".write(toFile: file, atomically: true, encoding: .utf8)
    let number = try #require(["INT": 2, "TERM": 15, "HUP": 1][signal])
    // The threads of tests have signals blocked, which their children would inherit.
    let status = try ProgramProcess.shell(
      "perl -MPOSIX -e 'sigprocmask(SIG_SETMASK, POSIX::SigSet->new) or die; exec @ARGV' "
        + "env PATH='\(tools)' \(ProgramProcess.path) graph functions /web+runc -o '\(file)' "
        + "--db '\(warehouse.path)'; echo $?")
    #expect(status == "\(128 + number)\n")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "old")
    let files = try FileManager.default.contentsOfDirectory(atPath: warehouse.folder)
    #expect(files.filter { $0.contains("figure") } == ["figure.png"])
  }

  /// A link stays a link: the file that it leads to is replaced.
  @Test func linksAreFollowed() throws {
    let file = warehouse.folder + "/figure.svg"
    let link = warehouse.folder + "/link.svg"
    try "old".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "figure.svg")
    #expect(try graph(["functions", "/web+runc", "-o", link]).status == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "figure.svg")
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("<?xml"))
  }

  /// Lengths mean nothing on a logarithmic axis: points, and no bars.
  @Test func callsArePointsInTheTerminalToo() throws {
    let chart = try graph(["calls", "/web+runc"]).output
    #expect(chart.contains("·●·"))
    #expect(!chart.contains("█"))
    #expect(try graph(["functions", "/web+runc"]).output.contains("█"))
  }
}

/// Whether text is well-formed XML.
enum WellFormed {
  static func problem(_ text: String) -> String? {
    let parser = XMLParser(data: Data(text.utf8))
    guard !parser.parse() else { return nil }
    return "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "unknown")"
  }
}
