extension Schema {
  /// The canned queries, one a file, in alphabetical order.
  public static let queries: [File] = [
    File("common", PackageResources.common_sql),
    File("common_across", PackageResources.common_across_sql),
    File("common_groups", PackageResources.common_groups_sql),
    File("conditions", PackageResources.conditions_sql),
    File("diff", PackageResources.diff_sql),
    File("diff_across", PackageResources.diff_across_sql),
    File("diff_counts", PackageResources.diff_counts_sql),
    File("diff_counts_across", PackageResources.diff_counts_across_sql),
    File("diff_counts_groups", PackageResources.diff_counts_groups_sql),
    File("diff_groups", PackageResources.diff_groups_sql),
    File("drops", PackageResources.drops_sql),
    File("functions", PackageResources.functions_sql),
    File("functions_groups", PackageResources.functions_groups_sql),
    File("only", PackageResources.only_sql),
    File("only_across", PackageResources.only_across_sql),
    File("only_groups", PackageResources.only_groups_sql),
    File("processes", PackageResources.processes_sql),
    File("run_show", PackageResources.run_show_sql),
    File("run_stats", PackageResources.run_stats_sql),
    File("runs", PackageResources.runs_sql),
    File("summary", PackageResources.summary_sql),
    File("syscalls", PackageResources.syscalls_sql),
    File("top", PackageResources.top_sql),
    File("top_groups", PackageResources.top_groups_sql),
  ]
}
