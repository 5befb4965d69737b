import ArgumentParser

@main
struct CollectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "collector")
}
