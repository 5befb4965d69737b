import Schema

/// What the schema says of a table: its columns, what refers to what, and the comments of `schema/`.
///
/// It is the program's own schema, not that of a file, which may be a stranger's.
public struct TableDescription: Sendable, Equatable {
  /// What a column stores.
  public enum ColumnType: String, Sendable {
    case integer = "INTEGER"
    case real = "REAL"
    case text = "TEXT"
  }

  /// One column.
  public struct Column: Sendable, Equatable {
    public let name: String
    public let type: ColumnType
    public let isNullable: Bool
    /// Its place in the table's key, from 1; nil outside the key.
    public let keyPlace: Int?
    /// The column of another table that it holds a value of.
    public let reference: Reference?
    /// The comment of `schema/`, in one line.
    public let meaning: String
  }

  /// What a column refers to.
  public struct Reference: Sendable, Equatable {
    public let table: String
    public let column: String
  }

  public let name: String
  /// The comment of `schema/`, in one line.
  public let meaning: String
  public let columns: [Column]

  /// The columns of its key, in order.
  public var key: [String] {
    columns.filter { $0.keyPlace != nil }.sorted { ($0.keyPlace ?? 0) < ($1.keyPlace ?? 0) }
      .map(\.name)
  }

  /// Every table of a warehouse of this program's version, in the order of the migrations.
  ///
  /// - Throws: ``SQLiteError`` when there is no memory for the model that it is read from.
  public static func all() throws -> [TableDescription] {
    let model = try Connection()
    for migration in Schema.migrations { try model.execute(migration.sql) }
    let rows = try model.query(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    return try rows.compactMap { row in
      guard let name = row[0].string, let sql = row[1].string, Warehouse.tables.contains(name)
      else { return nil }
      return try TableDescription(name: name, sql: sql, model)
    }
  }

  private init(name: String, sql: String, _ model: Connection) throws {
    let comments = SchemaComments(sql)
    var references: [String: Reference] = [:]
    // Of a key of several columns each names the run too, whose own key is the one to follow.
    for row in try model.query(
      "SELECT * FROM pragma_foreign_key_list(:table)", ["table": .text(name)])
    {
      guard let from = row["from"].string, let table = row["table"].string else { continue }
      // One that is not named is the key, which has the same name here.
      if references[from] == nil || table == "run" {
        references[from] = Reference(table: table, column: row["to"].string ?? from)
      }
    }
    self.name = name
    meaning = comments.relation
    columns = try model.query(
      "SELECT * FROM pragma_table_info(:table) ORDER BY cid", ["table": .text(name)]
    ).map { row in
      let column = row["name"].string ?? ""
      let place = row["pk"].int64 ?? 0
      return Column(
        name: column, type: ColumnType(rawValue: row["type"].string ?? "") ?? .text,
        isNullable: row["notnull"] == 0 && place == 0, keyPlace: place > 0 ? Int(place) : nil,
        reference: references[column], meaning: comments.columns[column] ?? "")
    }
  }
}

/// The comments inside a CREATE TABLE of `schema/migrations`: the first block is about the table,
/// every other one about the column below it.
struct SchemaComments {
  private(set) var relation = ""
  private(set) var columns: [String: String] = [:]

  init(_ sql: String) {
    var block: [Substring] = []
    var isFirst = true
    for line in sql.split(separator: "\n", omittingEmptySubsequences: false).dropFirst() {
      if line.hasPrefix(")") { break }
      if line.hasPrefix("  -- ") {
        block.append(line.dropFirst(5))
        continue
      }
      let text = block.joined(separator: " ")
      block = []
      if line.isEmpty, isFirst {
        relation = text
        isFirst = false
      }
      guard line.hasPrefix("  "), !line.hasPrefix("   "), !text.isEmpty else { continue }
      let name = line.dropFirst(2).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      columns[String(name)] = text
    }
  }
}
