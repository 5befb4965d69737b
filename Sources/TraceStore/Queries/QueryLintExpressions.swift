/// Rules about calls, divisions and orders.
extension QueryLint {
  /// Functions outside the subset, and what to write instead.
  private static let functions: [String: String] = [
    "PRINTF": "use ||", "FORMAT": "use ||", "GROUP_CONCAT": "answer a row each",
    "STRING_AGG": "answer a row each", "IIF": "use CASE", "IF": "use CASE", "NVL": "use coalesce",
    "IFNULL": "use coalesce", "TOTAL": "use coalesce(sum(x), 0)", "GLOB": "use substr or instr",
    "LIKE": "use substr or instr", "HEX": "Spark's differs", "UNHEX": "Spark's differs",
    "QUOTE": "Spark has none", "TYPEOF": "the types' names differ", "CHAR": "Spark's differs",
    "UNICODE": "Spark has none", "RANDOM": "answers must repeat", "RANDOMBLOB": "Spark has none",
    "ZEROBLOB": "Spark has none", "CHANGES": "Spark has none", "TOTAL_CHANGES": "Spark has none",
    "LAST_INSERT_ROWID": "Spark has none", "STRFTIME": "answer nanoseconds",
    "DATE": "answer nanoseconds", "TIME": "answer nanoseconds", "DATETIME": "answer nanoseconds",
    "JULIANDAY": "answer nanoseconds", "UNIXEPOCH": "answer nanoseconds",
    "LIKELY": "Spark has none", "UNLIKELY": "Spark has none", "LIKELIHOOD": "Spark has none",
    "SQLITE_VERSION": "Spark has none", "LEAST": "use CASE", "GREATEST": "use CASE",
    "CONCAT": "use ||", "ROUND": "halves round differently; round where it is shown",
    "LOG": "the base differs", "MEDIAN": "SQLite has none", "STDDEV": "SQLite has none",
    "TRIM": "what counts as a blank differs",
  ]

  mutating func checkCalls() {
    for (index, token) in tokens.enumerated() where token.kind == .word {
      guard self.token(index + 1)?.isSymbol("(") == true else { continue }
      let name = token.text.uppercased()
      if let instead = Self.functions[name] {
        report(.function, at: token, "\(token.text)() is outside the subset: \(instead)")
      } else if name.hasPrefix("JSON") {
        report(.function, at: token, "\(token.text)() is outside the subset: Spark's JSON differs")
      } else if name == "MIN" || name == "MAX", hasComma(in: index + 1) {
        report(
          .scalarMinMax, at: token, "\(token.text)(a, b) is no aggregate in SQLite: use CASE")
      } else if name == "CAST" {
        checkCast(token, open: index + 1)
      } else if ["SUM", "AVG"].contains(name) {
        checkSum(token, open: index + 1)
      }
    }
  }

  /// A comma between the arguments of the call whose parenthesis is at `open`.
  private func hasComma(in open: Int) -> Bool {
    var depth = 0
    for index in open..<closing(open) {
      if tokens[index].isSymbol("(") { depth += 1 }
      if tokens[index].isSymbol(")") { depth -= 1 }
      if depth == 1, tokens[index].isSymbol(",") { return true }
    }
    return false
  }

  private mutating func checkCast(_ token: SQLToken, open: Int) {
    let end = closing(open)
    guard let type = tokens[open..<end].lastIndex(where: { $0.isWord("AS") }),
      let name = self.token(type + 1)
    else { return }
    if !name.isWord("BIGINT") && !name.isWord("DOUBLE") {
      report(
        .cast, at: token,
        "CAST AS \(name.text) differs or is missing in an engine: use BIGINT, or '' || x for text")
    }
  }

  /// A comparison outside CASE and FILTER is a boolean, which Spark does not add up.
  private mutating func checkSum(_ token: SQLToken, open: Int) {
    let inside = tokens[open..<closing(open)]
    let isConditional = inside.contains { $0.isWord("CASE") || $0.isWord("SELECT") }
    let isCompared = inside.contains {
      ["=", "<", ">", "<=", ">=", "<>"].contains($0.text) && $0.kind == .symbol || $0.isWord("IN")
        || $0.isWord("IS") || $0.isWord("EXISTS") || $0.isWord("BETWEEN")
    }
    if isCompared, !isConditional {
      report(
        .summedCondition, at: token, "a comparison is no number in Spark: use count(*) FILTER")
    }
  }

  // MARK: Divisions

  mutating func checkDivisions() {
    for (index, token) in tokens.enumerated() where token.isSymbol("/") {
      if !hasFloat(before: index) {
        report(
          .division, at: token, "integers divide differently: write 1e0 * a / b")
      }
    }
  }

  /// The product that ends before `index` has a factor written with an exponent.
  private func hasFloat(before index: Int) -> Bool {
    var depth = 0
    var place = index - 1
    while let token = token(place) {
      if token.isSymbol(")") { depth += 1 }
      if token.isSymbol("(") {
        if depth == 0 { return false }
        depth -= 1
      }
      if depth == 0 {
        if token.kind == .number {
          if token.text.lowercased().unicodeScalars.contains("e") { return true }
        } else if token.kind == .symbol, !["*", "/", ".", "(", ")"].contains(token.text) {
          return false
        } else if token.kind == .word, Self.ending.contains(token.text.uppercased()) {
          return false
        }
      }
      place -= 1
    }
    return false
  }

  /// Words that end the expression to their right.
  private static let ending: Set<String> = [
    "SELECT", "WHERE", "AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "CASE", "ON", "BY", "HAVING",
    "IN", "BETWEEN", "IS", "AS", "DISTINCT", "LIMIT",
  ]

  // MARK: Orders

  /// Columns of the warehouse that may be NULL, by name.
  private static let nullable: Set<String> = [
    "runtime_version", "label", "host", "started_ns", "duration_ns", "requests", "lost", "clock",
    "syscall", "abi", "traceable", "text_bytes", "tgid", "parent_pid", "comm", "first_ns",
    "last_ns", "ts_ns", "caller_id", "position",
  ]

  mutating func checkOrders() {
    // A column that a query does not answer as NULL is named so in one place only: what the header
    // says to be nullable is checked too.
    let nullable = Self.nullable.union(query.header.nullable)
    for (index, token) in tokens.enumerated()
    where token.isWord("ORDER") && self.token(index + 1)?.isWord("BY") == true {
      for term in orderTerms(from: index + 2) {
        guard let name = term.last(where: { $0.kind == .word && !Self.isDirection($0) }),
          nullable.contains(name.text), !term.contains(where: { $0.isWord("NULLS") }),
          // Only a column by itself: coalesce(x, …) and CASE … END know what they do.
          !term.contains(where: { $0.isSymbol("(") || $0.isWord("CASE") })
        else { continue }
        report(
          .nullOrder, at: name, "\(name.text) may be NULL: write NULLS LAST or NULLS FIRST")
      }
    }
  }

  private static func isDirection(_ token: SQLToken) -> Bool {
    ["ASC", "DESC", "NULLS", "FIRST", "LAST"].contains(token.text.uppercased())
  }

  private func orderTerms(from start: Int) -> [[SQLToken]] {
    var terms: [[SQLToken]] = [[]]
    var depth = 0
    for index in start..<max(start, tokens.count) {
      let token = tokens[index]
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") { depth -= 1 }
      if depth < 0 || token.isSymbol(";") { break }
      if depth == 0 {
        if token.isWord("LIMIT") || token.isWord("ROWS") || token.isWord("RANGE") { break }
        if token.isSymbol(",") {
          terms.append([])
          continue
        }
      }
      terms[terms.count - 1].append(token)
    }
    return terms
  }
}
