import Schema

extension Warehouse {
  /// Runs the migrations that the file lacks, each in one transaction together with its version:
  /// whatever stops it, the file is of one version or the next, never between.
  static func migrate(
    _ connection: Connection, path: String, migrations: [Schema.File]
  ) throws {
    for (index, migration) in migrations.enumerated() {
      let version = Int64(index) + 1
      guard try storedVersion(connection) < version else { continue }
      do {
        try connection.transaction {
          // Another writer may have done it while this one waited for the lock.
          guard try storedVersion(connection) < version else { return }
          try connection.execute(migration.sql)
          try connection.execute("PRAGMA user_version = \(version)")
          // Foreign keys are off meanwhile, so that tables can be rebuilt.
          let broken = try connection.query("PRAGMA foreign_key_check")
          guard broken.isEmpty else {
            throw WarehouseError.damaged(
              path: path,
              detail: "\(broken.count) rows without what they refer to after \(migration.name)")
          }
        }
      } catch let error as SQLiteError where error.isOfContents {
        throw WarehouseError.migrationFailed(path: path, version: version, error: error)
      }
    }
  }

  private static func storedVersion(_ connection: Connection) throws -> Int64 {
    try connection.scalar("PRAGMA user_version").int64 ?? 0
  }
}
