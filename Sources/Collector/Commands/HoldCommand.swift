import ArgumentParser
import Glibc
import Terminal

/// What `collector exec` starts: it stops itself until it is traced, then becomes the command.
struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Waits to be traced, then becomes a command.",
    shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough)
  var command: [String]

  func run() throws {
    let words = command.first == "--" ? Array(command.dropFirst()) : command
    guard let program = words.first else {
      throw ExperimentError("hold: there is no command", .usage)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    raise(SIGSTOP)
    var reason = ENOENT
    if let file = ChildEnvironment.find(program) {
      execv(file, arguments)
      reason = errno
    }
    printError("collector: cannot run '\(program)': \(String(cString: strerror(reason)))")
    // As shells tell it (POSIX, 2.8.2).
    Glibc.exit(reason == ENOENT ? 127 : 126)
  }
}
