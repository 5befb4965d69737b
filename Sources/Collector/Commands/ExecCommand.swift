import ArgumentParser
import Ftrace
import Glibc
import Subprocess
import Terminal
import TraceStore

/// `collector exec`: a command without a container, from its first instruction.
struct ExecCommand: LiveCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Runs a command without a container and records it from its first instruction.",
    discussion: """
      The command runs as the user of this program (root under sudo), with its input and output; \
      what it forks is recorded too, until the command itself ends. Its runtime is 'native'. Exits \
      with the command's own status when that is not 0.

      EXAMPLE
        sudo collector exec -- ls -l /
        sudo collector exec --workload build -- make -C linux
      """)

  @Option(help: "The workload's name in the warehouse (else the command's).")
  var workload: String?

  @Option(help: "Also write trace.dat, pids, tasks, trace.list, syscalls.list, run.json there.")
  var output: String?

  @OptionGroup var recording: RecordingOptions

  @Argument(parsing: .postTerminator, help: "The command, behind --.")
  var command: [String] = []

  func validate() throws {
    guard !command.isEmpty else { throw ValidationError("name a command behind --") }
    try RunName.check(("--workload", workload))
  }

  mutating func run() async throws {
    var choices = recording.choices
    choices.fromStart = true
    let native = try NativeRecording(choices, output: output, quiet: recording.quiet)
    let held = HeldCommand(command)
    let name = workload ?? RunName.made(from: ProcessRole.baseName(command[0]))
    var ended: HeldCommand.End?
    try await native.perform { recording in
      let end = try await held.run { pid in
        native.progress.step("preparing to trace")
        try await recording.prepare(
          TaskList([TaskList.Task(pid: pid, tgid: pid, role: .runtime, becomes: .app)]))
        native.progress.finish()
        try await recording.begin()
      }
      ended = end
      return (
        LiveRun.Subject(
          runtime: "native", workload: name, options: ["\"exit_status\":\(end.status)"],
          status: end.isInterrupted ? .interrupted : nil),
        held.command
      )
    }
    if let ended, ended.status != 0 { throw ExitCode(ended.status) }
  }
}
