import TraceStore

/// Checks that a user's SQL is one question, before it runs.
enum ReadOnlyStatement {
  /// Checks a statement without parameters.
  ///
  /// - Throws: ``QueryError/statement(_:)``; ``SQLiteError`` when SQLite cannot compile it.
  static func check(_ sql: String, on connection: Connection) throws {
    if let name = try compiled(sql, on: connection).parameterNames.first {
      throw QueryError.statement(
        "the statement has a parameter (\(name.map { ":\($0)" } ?? "?")), which has no value here; "
          + "'tracequery run' binds those of a query in a file")
    }
  }

  /// Checks a query with its values: of one without a header, parameters would silently be NULL.
  ///
  /// - Returns: the names of its columns.
  static func check(_ bound: BoundQuery, on connection: Connection) throws -> [String] {
    let statement = try compiled(bound.query.sql, on: connection)
    for name in statement.parameterNames {
      guard let name, bound.values[name] != nil else {
        throw QueryError.statement(
          "query '\(bound.query.name)' does not document its parameter "
            + "\(name.map { ":\($0)" } ?? "?"); 'tracequery queries --lint' tells how")
      }
    }
    return statement.columnNames
  }

  private static func compiled(_ sql: String, on connection: Connection) throws -> Statement {
    // By its first word: SQLite calls ATTACH and BEGIN read-only too, and PRAGMA changes things.
    guard let verb = QueryLint.firstWord(of: sql)?.uppercased() else {
      throw QueryError.statement(
        "there is no statement; give one, for instance 'SELECT * FROM run_summary'")
    }
    guard ["SELECT", "WITH", "VALUES", "EXPLAIN"].contains(verb) else {
      throw QueryError.statement(refusal(verb))
    }
    let statement = try connection.prepare(sql)
    guard statement.isReadOnly else {
      throw QueryError.statement(refusal("a statement that writes"))
    }
    return statement
  }

  private static func refusal(_ verb: String) -> String {
    "\(verb) is refused: only SELECT, WITH, VALUES and EXPLAIN are, the warehouse is open for "
      + "reading; 'collector forget' and 'collector relabel' change runs"
  }
}
