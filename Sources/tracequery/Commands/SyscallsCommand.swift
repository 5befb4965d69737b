import ArgumentParser
import TraceStore

struct SyscallsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "syscalls",
    abstract: "Lists the system calls that a selection entered, with their numbers.",
    discussion: """
      Those of 32-bit programs on a 64-bit kernel have abi compat and the numbers of i386.

      EXAMPLE
        tracequery syscalls runsc/redis-server --format csv
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow))
    let resolved = try session.resolve(selection)
    try session.answer(
      session.questions.syscalls(resolved),
      nothing: "nothing found: '\(selection)' entered no system call in role \(role.role)",
      together: [resolved])
  }
}
