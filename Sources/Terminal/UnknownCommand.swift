/// A first argument that is neither an option nor a command, which an argument parser would only
/// call unexpected.
public enum UnknownCommand {
  /// What is wrong with it, and what there is.
  ///
  /// - Parameter names: of the commands; those of `hidden` are commands, but not told of.
  /// - Returns: nil when there is nothing wrong.
  public static func refusal(
    _ arguments: [String], names: [String], hidden: [String] = []
  ) -> String? {
    guard let first = arguments.first, !first.hasPrefix("-"), first != "help",
      !names.contains(first), !hidden.contains(first)
    else { return nil }
    let near = nearest(first, in: names).map { " (did you mean '\($0)'?)" } ?? ""
    return "there is no command '\(first)'\(near); commands are \(names.joined(separator: ", "))"
  }
}
