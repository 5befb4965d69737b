/// Rules about the header, the statement and its parameters.
extension QueryLint {
  mutating func checkHeader() {
    let header = query.header
    if header.description.isEmpty {
      report(.header, line: 1, "the file must begin with a comment that says what it answers")
    }
    if header.example?.isEmpty ?? true {
      report(.header, line: 1, "the header needs a line '-- Example: tracequery run …'")
    }
    for line in header.badLines {
      report(
        .header, line: line, "not a parameter: write '-- :name kind: help', or 'kind = default: '")
    }
    var names: Set<String> = []
    for parameter in header.parameters where !names.insert(parameter.name).inserted {
      report(.unusedParameter, line: parameter.line, ":\(parameter.name) is documented twice")
    }
  }

  mutating func checkStatement() {
    guard let first = tokens.first else {
      return report(.notASelect, line: 1, "there is no statement")
    }
    if !first.isWord("SELECT") && !first.isWord("WITH") {
      report(.notASelect, at: first, "a query begins with SELECT or WITH, not with \(first.text)")
    }
    if let end = tokens.firstIndex(where: { $0.isSymbol(";") }), let next = token(end + 1) {
      report(.severalStatements, at: next, "one statement is a query, this begins another")
    }
  }

  mutating func checkParameters() {
    let documented = Set(query.header.parameters.map(\.name))
    var used: Set<String> = []
    for token in tokens where token.kind == .parameter {
      guard token.text.hasPrefix(":") else {
        report(.parameterForm, at: token, "write the parameter as :name, not \(token.text)")
        continue
      }
      let name = String(token.text.dropFirst())
      if used.insert(name).inserted, !documented.contains(name) {
        report(.undocumentedParameter, at: token, ":\(name) is not in the header")
      }
    }
    for parameter in query.header.parameters where !used.contains(parameter.name) {
      report(.unusedParameter, line: parameter.line, ":\(parameter.name) is not used")
    }
  }

  // MARK: Words

  /// Words outside the subset, wherever they stand, and why.
  private static let keywords: [String: (Rule, String)] = [
    "GLOB": (.pattern, "Spark has no GLOB; compare with substr or instr"),
    "LIKE": (.pattern, "LIKE ignores case in SQLite only; compare with substr or instr"),
    "ILIKE": (.pattern, "SQLite has no ILIKE"),
    "REGEXP": (.pattern, "SQLite has no REGEXP"),
    "RLIKE": (.pattern, "SQLite has no RLIKE"),
    "MATCH": (.pattern, "Spark has no MATCH"),
    "PRAGMA": (.notASelect, "PRAGMA is SQLite's own"),
    "RECURSIVE": (.keyword, "recursion is outside the subset; do it in Swift from rows"),
    "MATERIALIZED": (.keyword, "Spark has no MATERIALIZED"),
    "COLLATE": (.keyword, "collations have other names in Spark"),
    "INDEXED": (.keyword, "Spark has no INDEXED BY"),
    "ISNULL": (.keyword, "write IS NULL"),
    "NOTNULL": (.keyword, "write IS NOT NULL"),
    "ROWID": (.keyword, "Spark has no ROWID"),
    "QUALIFY": (.keyword, "SQLite has no QUALIFY"),
    "TRUE": (.keyword, "booleans are integers in SQLite; write a comparison"),
    "FALSE": (.keyword, "booleans are integers in SQLite; write a comparison"),
  ]

  private static let symbols: [String: String] = [
    "->": "Spark has no ->", "->>": "Spark has no ->>", "==": "write =", "!=": "write <>",
    "<<": "shifts are outside the subset", ">>": "shifts are outside the subset",
    "~": "~ is outside the subset",
  ]

  mutating func checkWords() {
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .word:
        // After a dot it is a column's name.
        if let (rule, message) = Self.keywords[token.text.uppercased()],
          self.token(index - 1)?.isSymbol(".") != true
        {
          report(rule, at: token, message)
        }
      case .quotedName:
        report(
          .quotedName, at: token, "\(token.text) is a string in one engine and a name in another")
      case .string:
        if token.text.unicodeScalars.contains("\\") {
          report(.backslash, at: token, "a backslash in a string is an escape in Spark")
        }
      case .number:
        let digits = token.text.lowercased()
        if digits.unicodeScalars.contains("."), !digits.unicodeScalars.contains("e") {
          report(
            .decimal, at: token, "\(token.text) is a decimal in Spark; write it with an exponent")
        }
      case .symbol:
        if let message = Self.symbols[token.text] { report(.symbol, at: token, message) }
      case .unterminated:
        report(.unterminated, at: token, "it has no end")
      case .parameter, .comment: break
      }
    }
  }
}
