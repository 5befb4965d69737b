extension Schema {
  /// The canned queries, one a file.
  public static let queries: [File] = [
    File("runs", PackageResources.runs_sql)
  ]
}
