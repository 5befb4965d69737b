import ArgumentParser
import Terminal
import TraceStore

struct SeccompCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seccomp",
    abstract: "Writes an OCI seccomp profile that allows the system calls that were seen.",
    discussion: """
      The profile is JSON as Docker, Podman and the OCI runtime specification have it: every call of \
      any run of the selection is allowed, for the machine's architecture (and for 32-bit programs \
      when there were any); others fail with EPERM. Record with the start, as 'collector run' does \
      unless told, and more than once: a call that no run made is not in it.

      --base adds what the runtime itself calls between loading the filter and executing the \
      container's program, as read from the source of runc (1.1.5, 1.5.0-rc.1) and crun (1.8.1, \
      1.29.1).

      EXAMPLE
        tracequery seccomp runc/redis-server --base runc -o redis.json
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Option(help: "Add the calls that this runtime itself needs.")
  var base: RuntimeBase?
  @Flag(
    name: .customLong("vdso"),
    help: "Add the calls for the time and the CPU that most machines answer without the kernel.")
  var allowsVDSO = false
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to write. Without it, or with -: standard output.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var output: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: DatabaseOptions

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolve(selection)
    let builder = SeccompBuilder(
      machine: try architecture(resolved), base: base ?? .none, allowsVDSO: allowsVDSO)
    let connection = session.warehouse.connection
    let calls = try session.warehouse.reading {
      try Questions.seccompCalls(resolved, session.options).rows(on: connection)
        .map(SeccompBuilder.Call.init)
    }
    guard !calls.isEmpty else {
      throw Failure(
        status: .no,
        text: "nothing found: '\(selection)' entered no system call in role \(role.role)")
    }
    let result = try session.warehouse.reading {
      try builder.build(calls) { table in
        let rows = try connection.query(
          "SELECT name FROM syscall WHERE arch = :arch", ["arch": .text(table)])
        return Set(rows.compactMap { $0["name"].string })
      }
    }
    Notes.print([resolved])
    for note in SeccompNotes.notes(resolved, base: base, result: result) {
      printError("tracequery: note: \(note)")
    }
    guard let output, output != "-" else {
      return try session.printer.print(text: result.profile.text)
    }
    try FileOutput(path: output).write(result.profile.text)
  }

  /// The one architecture of all runs' kernels.
  private func architecture(_ resolved: ResolvedSelection) throws -> SeccompArchitecture {
    let machines = Set(resolved.runs.map(\.condition.machine)).sorted()
    guard machines.count == 1, let machine = machines.first else {
      throw Failure(
        status: .usage,
        text: "selection '\(selection)' has runs of several machines "
          + "(\(machines.joined(separator: ", "))): a profile is made for one, narrow it")
    }
    guard let architecture = SeccompArchitecture(machine: machine) else {
      throw Failure(
        status: .usage, text: "there is no seccomp architecture known here for machine '\(machine)'"
      )
    }
    return architecture
  }
}

extension SeccompBuilder.Call {
  /// A row of the query `seccomp_calls`.
  init(_ row: Row) {
    self.init(
      syscall: row["syscall"].string ?? "", isCompat: row["abi"].string == "compat",
      function: row["function"].string ?? "", hasNumber: !row["number"].isNull,
      isNamed: row["named"].int64 == 1)
  }
}
