import CSQLite

extension Warehouse {
  /// Runs `body`, and tells what SQLite says of the file, and not of a statement's text, as what it
  /// means for this warehouse.
  ///
  /// - Throws: ``WarehouseError`` about the file; ``SQLiteError`` about a statement.
  public func reading<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SQLiteError
      where [SQLITE_ERROR, SQLITE_RANGE, SQLITE_MISUSE, SQLITE_MISMATCH, SQLITE_TOOBIG].contains(
        error.primaryCode)
    {
      throw error
    } catch let error as SQLiteError {
      throw WarehouseError(error, path: path)
    }
  }
}
