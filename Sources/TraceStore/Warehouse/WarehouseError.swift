import CSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a warehouse could not be opened, read or written. The description is one line: what, where,
/// and what to do.
public enum WarehouseError: Error, Sendable, Hashable {
  /// There is no file at that path, and reading never makes one.
  case missing(path: String)
  /// The file is there and holds nothing yet.
  case empty(path: String)
  /// The file cannot be opened or read; `reason` is the system's.
  case unreadable(path: String, reason: String)
  /// The file or its folder cannot be written; `reason` is the system's.
  case unwritable(path: String, reason: String)
  /// The last writer left a `-wal` file, which can only be read with a writable folder.
  case needsWritableFolder(path: String)
  /// Another program has held the write lock for longer than the busy timeout.
  case locked(path: String)
  /// The disk, or the user's share of it, is full.
  case diskFull(path: String)
  /// The disk failed; `reason` is the system's.
  case diskFailed(path: String, reason: String)
  /// The machine's SQLite is older than 3.37 and does not know STRICT tables.
  case sqliteTooOld(version: String)
  /// The file is not a SQLite database.
  case notADatabase(path: String)
  /// A SQLite database of another program.
  case foreign(path: String)
  /// Written by a newer version of these programs.
  case newer(path: String, version: Int64, known: Int64)
  /// Written by an older version, and opened for reading only, so that it cannot be migrated.
  case older(path: String, version: Int64, known: Int64)
  /// A warehouse whose contents are not whole.
  case damaged(path: String, detail: String)
  /// Numbers add up to more than 64 bits hold, and so to more than any recording counts.
  case overflow(path: String)
  /// A migration to `version` failed and was undone.
  case migrationFailed(path: String, version: Int64, error: SQLiteError)
  /// This source is in the warehouse already.
  case duplicateSource(path: String, source: String, runID: Int64)
  /// A runtime, workload or label that is no name: only `[A-Za-z0-9._-]+` is.
  case badName(field: String, value: String)
  /// What is to be written contradicts itself.
  case inconsistent(detail: String)
  /// A warehouse is to be merged into itself.
  case mergesItself(path: String)
  /// A warehouse holds something that no warehouse may: nothing of it was merged.
  case notMerged(path: String, detail: String)
  /// A query or an import was stopped on request.
  case interrupted(path: String)
  /// Anything else that SQLite refuses.
  case sqlite(path: String, error: SQLiteError)
}

extension WarehouseError {
  /// The exit code that this error deserves: 2 wrong use, 3 the environment lacks something, 4 the
  /// data is damaged.
  public var exitCode: Int32 {
    switch self {
    case .duplicateSource, .badName, .mergesItself: 2
    case .missing, .empty, .unreadable, .unwritable, .needsWritableFolder, .locked, .diskFull,
      .diskFailed, .sqliteTooOld, .older, .interrupted:
      3
    case .notADatabase, .foreign, .newer, .damaged, .overflow, .migrationFailed, .inconsistent,
      .notMerged:
      4
    case .sqlite(_, let error):
      [SQLITE_IOERR, SQLITE_NOMEM, SQLITE_CANTOPEN, SQLITE_PROTOCOL, SQLITE_NOLFS].contains(
        error.primaryCode) ? 3 : 4
    }
  }

  /// What a ``SQLiteError`` on the file at `path` means to its user.
  init(_ error: SQLiteError, path: String) {
    let system =
      error.systemErrno == 0 ? error.message : String(cString: strerror(error.systemErrno))
    switch error.primaryCode {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .locked(path: path)
    case _ where error.hasNoSpace: self = .diskFull(path: path)
    case _ where error.isOfDisk:
      self = .diskFailed(path: path, reason: "\(system), SQLite \(error.code)")
    case SQLITE_NOTADB: self = .notADatabase(path: path)
    // Refused are, of the program's own statements, tables that are not what they should be.
    case SQLITE_CORRUPT, SQLITE_AUTH: self = .damaged(path: path, detail: error.message)
    case SQLITE_READONLY, SQLITE_PERM: self = .unwritable(path: path, reason: system)
    case SQLITE_CANTOPEN: self = .unreadable(path: path, reason: system)
    case SQLITE_INTERRUPT: self = .interrupted(path: path)
    case SQLITE_CONSTRAINT: self = .inconsistent(detail: error.message)
    default: self = .sqlite(path: path, error: error)
    }
  }

  /// Runs `body` and tells the ``SQLiteError`` that it throws as what it means for `path`.
  static func telling<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SQLiteError {
      throw WarehouseError(error, path: path)
    }
  }
}

extension WarehouseError: CustomStringConvertible {
  /// What is wrong and what to do, for a program that takes the warehouse by its option `--db`.
  public var description: String { text(option: " with --db") }

  /// The same for a program that takes the warehouse as an argument.
  public var descriptionOfArgument: String { text(option: "") }

  private func text(option: String) -> String {
    switch self {
    case .missing(let path):
      "\(path.shown): there is no such file: make one with `collector ingest`, or name another\(option)"
    case .empty(let path):
      "\(path.shown): the file is empty: fill it with `collector ingest`, or name another\(option)"
    case .unreadable(let path, let reason):
      "\(path.shown): cannot be opened: \(reason.shown)"
    case .unwritable(let path, let reason):
      "\(path.shown): cannot be written: \(reason.shown): choose another place\(option), or mend the permissions of the file and its folder, or free space on their disk"
    case .needsWritableFolder(let path):
      "\(path.shown): its last writer was stopped and left \((path + "-wal").shown), which needs a writable folder to be read: copy both files to one, or open it once as a user who may write there"
    case .locked(let path):
      "\(path.shown): locked by another program: wait until it is done, then try again"
    case .diskFull(let path):
      "\(path.shown): the disk is full: free some space, then try again; nothing was written in part"
    case .diskFailed(let path, let reason):
      "\(path.shown): the disk failed (\(reason.shown)): look for its errors in the kernel's log, and copy the warehouse to a sound one; nothing was written in part"
    case .sqliteTooOld(let version):
      "libsqlite3 \(version) is too old: install version 3.37 or newer"
    case .notADatabase(let path):
      "\(path.shown): not a SQLite database: name a warehouse\(option)"
    case .foreign(let path):
      "\(path.shown): a SQLite database of another program, left untouched: name a warehouse\(option), or a new file"
    case .newer(let path, let version, let known):
      "\(path.shown): a warehouse of version \(version), and this program knows versions up to \(known): use the newer program that wrote it"
    case .older(let path, let version, let known):
      "\(path.shown): a warehouse of version \(version), and this program reads version \(known): any `collector` command that writes to it brings it up to date"
    case .damaged(let path, let detail):
      "\(path.shown): the warehouse is damaged (\(detail.shown)): put a backup in its place, or save what can still be read with `sqlite3 FILE .recover`"
    case .overflow(let path):
      "\(path.shown): the warehouse is damaged: numbers in it add up to more than 64 bits, which no recording counts: `collector ingest` its sources again, or leave out the runs with such numbers"
    case .migrationFailed(let path, let version, let error):
      "\(path.shown): could not be brought to version \(version) and is unchanged: \(error.description.shown)"
    case .duplicateSource(let path, let source, let runID):
      "\(source.shown): already in \(path.shown) as run:\(runID): --again ingests it once more"
    case .badName(let field, let value):
      "\(field) \(value.quoted): not a name: use letters, digits, '.', '_' and '-' only"
    case .inconsistent(let detail):
      "the run contradicts itself, so it was not written: \(detail.shown)"
    case .mergesItself(let path):
      "\(path.shown): it is the warehouse to merge into: name others to merge into it"
    case .notMerged(let path, let detail):
      "\(path.shown): nothing of it was merged: \(detail.shown): `collector ingest` its sources again, or leave it out"
    case .interrupted(let path):
      "\(path.shown): stopped on request; the warehouse is unchanged"
    case .sqlite(let path, let error):
      "\(path.shown): \(error.description.shown)"
    }
  }
}

extension String {
  /// The text on one line, with control characters made visible.
  fileprivate var shown: String {
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return self
    }
    return unicodeScalars.map {
      $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
    }.joined()
  }

  /// The text in quotes, control characters made visible, and not endless.
  fileprivate var quoted: String {
    "'\(String(prefix(80)).shown)\(count > 80 ? "…" : "")'"
  }
}
