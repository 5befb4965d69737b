import Terminal
import TraceStore

/// Every table of a warehouse as files `TABLE.csv`, `.json` or `.ndjson`, row by row.
struct TableExport {
  /// What each table is written as.
  enum Format: String, CaseIterable {
    case csv, json, ndjson
  }

  let connection: Connection
  let format: Format

  struct Table: Equatable {
    var name: String
    var columns: [String]
    /// The columns that order its rows.
    var key: [String]
  }

  /// The tables, by name.
  func tables() throws -> [Table] {
    let names = try connection.query(
      """
      SELECT name FROM sqlite_schema
      WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name
      """
    ).compactMap { $0["name"].string }
    return try names.map { name in
      // It becomes a file's name: one of a tampered file must not lead elsewhere.
      guard name.utf8.allSatisfy(Self.isPlain) else {
        throw Failure(
          status: .damaged, text: "table '\(name)' is none of this program's; nothing is exported")
      }
      let columns = try connection.query(
        "SELECT name, pk FROM pragma_table_info(:name) ORDER BY cid", ["name": .text(name)])
      let key = columns.filter { $0["pk"].int64 != 0 }
        .sorted { ($0["pk"].int64 ?? 0) < ($1["pk"].int64 ?? 0) }
      return Table(
        name: name, columns: columns.compactMap { $0["name"].string },
        key: key.compactMap { $0["name"].string })
    }
  }

  /// Writes one table and returns how many rows it has.
  @discardableResult
  func write(_ table: Table, to output: Output) throws -> Int64 {
    let columns = table.columns.map(Self.quoted).joined(separator: ", ")
    let order =
      table.key.isEmpty ? "" : " ORDER BY " + table.key.map(Self.quoted).joined(separator: ", ")
    let statement = try connection.prepare(
      "SELECT \(columns) FROM \(Self.quoted(table.name))\(order)")
    var rows: Int64 = 0
    switch format {
    case .csv:
      try output.write(CSVRow.text(table.columns.map(Value.text)))
      while try statement.step() {
        try output.write(CSVRow.text(statement.values))
        rows += 1
      }
    case .ndjson:
      while try statement.step() {
        try output.write(JSONRow.text(table.columns, statement.values) + "\n")
        rows += 1
      }
    case .json:
      try output.write("[")
      while try statement.step() {
        try output.write((rows > 0 ? ",\n" : "\n") + JSONRow.text(table.columns, statement.values))
        rows += 1
      }
      try output.write(rows > 0 ? "\n]\n" : "]\n")
    }
    return rows
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

/// A row as RFC 4180 has it, every character as it is stored. NULL is an empty field, an empty text is
/// `""`; nothing else is the same in both.
enum CSVRow {
  static func text(_ values: [Value]) -> String {
    values.map(field).joined(separator: ",") + "\r\n"
  }

  private static func field(_ value: Value) -> String {
    switch AnswerColumns.cell(value) {
    case .null: return ""
    case .integer(let number): return String(number)
    case .real(let number): return number.description
    case .text(let text):
      let isBare = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x2c && $0 != 0x22 }
      if isBare { return text }
      var quoted = "\""
      for scalar in text.unicodeScalars {
        if scalar == "\"" { quoted += "\"" }
        quoted.unicodeScalars.append(scalar)
      }
      return quoted + "\""
    }
  }
}

/// A row as a JSON object.
enum JSONRow {
  static func text(_ columns: [String], _ values: [Value]) -> String {
    let members = zip(columns, values).map { name, value in
      "\(JSONText.string(name)):\(text(AnswerColumns.cell(value)))"
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func text(_ cell: Cell) -> String {
    switch cell {
    case .null: "null"
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? number.description : "null"
    case .text(let text): JSONText.string(text)
    }
  }
}
