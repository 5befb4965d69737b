import Schema

/// What a warehouse holds by the program's version rather than by its runs: the views, the
/// catalogue of stats and the numbers of system calls. It follows the program without a migration.
enum WarehouseContents {
  /// The tables whose rows the program brings.
  private static let seeded = [
    "SELECT name, severity, found, per_cpu, help FROM stat",
    "SELECT arch, number, name FROM syscall",
  ]

  /// Makes the stored contents equal to the program's, in one transaction, if they are not. Views
  /// and catalogue entries that the program does not know are left alone.
  static func refresh(_ connection: Connection, migrations: [Schema.File]) throws {
    let stale = try staleViews(connection)
    let isSeeded = try isSeeded(connection, migrations: migrations)
    guard !stale.isEmpty || !isSeeded else { return }
    try connection.transaction {
      for view in stale {
        try connection.execute("DROP VIEW IF EXISTS \(view.name)")
        try connection.execute(view.sql)
      }
      if !isSeeded {
        for file in Schema.data { try connection.execute(file.sql) }
      }
    }
  }

  /// Lets a connection that cannot change the file see the program's views instead of stale ones.
  static func shadowStaleViews(_ connection: Connection) throws {
    for view in try staleViews(connection) {
      try connection.execute(
        "CREATE TEMP VIEW" + view.sql.dropFirst("CREATE VIEW".count))
    }
  }

  /// The program's views whose stored text is another, or missing.
  private static func staleViews(_ connection: Connection) throws -> [Schema.File] {
    let rows = try connection.query("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
    var stored: [String: String] = [:]
    for row in rows {
      if let name = row[0].string, let sql = row[1].string { stored[name] = sql }
    }
    return Schema.views.filter { stored[$0.name] != statement($0.sql) }
  }

  /// The text of a view as SQLite stores it: without the semicolon and what follows.
  private static func statement(_ sql: String) -> String {
    var text = Substring(sql)
    while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
    return String(text)
  }

  /// Every row that the program brings is stored as it is.
  private static func isSeeded(
    _ connection: Connection, migrations: [Schema.File]
  ) throws -> Bool {
    let model = try Connection()
    for file in migrations + Schema.data { try model.execute(file.sql) }
    for sql in seeded {
      let stored = Set(try connection.query(sql).map(\.values))
      let wanted = Set(try model.query(sql).map(\.values))
      guard wanted.isSubset(of: stored) else { return false }
    }
    return true
  }
}
