/// Copies the rows that one table has of a run from one warehouse to another, 64 an INSERT, in the
/// order of the key.
final class RowCopier {
  /// What becomes of a column's values on the way.
  enum Column {
    /// They stay.
    case same(String)
    /// They are numbers of functions, which the other warehouse numbers otherwise.
    case function(String)
    /// They are names of the catalogue of stats.
    case stat(String)

    var name: String {
      switch self {
      case .same(let name), .function(let name), .stat(let name): name
      }
    }
  }

  private let source: MergeSource
  private let names: MergeNames
  private let columns: [Column]
  private let select: Statement
  private let insert: BulkInsert
  /// The place of the column that is added up.
  private let summed: Int?

  /// - Parameters:
  ///   - origin: the SELECT with these columns of run `?1`, where they are not the table's own.
  ///   - key: the columns of the table's key after `run_id`.
  ///   - sum: the column that ``copy(run:as:)`` adds up.
  init(
    _ source: MergeSource, _ connection: Connection, _ names: MergeNames, table: String,
    origin: String? = nil, columns: [Column], key: String, sum: String? = nil
  ) throws {
    self.source = source
    self.names = names
    self.columns = columns
    let list = columns.map(\.name)
    select = try source.prepare(
      "SELECT \(list.joined(separator: ", ")) FROM "
        + (origin.map { "(\($0))" } ?? "\(table) WHERE run_id = ?1") + " ORDER BY \(key)")
    insert = BulkInsert(connection, table: table, columns: ["run_id"] + list)
    summed = list.firstIndex { $0 == sum }
  }

  /// Copies the rows of `run`, which is called `own` in the other warehouse.
  ///
  /// - Returns: how many there are, and the sum of the column to add up.
  func copy(run: Int64, as own: Int64) throws -> (rows: Int64, sum: Int64) {
    var (rows, sum) = (Int64(0), Int64(0))
    try source.forEach(select, .integer(run)) { row in
      try insert.append(.integer(own))
      for (place, column) in columns.enumerated() {
        let value = row.value(at: place)
        switch (column, value) {
        case (.same, _), (.function, .null): try insert.append(value)
        case (.function, _):
          try insert.append(.integer(try names.function(row.int64(at: place))))
        case (.stat, _):
          try names.stat(row.string(at: place))
          try insert.append(value)
        }
      }
      rows += 1
      if let summed {
        let (next, overflow) = sum.addingReportingOverflow(row.int64(at: summed))
        guard !overflow else { throw RunCheck.inconsistent("its counts cannot be added up") }
        sum = next
      }
    }
    try insert.finish()
    return (rows, sum)
  }
}
