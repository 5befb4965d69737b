import Terminal

/// The report that CI services read of test runs (JUnit's XML): the gate is a test, and each new item
/// is one, failed when the gate is.
enum JUnitReport {
  static func text(_ report: GateReport) -> String {
    let verdict = report.verdict
    let failures = verdict.isPassed ? 0 : verdict.new.count + 1
    let counts = "tests=\"\(verdict.new.count + 1)\" failures=\"\(failures)\" errors=\"0\""
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites name=\"kernel footprint\" \(counts)>",
      "  <testsuite name=\"kernel footprint\" \(counts) skipped=\"0\">",
      "    <properties>",
      property("candidate", report.candidate.source), property("baseline", report.baseline.source),
      property("max_new", String(verdict.allowed)), property("ignored", String(verdict.ignored)),
      "    </properties>",
      testcase("gate", "footprint", verdict.text, verdict.isPassed),
    ]
    lines += verdict.new.map { item in
      testcase(item.kind.rawValue, item.name, report.sentence(item), verdict.isPassed)
    }
    if !report.notes.isEmpty {
      lines.append("    <system-err>\(escaped(report.notes.joined(separator: "\n")))</system-err>")
    }
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func property(_ name: String, _ value: String) -> String {
    "      <property name=\"\(escaped(name))\" value=\"\(escaped(value))\"/>"
  }

  private static func testcase(
    _ group: String, _ name: String, _ text: String, _ isPassed: Bool
  ) -> String {
    let start =
      "    <testcase classname=\"kernel-footprint.\(escaped(group))\" name=\"\(escaped(name))\">"
    let body =
      isPassed
      ? "<system-out>\(escaped(text))</system-out>"
      : "<failure type=\"footprint\" message=\"\(escaped(text))\">\(escaped(text))</failure>"
    return "\(start)\(body)</testcase>"
  }

  /// Text for elements and for attributes in double quotes. Characters that XML 1.0 cannot hold, even
  /// as references, become visible escapes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in visible(text, escapingBackslash: false).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
