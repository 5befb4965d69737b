import Glibc
import Subprocess
import SystemPackage
import Terminal

/// A program to run, with its arguments as they are: no shell reads them.
struct Command: Sendable, Equatable {
  /// An absolute path, or a name that is looked up in ``SystemCommands/folders``.
  var program: String
  var arguments: [String]
  /// How long it may take, in seconds.
  var timeout: Int = 60
  /// Its output is progress for the user: it goes to standard error as it comes.
  var showsOutput = false

  init(_ program: String, _ arguments: [String], timeout: Int = 60, showsOutput: Bool = false) {
    self.program = program
    self.arguments = arguments
    self.timeout = timeout
    self.showsOutput = showsOutput
  }

  /// As a user would type it.
  var line: String { ([program] + arguments).joined(separator: " ") }
}

struct CommandResult: Sendable, Equatable {
  /// The exit status; 128 and the signal's number when one ended it.
  var status: Int32
  var output: String
  var errorOutput: String

  var isSuccess: Bool { status == 0 }

  /// What a program said of its failure: the last line that says something.
  var complaint: String {
    let lines = (errorOutput.isEmpty ? output : errorOutput)
      .split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    return lines.last.map(String.init) ?? "it said nothing, status \(status)"
  }
}

/// Runs programs; tests put a recorded conversation in its place.
protocol CommandRunner: Sendable {
  /// - Throws: ``ExperimentError`` when the program is missing, cannot be started or takes too long.
  func run(_ command: Command) async throws -> CommandResult
}

/// Where the programs of a system are. `PATH` is not asked: under sudo it may be the caller's.
enum SystemCommands {
  static let folders = [
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/snap/bin",
  ]

  static func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}

/// The real one. A command that has begun is not given up when the experiment is cancelled, since an
/// engine would go on with it unseen; it ends by itself or by its timeout.
struct SystemCommandRunner: CommandRunner {
  /// Output beyond this is a mistake, not an answer.
  private static let largestOutput = 4 << 20

  func run(_ command: Command) async throws -> CommandResult {
    guard let path = SystemCommands.find(command.program) else {
      throw ExperimentError(
        "\(command.program) is not installed (looked in "
          + "\(SystemCommands.folders.joined(separator: ", ")))", .environment)
    }
    let child = Task.detached { try await Self.run(command, at: path) }
    let clock = Task.detached {
      try await Task.sleep(for: .seconds(command.timeout))
      child.cancel()
    }
    defer { clock.cancel() }
    do {
      return try await child.value
    } catch let error as ExperimentError {
      throw error
    } catch {
      guard !child.isCancelled else {
        throw ExperimentError(
          "'\(command.line)' did not end within \(command.timeout) s", .environment)
      }
      throw ExperimentError("'\(command.line)' could not be run: \(error)", .environment)
    }
  }

  private static func run(_ command: Command, at path: String) async throws -> CommandResult {
    var options = PlatformOptions()
    // A terminal's Ctrl-C is for this program, which then cleans up by these commands.
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
    ]
    let executable = Executable.path(FilePath(path))
    let arguments = Arguments(command.arguments)
    let environment = Environment.custom(
      ChildEnvironment.variables().map { Array($0.utf8) + [0] })
    if command.showsOutput {
      let result = try await Subprocess.run(
        executable, arguments: arguments, environment: environment, platformOptions: options,
        output: .currentStandardError, error: .currentStandardError)
      try Task.checkCancellation()
      return CommandResult(status: status(result.terminationStatus), output: "", errorOutput: "")
    }
    let result = try await Subprocess.run(
      executable, arguments: arguments, environment: environment, platformOptions: options,
      output: .string(limit: largestOutput), error: .string(limit: largestOutput))
    try Task.checkCancellation()
    return CommandResult(
      status: status(result.terminationStatus), output: result.standardOutput,
      errorOutput: result.standardError)
  }

  private static func status(_ status: TerminationStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
