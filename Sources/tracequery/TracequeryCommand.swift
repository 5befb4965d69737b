import ArgumentParser

@main
struct TracequeryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tracequery")
}
