import Terminal

/// The workflow commands of GitHub Actions: each line becomes a note on the job's page, which shows
/// the first ten of a kind; so the verdict comes first.
enum GitHubAnnotations {
  static func text(_ report: GateReport) -> String {
    let level = report.verdict.isPassed ? "warning" : "error"
    var lines = [
      command(report.verdict.isPassed ? "notice" : "error", "Kernel footprint", report.verdict.text)
    ]
    lines += report.notes.map { command("warning", "Kernel footprint", $0) }
    lines += report.verdict.new.map { item in
      command(level, "New \(item.kind.rawValue): \(item.name)", report.sentence(item))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func command(_ level: String, _ title: String, _ message: String) -> String {
    "::\(level) title=\(escaped(title, isProperty: true))::\(escaped(message, isProperty: false))"
  }

  /// As the runner undoes it: `%`, carriage return and line feed everywhere, `:` and `,` in properties
  /// too. Other control characters are made visible first.
  static func escaped(_ text: String, isProperty: Bool) -> String {
    var result = ""
    for scalar in visible(text, escapingBackslash: false, keeping: { $0 == "\n" || $0 == "\r" })
      .unicodeScalars
    {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where isProperty: result += "%3A"
      case "," where isProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
