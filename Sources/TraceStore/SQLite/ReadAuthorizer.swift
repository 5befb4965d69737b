import CSQLite

/// Says of each thing that a statement would do whether a connection for reading may do it, while
/// SQLite compiles the statement (https://sqlite.org/c3ref/set_authorizer.html).
///
/// Allowed is to read plain tables and views, to call functions that only compute, transactions, and
/// pragmas that only tell. All else is refused: that the file is open for reading would stop most of
/// it too, but not what reaches other files or memory.
final class ReadAuthorizer {
  /// What was refused last, as a user would call it; nil once it was told.
  private var refused: String?
  /// Virtual tables of the file, in lower case: the code behind one would read what the file's maker
  /// wrote for it.
  private let virtualTables: Set<String>

  init(virtualTables: Set<String> = []) {
    self.virtualTables = Set(virtualTables.map { $0.lowercased() })
  }

  /// Why a statement was refused just now; nil when it was not.
  func takeRefusal() -> String? {
    defer { refused = nil }
    return refused.map { "\($0) is refused: the warehouse is open for reading only" }
  }

  /// - Parameters:
  ///   - action: one of SQLite's action codes.
  ///   - first: what the action is on; of a pragma its name.
  ///   - second: of a function its name, of a pragma its argument.
  func allows(_ action: Int32, _ first: String?, _ second: String?) -> Bool {
    let refusal = refusal(action, first, second)
    if let refusal { refused = refusal }
    return refusal == nil
  }

  private func refusal(_ action: Int32, _ first: String?, _ second: String?) -> String? {
    let name = first ?? ""
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE, SQLITE_TRANSACTION: return nil
    case SQLITE_READ:
      let lower = name.lowercased()
      let isOutside = virtualTables.contains(lower) || Self.internals.contains(lower)
      return isOutside ? "the table '\(name)'" : nil
    // So a table-valued function (json_each, pragma_table_info) declares its columns. Whoever means it
    // is told that the schema may not be modified (defensive mode).
    case SQLITE_INSERT where Self.schemas.contains(name),
      SQLITE_UPDATE where Self.schemas.contains(name):
      return nil
    case SQLITE_FUNCTION:
      let function = second ?? ""
      return Self.functions.contains(function.lowercased()) ? "the function \(function)()" : nil
    case SQLITE_PRAGMA:
      let isAllowed =
        Self.describing.contains(name.lowercased())
        || (second == nil && Self.telling.contains(name.lowercased()))
      return isAllowed ? nil : "PRAGMA \(name)"
    default: return Self.names[action].map { "\($0) \(name)".trimmed } ?? "this statement"
    }
  }

  private static let schemas: Set<String> = ["sqlite_master", "sqlite_temp_master"]

  /// Functions that load code, touch files, or give away or take addresses in memory. Some are only in
  /// the shell or in extensions, which a library may have been built with.
  private static let functions: Set<String> = [
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "fsdir", "lsdir", "eval",
    "sqlite_log",
  ]

  /// Tables that show the file's bytes or this process.
  private static let internals: Set<String> = ["sqlite_dbpage", "sqlite_stmt", "fsdir", "zipfile"]

  /// Pragmas that describe or check what their argument names.
  private static let describing: Set<String> = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
    "foreign_key_list", "integrity_check", "quick_check", "foreign_key_check",
  ]

  /// Pragmas that tell something, and set it when they have an argument.
  private static let telling: Set<String> = [
    "application_id", "user_version", "schema_version", "data_version", "page_count", "page_size",
    "freelist_count", "encoding", "query_only", "foreign_keys", "journal_mode", "database_list",
    "function_list", "module_list", "pragma_list", "collation_list", "compile_options",
  ]

  private static let names: [Int32: String] = [
    SQLITE_ATTACH: "ATTACH", SQLITE_DETACH: "DETACH", SQLITE_INSERT: "INSERT",
    SQLITE_UPDATE: "UPDATE", SQLITE_DELETE: "DELETE", SQLITE_SAVEPOINT: "SAVEPOINT",
    SQLITE_ANALYZE: "ANALYZE", SQLITE_REINDEX: "REINDEX", SQLITE_ALTER_TABLE: "ALTER TABLE",
    SQLITE_CREATE_INDEX: "CREATE INDEX", SQLITE_CREATE_TABLE: "CREATE TABLE",
    SQLITE_CREATE_TEMP_INDEX: "CREATE INDEX", SQLITE_CREATE_TEMP_TABLE: "CREATE TABLE",
    SQLITE_CREATE_TEMP_TRIGGER: "CREATE TRIGGER", SQLITE_CREATE_TEMP_VIEW: "CREATE VIEW",
    SQLITE_CREATE_TRIGGER: "CREATE TRIGGER", SQLITE_CREATE_VIEW: "CREATE VIEW",
    SQLITE_CREATE_VTABLE: "CREATE VIRTUAL TABLE", SQLITE_DROP_INDEX: "DROP INDEX",
    SQLITE_DROP_TABLE: "DROP TABLE", SQLITE_DROP_TEMP_INDEX: "DROP INDEX",
    SQLITE_DROP_TEMP_TABLE: "DROP TABLE", SQLITE_DROP_TEMP_TRIGGER: "DROP TRIGGER",
    SQLITE_DROP_TEMP_VIEW: "DROP VIEW", SQLITE_DROP_TRIGGER: "DROP TRIGGER",
    SQLITE_DROP_VIEW: "DROP VIEW", SQLITE_DROP_VTABLE: "DROP TABLE",
  ]
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
