import CSQLite

extension Warehouse {
  /// Runs `body`, and tells what SQLite says of the file, and not of a statement's text, as what it
  /// means for this warehouse.
  ///
  /// The statements of these programs are right for a warehouse that opened: what goes wrong with
  /// them is the file's. With `isOwn` they are the user's, and their errors are too.
  ///
  /// - Throws: ``WarehouseError`` about the file; ``SQLiteError`` about a statement of the user.
  public func reading<T>(isOwn: Bool = false, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SQLiteError where error.isOfStatement {
      guard !isOwn, error.primaryCode == SQLITE_ERROR else { throw error }
      throw error.isOverflow
        ? WarehouseError.overflow(path: path)
        : WarehouseError.damaged(path: path, detail: error.message)
    } catch let error as SQLiteError where isOwn && error.isRefused {
      throw error
    } catch let error as SQLiteError {
      throw WarehouseError(error, path: path)
    }
  }
}

extension SQLiteError {
  /// It is about the statement, in a file that may well be whole.
  fileprivate var isOfStatement: Bool {
    [SQLITE_ERROR, SQLITE_RANGE, SQLITE_MISUSE, SQLITE_MISMATCH, SQLITE_TOOBIG].contains(
      primaryCode)
  }

  /// A sum, or a sign's change, left 64 bits. SQLite has no code of its own for it.
  fileprivate var isOverflow: Bool { primaryCode == SQLITE_ERROR && message == "integer overflow" }
}
