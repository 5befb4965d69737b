/// The warehouse in SQL: the files of this folder, built into the programs.
public enum Schema {
  /// One file of SQL.
  public struct File: Sendable, Hashable {
    /// The file's base name without `.sql`.
    public let name: String
    public let sql: String

    public init(name: String, sql: String) {
      self.name = name
      self.sql = sql
    }
  }

  /// What leads from an empty file to the newest version, in order: the first makes version 1.
  /// A migration is never edited once it is published.
  public static let migrations: [File] = [
    File("m0001_warehouse", PackageResources.m0001_warehouse_sql),
    File("m0002_run_environment", PackageResources.m0002_run_environment_sql),
    File("m0003_sizes", PackageResources.m0003_sizes_sql),
    File("m0004_group_edges", PackageResources.m0004_group_edges_sql),
  ]

  /// The views, one a file, each called as its file.
  public static let views: [File] = [
    File("call_name", PackageResources.call_name_sql),
    File("dropped_share", PackageResources.dropped_share_sql),
    File("edge_name", PackageResources.edge_name_sql),
    File("group_function_name", PackageResources.group_function_name_sql),
    File("process_summary", PackageResources.process_summary_sql),
    File("run_function_name", PackageResources.run_function_name_sql),
    File("run_problem", PackageResources.run_problem_sql),
    File("run_summary", PackageResources.run_summary_sql),
    File("syscall_use", PackageResources.syscall_use_sql),
  ]

  /// Rows that are the same in every warehouse.
  public static let data: [File] = [
    File("stat_catalogue", PackageResources.stat_catalogue_sql),
    File("syscall_numbers", PackageResources.syscall_numbers_sql),
  ]
}

extension Schema.File {
  init(_ name: String, _ bytes: [UInt8]) {
    self.init(name: name, sql: String(decoding: bytes, as: UTF8.self))
  }
}
