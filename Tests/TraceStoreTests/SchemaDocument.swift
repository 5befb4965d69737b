import Foundation
import Schema

@testable import TraceStore

/// Makes docs/schema.md from the comments that SQLite keeps in a warehouse.
enum SchemaDocument {
  struct Column {
    let name: String
    /// The type of a table's column with what it refers to; empty for a view's.
    let type: String
    let meaning: String
  }

  struct Relation {
    let name: String
    let isView: Bool
    let meaning: String
    let columns: [Column]
  }

  /// The tables in the order of the first migration, then the views by name.
  static func relations(_ connection: Connection) throws -> [Relation] {
    let rows = try connection.query(
      """
      SELECT name, type, sql FROM sqlite_master
      WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
      ORDER BY type, CASE type WHEN 'table' THEN rowid END, name
      """)
    return try rows.map { row in
      let name = row["name"].string ?? ""
      let (meaning, comments) = comments(row["sql"].string ?? "")
      let isView = row["type"] == "view"
      let types = try isView ? [:] : types(name, connection)
      let columns = try connection.query("PRAGMA table_info(\(name))").map { column in
        let name = column["name"].string ?? ""
        return Column(name: name, type: types[name] ?? "", meaning: comments[name] ?? "")
      }
      return Relation(name: name, isView: isView, meaning: meaning, columns: columns)
    }
  }

  /// The relation's comment, and that of each line indented by two that begins with a name.
  private static func comments(_ sql: String) -> (String, [String: String]) {
    var meaning: String?
    var block: [String] = []
    var columns: [String: String] = [:]
    for line in sql.components(separatedBy: "\n").dropFirst() {
      if line.hasPrefix(")") { break }
      if line.hasPrefix("  -- ") {
        block.append(String(line.dropFirst(5)))
        continue
      }
      let text = block.joined(separator: " ")
      block = []
      if line.isEmpty, meaning == nil { meaning = text }
      guard line.hasPrefix("  "), !line.hasPrefix("   ") else { continue }
      let name = line.dropFirst(2).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      if !text.isEmpty { columns[String(name)] = text }
    }
    return (meaning ?? "", columns)
  }

  private static func types(_ table: String, _ connection: Connection) throws -> [String: String] {
    var types: [String: String] = [:]
    for column in try connection.query("PRAGMA table_info(\(table))") {
      var type = (column["type"].string ?? "").lowercased()
      let isKey = column["pk"].int64 ?? 0 > 0
      if isKey { type += ", key" } else if column["notnull"] == 0 { type += " or NULL" }
      types[column["name"].string ?? ""] = type
    }
    for key in try connection.query("PRAGMA foreign_key_list(\(table))") {
      guard let column = key["from"].string, let target = key["table"].string else { continue }
      let arrow = types[column]?.contains("→") == true ? "," : " →"
      types[column, default: ""] += "\(arrow) \(target)"
    }
    return types
  }

  /// The whole page.
  static func text(_ connection: Connection) throws -> String {
    let relations = try relations(connection)
    var text = """
      # The warehouse

      <!-- Made from the comments in schema/ by the tests: UPDATE_SNAPSHOTS=1 swift test --filter SchemaDocumentTests -->

      One SQLite file holds all runs. Open it with `sqlite3 traces.db`, begin with
      `SELECT * FROM run_summary;`, and see any comment below with `.schema NAME`. Views carry the
      names, so that no number has to be known. Times are nanoseconds of the run's trace clock.
      Version \(Warehouse.version) (`PRAGMA user_version`); `PRAGMA application_id` is \
      \(Warehouse.applicationID), "KFPT" in ASCII.

      - [Views](#views): begin here
      - [Tables](#tables)
      - [Ten questions](#ten-questions)

      ## Views

      """
    for relation in relations where relation.isView { text += section(relation) }
    text += "\n## Tables\n"
    for relation in relations where !relation.isView { text += section(relation) }
    text += "\n## Ten questions\n"
    for (number, example) in SchemaExamples.all.enumerated() {
      text += "\n\(number + 1). \(example.question)\n\n```sql\n\(example.sql)\n```\n"
    }
    return text
  }

  private static func section(_ relation: Relation) -> String {
    var text = "\n### \(relation.name)\n\n\(relation.meaning)\n\n"
    text +=
      relation.isView
      ? "| column | meaning |\n| --- | --- |\n"
      : "| column | type | meaning |\n| --- | --- | --- |\n"
    for column in relation.columns {
      let cells = relation.isView ? [] : [column.type]
      text +=
        "| " + (["`\(column.name)`"] + cells + [column.meaning]).joined(separator: " | ") + " |\n"
    }
    return text
  }
}
