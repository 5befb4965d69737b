import TraceStore

/// SQL by which a canned query's parameter can be filled in on a web page, where every value is text
/// and one that is not given is empty.
///
/// People type what they know: runs by number, runtimes, `runtime/workload`, `/workload`,
/// `label:NAME`, joined by commas. Nothing means every complete run.
enum DatasetteParameters {
  /// The expression that stands for `:name` in the query.
  ///
  /// - Parameter query: comparisons (with parameters `a` and `b`) begin with the first and the last
  ///   runtime instead of everything on both sides.
  static func expression(_ parameter: QueryParameter, of query: CannedQuery) -> String {
    let value = "coalesce(:\(parameter.name), '')"
    switch parameter.kind {
    case .selection, .anySelection:
      let status = parameter.kind == .selection ? "r.status = 'ok'" : "1"
      let usual = usual(parameter, query)
      return "(SELECT ',' || group_concat(r.run_id) || ',' FROM run AS r WHERE "
        + "CASE WHEN \(value) = '' THEN \(status)\(usual) ELSE \(named(value, status)) END)"
    case .groups:
      return "(SELECT ',' || group_concat(r.group_id) || ',' FROM run_group AS r WHERE "
        + "r.status = 'ok' AND (\(value) = ''\(usual(parameter, query)) OR \(group(value))))"
    case .selections:
      return "(SELECT ',' || group_concat(s.place || ':' || r.run_id) || ',' FROM "
        + "\(places(value)) AS s JOIN run AS r ON \(named("s.term", "r.status = 'ok'")))"
    case .groupSets:
      return "(SELECT ',' || group_concat(s.place || ':' || r.group_id) || ',' FROM "
        + "\(places(value)) AS s JOIN run_group AS r ON r.status = 'ok' AND \(group("s.term")))"
    case .roles:
      return "(CASE \(value) WHEN '' THEN '\(RoleChoice.standard.bound)' "
        + "WHEN 'default' THEN '\(RoleChoice.standard.bound)' "
        + "WHEN 'all' THEN '\(RoleChoice.all.bound)' "
        + "ELSE ',' || replace(\(value), ' ', '') || ',' END)"
    case .roleSet:
      return "(CASE \(value) WHEN '' THEN '(default)' WHEN 'default' THEN '(default)' "
        + "WHEN 'all' THEN '(all)' ELSE \(value) END)"
    case .integer:
      let usual = parameter.defaultValue.flatMap { Int64($0) } ?? 1
      return "CAST(CASE \(value) WHEN '' THEN '\(usual)' ELSE \(value) END AS INTEGER)"
    case .text:
      guard let usual = parameter.defaultValue, !usual.isEmpty else { return value }
      return "(CASE \(value) WHEN '' THEN \(literal(usual)) ELSE \(value) END)"
    }
  }

  /// What a person is told beside the field.
  static func help(_ parameter: QueryParameter) -> String {
    switch parameter.kind {
    case .selection, .anySelection:
      "\(parameter.help) (numbers, runtime, runtime/workload, /workload, label:NAME, by commas; "
        + "empty: all)"
    case .groups: "\(parameter.help) (runtime, runtime/workload, /workload, by commas; empty: all)"
    case .selections, .groupSets:
      "\(parameter.help) (each as runtime, runtime/workload, …; empty: each runtime is one)"
    case .roles: "\(parameter.help) (default, all, or such as app,sandbox; empty: default)"
    case .roleSet: "\(parameter.help) (default, all, or one role; empty: default)"
    case .integer, .text:
      parameter.help + (parameter.defaultValue.map { " (empty: \($0))" } ?? "")
    }
  }

  /// The side of a comparison that a person has not filled in.
  private static func usual(_ parameter: QueryParameter, _ query: CannedQuery) -> String {
    guard Set(query.header.parameters.map(\.name)).isSuperset(of: ["a", "b"]) else { return "" }
    let side = parameter.name == "a" ? "min" : "max"
    return " AND r.runtime = (SELECT \(side)(runtime) FROM run WHERE status = 'ok')"
  }

  /// Whether a run is named by a list of terms. One named by its number is used whatever its status.
  private static func named(_ list: String, _ status: String) -> String {
    let terms = "',' || replace(\(list), ' ', '') || ','"
    func has(_ term: String) -> String { "instr(\(terms), ',' || \(term) || ',') > 0" }
    return "(\(has("r.run_id")) OR \(has("'run:' || r.run_id")) OR (\(status) AND ("
      + "\(has("r.runtime")) OR \(has("r.runtime || '/' || r.workload")) OR "
      + "\(has("'/' || r.workload")) OR \(has("'label:' || r.label")))))"
  }

  private static func group(_ list: String) -> String {
    let terms = "',' || replace(\(list), ' ', '') || ','"
    func has(_ term: String) -> String { "instr(\(terms), ',' || \(term) || ',') > 0" }
    return "(\(has("r.group_id")) OR \(has("r.runtime")) OR "
      + "\(has("r.runtime || '/' || r.workload")) OR \(has("'/' || r.workload")))"
  }

  /// Several selections, separated by blanks, with their places from 1; without any, each runtime.
  private static func places(_ value: String) -> String {
    "(SELECT j.key + 1 AS place, j.value AS term FROM json_each('[\"' || "
      + "replace(replace(replace(trim(\(value)), '\\', ''), '\"', ''), ' ', '\",\"') || '\"]') AS j "
      + "WHERE \(value) <> '' UNION ALL SELECT row_number() OVER (ORDER BY runtime), runtime FROM "
      + "(SELECT DISTINCT runtime FROM run WHERE status = 'ok') WHERE \(value) = '')"
  }

  private static func literal(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { result += "'" }
      result.unicodeScalars.append(scalar)
    }
    return result + "'"
  }
}
