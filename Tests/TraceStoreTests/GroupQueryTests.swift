import Testing

@testable import TraceStore

/// NAME_groups gives the rows of NAME, for every canned query that has one: over several kernels,
/// with functions that share a canonical name, and with edges.
@Suite struct GroupQueryTests {
  /// Few groups, so that each has several runs.
  private func warehouse(_ seed: Int) throws -> Warehouse {
    var random = RandomRuns(seed: 900 + seed)
    let warehouse = try freshWarehouse()
    let writer = try RunWriter(warehouse)
    for number in 0..<30 {
      var contents = random.run("\(number)")
      contents.run.runtime = ["runc", "crun", "runsc"][number % 3]
      contents.run.workload = ["redis", "node"][number / 3 % 2]
      contents.run.kernelRelease = ["6.1.0", "6.12.1"][number / 6 % 2]
      contents.run.fromStart = false
      contents.run.status = number % 5 == 0 ? .lossy : .ok
      try writer.write(contents)
    }
    return warehouse
  }

  private static let selections = ["runc", "crun,runsc", "*", "runc/node", "crun+kernel:6.12"]
  private static let sets = [
    "runc crun", "*", "runc runc,crun", "crun+kernel:6.1 runsc runc/node", "runsc/redis crun",
  ]

  /// What each parameter is given, one after the other.
  private func values(_ query: CannedQuery) -> [[(name: String, value: String)]] {
    let names = query.header.parameters.map(\.name)
    var chosen: [[(name: String, value: String)]]
    if names.contains("sets") {
      chosen = Self.sets.map { [("sets", $0)] }
    } else if names.contains("b") {
      chosen = zip(Self.selections, Self.selections.dropFirst() + ["crun"]).map {
        [("a", $0), ("b", $1)]
      }
    } else {
      chosen = Self.selections.map { [("a", $0)] }
    }
    if names.contains("function") {
      chosen = chosen.flatMap { given in
        ["function_0", "split.isra.0"].map { given + [("function", $0)] }
      }
    }
    if names.contains("canonical") {
      chosen = chosen.flatMap { given in ["0", "1"].map { given + [("canonical", $0)] } }
    }
    return chosen
  }

  @Test(arguments: 0..<2)
  func groupsAnswerAsRunsDo(_ seed: Int) throws {
    let warehouse = try warehouse(seed)
    let connection = warehouse.connection
    let catalogue = try RunCatalogue(connection)
    let pairs = CannedQuery.all.compactMap { query in
      CannedQuery.named(query.name + "_groups").map { (query, $0) }
    }
    #expect(pairs.count > 15)
    for (query, groups) in pairs {
      var rows = 0
      for (roles, atLeast) in [("default", Int64(1)), ("all", 0), ("app", 3)] {
        var options = QuestionOptions()
        options.roles = try RoleChoice(roles)
        options.atLeast = atLeast
        options.status = .any
        for given in values(query) {
          var binder = QueryBinder(catalogue: catalogue, options: options)
          let expected = try binder.bind(query, given).rows(on: connection)
          let answer = try binder.bind(groups, given).rows(on: connection)
          rows += expected.count
          #expect(answer == expected, "\(query.name) \(given) \(roles) \(atLeast)")
        }
      }
      #expect(rows > 0, "\(query.name)")
    }
  }

  /// Runs that reached two functions of one name count once: what adding up would get wrong is there.
  @Test(arguments: 0..<2)
  func namesAreSharedWithinRuns(_ seed: Int) throws {
    let connection = try warehouse(seed).connection
    for (table, name) in [
      ("run_function", "f.canonical"), ("edge", "f.canonical || ' ' || t.canonical"),
    ] {
      let isEdge = table == "edge"
      let joins =
        isEdge
        ? "JOIN function AS f ON f.function_id = x.caller_id "
          + "JOIN function AS t ON t.function_id = x.callee_id"
        : "JOIN function AS f USING (function_id)"
      let key = isEdge ? "x.caller_id || ' ' || x.callee_id" : "x.function_id"
      let shared = try connection.query(
        """
        SELECT 1 FROM \(table) AS x \(joins)
        GROUP BY x.run_id, \(name) HAVING count(DISTINCT \(key)) > 1
        """)
      #expect(!shared.isEmpty, "\(table)")
    }
  }
}
