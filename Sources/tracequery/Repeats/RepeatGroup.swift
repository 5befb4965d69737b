import TraceStore

/// The runs of a selection that repeat one another: of one runtime, workload and condition.
struct RepeatGroup: Sendable, Hashable {
  let runtime: String
  let workload: String
  let condition: RunCatalogue.Condition
  /// Not empty, by their number.
  let runIDs: [Int64]

  /// `runc/redis-server`.
  var name: String { "\(runtime)/\(workload)" }

  /// By workload, runtime and condition, as `summary` lists them.
  static func groups(_ selection: ResolvedSelection) -> [RepeatGroup] {
    struct Key: Hashable {
      let workload: String
      let runtime: String
      let condition: RunCatalogue.Condition
    }
    var runs: [Key: [Int64]] = [:]
    for run in selection.runs {
      let key = Key(workload: run.workload, runtime: run.runtime, condition: run.condition)
      runs[key, default: []].append(run.id)
    }
    return runs.map { key, ids in
      RepeatGroup(
        runtime: key.runtime, workload: key.workload, condition: key.condition,
        runIDs: ids.sorted())
    }.sorted {
      ($0.workload, $0.runtime, $0.condition.id) < ($1.workload, $1.runtime, $1.condition.id)
    }
  }
}

/// Roles whose functions are looked at together.
struct RoleSlice: Sendable, Hashable {
  /// As the user wrote it: `default`, `app,sandbox`.
  let name: String
  let roles: RoleChoice

  /// The roles of a question as one slice, or each of them as one of its own.
  static func slices(_ name: String, _ roles: RoleChoice, isByRole: Bool) -> [RoleSlice] {
    guard isByRole else { return [RoleSlice(name: name, roles: roles)] }
    return Role.allCases.filter(roles.roles.contains).map {
      RoleSlice(name: $0.rawValue, roles: RoleChoice([$0]))
    }
  }

  /// A question's options with these roles.
  func options(_ options: QuestionOptions) -> QuestionOptions {
    var options = options
    options.roles = roles
    return options
  }
}
