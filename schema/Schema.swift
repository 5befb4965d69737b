/// The warehouse in SQL: the files of this folder, built into the programs.
public enum Schema {
  /// One file of SQL.
  public struct File: Sendable, Hashable {
    /// The file's base name without `.sql`.
    public let name: String
    public let sql: String
  }

  /// What leads from an empty file to the newest version, in order: the first makes version 1.
  /// A migration is never edited once it is published.
  public static let migrations: [File] = [
    File("m0001_warehouse", PackageResources.m0001_warehouse_sql)
  ]

  /// The views, one a file, each called as its file.
  public static let views: [File] = [
    File("run_summary", PackageResources.run_summary_sql)
  ]

  /// Rows that are the same in every warehouse.
  public static let data: [File] = [
    File("syscall_numbers", PackageResources.syscall_numbers_sql)
  ]
}

extension Schema.File {
  init(_ name: String, _ bytes: [UInt8]) {
    self.init(name: name, sql: String(decoding: bytes, as: UTF8.self))
  }
}
