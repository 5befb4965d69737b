import Terminal
import TraceStore

/// The page around the sections of a report.
extension Report {
  var page: Markup {
    let sections: [(id: String, title: String, body: Markup)] = [
      ("summary", "Summary", summary), ("figures", "Figures", figures),
      ("comparison", "Comparison", comparison), ("functions", "Functions", functions),
      ("method", "How it was measured", method), ("losses", "Losses", losses),
      ("provenance", "Where the runs come from", provenanceSection),
    ]
    let shown = sections.filter { $0.body != Markup() }
    let links = shown.map { section -> Markup in
      "<li><a href=\"#\(section.id)\">\(section.title)</a></li>\n"
    }
    let bodies = shown.map { section -> Markup in
      """
      <section id="\(section.id)" aria-labelledby="\(section.id)-title">
      <h2 id="\(section.id)-title">\(section.title)</h2>
      \(section.body)</section>

      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="\(ReportPolicy.content)"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="referrer" content="no-referrer"/>
      <meta name="generator" content="tracequery \(programVersion)"/>
      <title>\(title)</title>
      <style>
      \(ReportAssets.style)\(Palette.style(.auto))</style>
      </head>
      <body>
      <a class="skip" href="#functions">Skip to the functions</a>
      <header>
      <h1>\(title)</h1>
      <p class="soft">\(subtitle)</p>
      </header>
      \(notes)<nav aria-label="Sections">
      <ul>
      \(links.joined())</ul>
      </nav>
      <main>
      \(bodies.joined())</main>
      <script>\(ReportAssets.script)</script>
      </body>
      </html>

      """
  }

  private var subtitle: String {
    let names = selections.map { selection in
      "\(selection.text) (\(selection.runs.count) run\(selection.runs.count == 1 ? "" : "s"))"
    }
    return names.joined(separator: ", ") + ". "
      + Footnotes.roles(options.roles)
  }

  /// What makes the answer less than it looks, before anything else.
  private var notes: Markup {
    var texts = Notes.notes(selections)
    if let differences = Comparability.differences(selections) {
      texts.append(
        "the runs were not traced alike: \(differences). Functions are compared by canonical name; "
          + "what a kernel does not have, cannot trace, or may not have, says so under it")
    }
    guard !texts.isEmpty else { return Markup() }
    let lines = texts.map { text -> Markup in "<p>\(Self.sentence(text))</p>\n" }
    return "<div class=\"note\" role=\"note\">\n\(lines.joined())</div>\n"
  }

  static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// A table in a frame that scrolls by itself where the page is narrow.
  static func framed(_ label: String, _ table: Markup) -> Markup {
    """
    <div class="scroll" tabindex="0" role="region" aria-label="\(label)">
    \(table)</div>

    """
  }
}

/// The style sheet and the script, built into the program.
enum ReportAssets {
  static let style = Markup(
    trusted: String(decoding: PackageResources.report_css, as: UTF8.self))
  static let script = Markup(trusted: scriptText)
  static let scriptText = String(decoding: PackageResources.report_js, as: UTF8.self)
}

/// What a browser lets a report do: nothing but show itself, and run its own script.
enum ReportPolicy {
  /// SHA-256 of `report.js` in Base64. A test says what it must be.
  static let scriptHash = "EZKHcs7a5DOulePELH6hs3wM8/M64aqT9b0PykDv3T4="

  static let content =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(scriptHash)'; "
    + "base-uri 'none'; form-action 'none'"
}
