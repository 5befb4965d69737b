import CSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What SQLite answered instead of doing what it was asked.
///
/// The description has the code, the message and the statement, and never a bound value.
public struct SQLiteError: Error, Sendable, Hashable {
  /// The extended result code (https://sqlite.org/rescode.html).
  public let code: Int32
  /// SQLite's message.
  public let message: String
  /// The statement, where there was one.
  public let sql: String?
  /// `errno` of the system call that failed, 0 where none did.
  public let systemErrno: Int32

  public init(code: Int32, message: String, sql: String? = nil, systemErrno: Int32 = 0) {
    self.code = code
    self.message = message
    self.sql = sql
    self.systemErrno = systemErrno
  }

  /// The primary result code: the low byte of ``code``.
  public var primaryCode: Int32 { code & 0xff }

  /// Somebody else holds the lock, and the busy timeout has passed.
  public var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
  /// The disk, or the file's `max_page_count`, is full.
  public var isFull: Bool { primaryCode == SQLITE_FULL }
  /// There is no room, in the file or beside it.
  public var hasNoSpace: Bool {
    isFull || primaryCode == SQLITE_IOERR && [ENOSPC, EDQUOT].contains(systemErrno)
  }
  /// The file is not a database, or a damaged one.
  public var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
  /// The disk, or another part of the system, failed. SQLite calls a file damaged that cannot be
  /// read.
  public var isOfDisk: Bool {
    switch primaryCode {
    case SQLITE_IOERR: code != SQLITE_IOERR | 12 << 8  // SQLITE_IOERR_NOMEM
    case SQLITE_CORRUPT: [EIO, ENXIO, ERANGE].contains(systemErrno)
    default: false
    }
  }
  /// The file or its folder may not be written.
  public var isReadOnly: Bool { primaryCode == SQLITE_READONLY || primaryCode == SQLITE_PERM }
  /// A statement and what the file holds do not go together, whatever the machine does.
  public var isOfContents: Bool {
    [SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG].contains(primaryCode)
  }
  /// A progress handler or ``Connection/interrupt()`` stopped the statement.
  public var isInterrupted: Bool { primaryCode == SQLITE_INTERRUPT }
  /// A connection for reading was asked for something else.
  public var isRefused: Bool { primaryCode == SQLITE_AUTH }
  /// A CHECK, NOT NULL, UNIQUE or foreign key constraint refused a row.
  public var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
}

extension SQLiteError: CustomStringConvertible {
  public var description: String {
    var text = "SQLite: \(message) (code \(code))"
    if let sql {
      let line = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      text += line.count > 200 ? " in: \(line.prefix(200))…" : " in: \(line)"
    }
    return text
  }
}
