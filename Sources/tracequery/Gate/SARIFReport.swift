import Terminal

/// The report of static analysers (SARIF 2.1.0, an OASIS standard), which code scanning reads.
enum SARIFReport {
  private static let rules: [(id: String, text: String)] = [
    ("new-syscall", "A system call that the baseline did not make"),
    ("new-function", "A kernel function that the baseline did not reach"),
  ]

  static func text(_ report: GateReport) -> String {
    let notifications = report.notes.map { note in
      JSON.object([("level", .string("warning")), ("message", message(note))])
    }
    let run = JSON.object([
      (
        "tool",
        .object([
          (
            "driver",
            .object([
              ("name", .string("tracequery gate")), ("version", .string(programVersion)),
              (
                "rules",
                .array(
                  rules.map {
                    .object([("id", .string($0.id)), ("shortDescription", message($0.text))])
                  })
              ),
            ])
          )
        ])
      ),
      (
        "invocations",
        .array([
          .object([
            ("executionSuccessful", .bool(true)),
            ("toolExecutionNotifications", .array(notifications)),
          ])
        ])
      ),
      ("columnKind", .string("unicodeCodePoints")),
      ("results", .array(report.verdict.new.map { result($0, report) })),
      (
        "properties",
        .object([
          ("verdict", .string(report.verdict.isPassed ? "passed" : "failed")),
          ("candidate", .string(report.candidate.source)),
          ("baseline", .string(report.baseline.source)),
          ("maxNew", .integer(report.verdict.allowed)),
          ("ignored", .integer(report.verdict.ignored)),
        ])
      ),
    ])
    return JSON.object([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
      ("version", .string("2.1.0")), ("runs", .array([run])),
    ]).text + "\n"
  }

  private static func result(_ item: GateItem, _ report: GateReport) -> JSON {
    let rule = item.kind == .syscall ? 0 : 1
    return .object([
      ("ruleId", .string(rules[rule].id)), ("ruleIndex", .integer(rule)),
      ("level", .string(report.verdict.isPassed ? "warning" : "error")),
      ("message", message(report.sentence(item))),
      (
        "locations",
        .array([
          .object([
            // Services want a file and a line: the baseline is where the item would have to be.
            (
              "physicalLocation",
              .object([
                ("artifactLocation", .object([("uri", .string(uri(report)))])),
                ("region", .object([("startLine", .integer(1))])),
              ])
            ),
            (
              "logicalLocations",
              .array([
                .object([
                  ("name", .string(item.function)), ("kind", .string("function")),
                  (
                    "fullyQualifiedName",
                    .string(item.module.isEmpty ? item.function : "\(item.module):\(item.function)")
                  ),
                ])
              ])
            ),
          ])
        ])
      ),
      (
        "partialFingerprints",
        .object([
          ("footprintItem/v1", .string("\(item.kind.rawValue)/\(item.abi ?? "")/\(item.name)"))
        ])
      ),
    ])
  }

  private static func message(_ text: String) -> JSON { .object([("text", .string(text))]) }

  /// The baseline as a relative reference (RFC 3986): all but unreserved characters and `/` as
  /// percent escapes.
  private static func uri(_ report: GateReport) -> String {
    let path = report.isBaselineFile ? report.baseline.source : "traces.db"
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let hexadecimal = Array("0123456789ABCDEF")
    return path.utf8.map { byte in
      allowed.contains(byte)
        ? String(Unicode.Scalar(byte))
        : "%\(hexadecimal[Int(byte >> 4)])\(hexadecimal[Int(byte & 15)])"
    }.joined()
  }
}
