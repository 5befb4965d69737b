import CSQLite

/// What a statement may do, and for how long.
extension Connection {
  // MARK: Restricting

  /// From now on statements only read (``ReadAuthorizer``), and are kept from what makes small texts
  /// need much memory or time. There is no way back.
  ///
  /// - Parameter virtualTables: those of the file, which nothing reads.
  func restrictToReading(virtualTables: Set<String>) {
    for (limit, most) in Self.limits { sqlite3_limit(handle, limit, most) }
    let authorizer = ReadAuthorizer(virtualTables: virtualTables)
    // Unsafe: the connection owns the object for as long as SQLite knows its address.
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        let authorizer = Unmanaged<ReadAuthorizer>.fromOpaque(context).takeUnretainedValue()
        let isAllowed = authorizer.allows(
          action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
        return isAllowed ? SQLITE_OK : SQLITE_DENY
      }, Unmanaged.passUnretained(authorizer).toOpaque())
    self.authorizer = authorizer
  }

  /// Well above what the canned queries need and what people type, far below SQLite's own.
  private static let limits: [(limit: Int32, most: Int32)] = [
    // A value, or a row: bytes. The longest value of ours is the list of a selection's runs.
    (SQLITE_LIMIT_LENGTH, 64 << 20),
    (SQLITE_LIMIT_SQL_LENGTH, 1 << 20), (SQLITE_LIMIT_COLUMN, 500),
    (SQLITE_LIMIT_EXPR_DEPTH, 500), (SQLITE_LIMIT_COMPOUND_SELECT, 100),
    (SQLITE_LIMIT_VDBE_OP, 250_000), (SQLITE_LIMIT_FUNCTION_ARG, 100),
    // ATTACH and VACUUM INTO would leave files behind before they are refused.
    (SQLITE_LIMIT_ATTACHED, 0),
    // Time grows with its square.
    (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (SQLITE_LIMIT_VARIABLE_NUMBER, 1_000), (SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (SQLITE_LIMIT_WORKER_THREADS, 0),
  ]

  /// The most memory that SQLite takes in this process, bytes; statements that need more fail. What it
  /// sorts and keeps aside beyond its caches goes to temporary files, so that this is much.
  public static func limitMemory(_ bytes: Int64) {
    sqlite3_hard_heap_limit64(bytes)
  }

  // MARK: Stopping

  /// Stops the statement that runs now, with an error that ``SQLiteError/isInterrupted``.
  public func interrupt() { sqlite3_interrupt(handle) }

  /// Calls `handler` about every `instructions` steps of SQLite's machine while a statement runs;
  /// when it returns false the statement stops, with an error that
  /// ``SQLiteError/isInterrupted``. nil takes it away.
  public func onProgress(
    everyInstructions instructions: Int32 = 10_000, _ handler: (() -> Bool)?
  ) {
    guard let handler else {
      sqlite3_progress_handler(handle, 0, nil, nil)
      progress = nil
      return
    }
    let box = ProgressHandler(handler)
    sqlite3_progress_handler(
      handle, instructions,
      { context in
        guard let context else { return 0 }
        return Unmanaged<ProgressHandler>.fromOpaque(context).takeUnretainedValue().run() ? 0 : 1
      }, Unmanaged.passUnretained(box).toOpaque())
    progress = box
  }
}

/// Gives a closure an address that C can hold; the connection owns it as long as C does.
final class ProgressHandler {
  let run: () -> Bool
  init(_ run: @escaping () -> Bool) { self.run = run }
}
