import TraceStore

/// A canned query ready to paste into `sqlite3`: its parameters with a value each, then its text.
enum SQLPaste {
  /// - Parameter bound: the values; without them every parameter gets one with which it runs.
  static func text(_ query: CannedQuery, bound: BoundQuery?) -> String {
    var text = ""
    // The commands come first: after a comment the shell is inside a statement and does not know
    // them.
    if !query.header.parameters.isEmpty { text += ".parameter init\n" }
    for parameter in query.header.parameters {
      let value = bound?.values[parameter.name].map(literal) ?? example(parameter)
      text += ".parameter set :\(parameter.name) \"\(value)\"\n"
    }
    return text + query.sql + (query.sql.hasSuffix("\n") ? "" : "\n")
  }

  /// Refuses a user's own query that would do more than answer when it is pasted: what follows its
  /// statement, or begins a line with a dot, may be a command of the shell `sqlite3`, which starts
  /// programs.
  ///
  /// - Throws: ``QueryError``.
  static func check(_ query: CannedQuery) throws {
    let findings = QueryLint.check(query).filter {
      $0.rule == .severalStatements || $0.rule == .notASelect
    }
    let hasCommand = query.sql.split(whereSeparator: \.isNewline).contains { $0.hasPrefix(".") }
    guard !findings.isEmpty || hasCommand else { return }
    throw QueryError.statement(
      "query '\(query.name)' is not one SELECT, and is not printed to be pasted: "
        + (findings.first?.description ?? "a line begins with a dot"))
  }

  private static func literal(_ value: Value) -> String {
    switch value {
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): quoted(text)
    case .null, .blob: "NULL"
    }
  }

  /// A text as SQL, safe within the double quotes of the shell's argument, where a backslash is an
  /// escape: characters other than the plainest are given by number.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0.value < 0x7f && $0 != "\"" && $0 != "\\" && $0 != "'"
    }
    if isPlain { return "'\(text)'" }
    return "char(\(text.unicodeScalars.map { String($0.value) }.joined(separator: ", ")))"
  }

  /// Every run, every group, the default roles.
  private static func example(_ parameter: QueryParameter) -> String {
    switch parameter.kind {
    case .selection, .anySelection: "(SELECT ',' || group_concat(run_id) || ',' FROM run)"
    case .groups: "(SELECT ',' || group_concat(group_id) || ',' FROM run_group)"
    case .selections:
      "(SELECT ',' || group_concat(min(run_id, 2) || ':' || run_id) || ',' FROM run)"
    case .groupSets:
      "(SELECT ',' || group_concat(min(group_id, 2) || ':' || group_id) || ',' FROM run_group)"
    case .roles: quoted(RoleChoice.standard.bound)
    case .roleSet: "'(default)'"
    case .integer: parameter.defaultValue.flatMap { Int64($0) }.map(String.init) ?? "1"
    case .text: quoted(parameter.defaultValue ?? "")
    }
  }
}
