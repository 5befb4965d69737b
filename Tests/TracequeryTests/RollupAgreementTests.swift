import Foundation
import Testing
import TraceStore

/// The answers from the roll-up of whole groups are those from the runs.
@Suite struct RollupAgreementTests {
  /// A generator whose numbers repeat (SplitMix64), so that a failure can be seen again.
  struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  /// Runs of three runtimes with random tasks, roles and calls, under one condition.
  static func warehouse(_ seed: UInt64, in folder: String) throws -> Warehouse {
    var numbers = Numbers(state: seed)
    let warehouse = try Warehouse.openForWriting(folder + "/\(seed).db")
    let writer = try RunWriter(warehouse)
    for runtime in ["runc", "crun", "runsc"] {
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let tasks = (1...Int.random(in: 1...5, using: &numbers)).map { pid in
          var calls: [String: Int64] = [:]
          for _ in 0..<Int.random(in: 0...12, using: &numbers) {
            calls["f\(Int.random(in: 0..<20, using: &numbers))"] =
              Int64.random(in: 1...1000, using: &numbers)
          }
          return SampleWarehouse.Task(
            pid: Int32(pid), role: Role.allCases.randomElement(using: &numbers) ?? .app, comm: nil,
            calls: calls.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
        let status: RunStatus = Int.random(in: 0..<5, using: &numbers) == 0 ? .lossy : .ok
        _ = try writer.write(
          SampleWarehouse.run(
            runtime, workload: Bool.random(using: &numbers) ? "redis" : "node", status: status,
            lost: status == .ok ? 0 : 1, tasks))
      }
    }
    return warehouse
  }

  @Test(arguments: 1...4)
  func groupsAnswerAsRunsDo(_ seed: Int) throws {
    let folder = NSTemporaryDirectory() + "tracequery-rollup-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let warehouse = try Self.warehouse(UInt64(seed), in: folder)
    let catalogue = try RunCatalogue(warehouse.connection)
    let names = ["runc", "crun", "runsc", "runc,crun"]
    for roles in ["default", "all", "app", "shim"] {
      for atLeast in [Int64(0), 1, 2] {
        var options = QuestionOptions()
        options.roles = try RoleChoice(roles)
        options.atLeast = atLeast
        options.status = .any
        func rows(_ query: String, _ parameters: [(name: String, value: String)]) throws -> [Row] {
          var binder = QueryBinder(catalogue: catalogue, options: options)
          let canned = try #require(CannedQuery.named(query))
          return try binder.bind(canned, parameters).rows(on: warehouse.connection)
        }
        func compare(_ query: String, _ parameters: [(name: String, value: String)]) throws {
          #expect(
            try rows(query, parameters) == rows(query + "_groups", parameters),
            "\(query) \(parameters) \(roles) \(atLeast)")
        }
        for a in names {
          try compare("functions", [("a", a)])
          try compare("top", [("a", a), ("limit", "5")])
          for b in ["runsc", "runc,crun"] {
            try compare("diff", [("a", a), ("b", b)])
            try compare("diff_counts", [("a", a), ("b", b)])
            let sides = [(name: "a", value: a), (name: "b", value: b)]
            let sized = try rows("diff_sized_groups", sides)
            let counts = try rows("diff_counts", sides)[0].values
            #expect(!sized.isEmpty)
            for row in sized { #expect(Array(row.values.prefix(3)) == counts) }
            #expect(
              try sized.filter { $0["side"] != .null }.map { Array($0.values.dropFirst(3)) }
                == rows("diff", sides).map(\.values))
            try compare("diff_stable", [("a", a), ("b", b)])
            try compare("common", [("sets", "\(a) \(b)")])
            try compare("only", [("sets", "\(a) \(b)")])
          }
        }
      }
    }
  }

  /// What a query that is run by its name answers, it answers from the roll-up where that can.
  @Test func queriesByNameTakeTheCheapestWay() throws {
    let sample = try SampleWarehouse()
    let connection = try Warehouse.openForReading(sample.path).connection
    let catalogue = try RunCatalogue(connection)
    func bound(_ name: String, _ values: [(name: String, value: String)]) throws -> BoundQuery {
      var binder = QueryBinder(catalogue: catalogue, options: QuestionOptions())
      let query = try #require(CannedQuery.named(name))
      let bound = try binder.bindCheapest(query, values)
      #expect(try bound.rows(on: connection) == binder.bind(query, values).rows(on: connection))
      return bound
    }
    #expect(try bound("functions", [("a", "runc")]).query.name == "functions_groups")
    #expect(
      try bound("functions", [("a", "runc"), ("roles", "all")]).query.name == "functions_groups")
    #expect(
      try bound("functions", [("a", "runc"), ("roles", "app,stub")]).query.name == "functions")
    #expect(try bound("functions", [("a", "run:1")]).query.name == "functions")
    #expect(try bound("common", [("sets", "runc runsc")]).query.name == "common_groups")
    #expect(try bound("syscalls", [("a", "runc")]).query.name == "syscalls")
    #expect(try bound("edges", [("a", "runc")]).query.name == "edges_groups")
    #expect(try bound("edges", [("a", "run:1")]).query.name == "edges")
    let sides = [(name: "a", value: "runc"), (name: "b", value: "crun")]
    #expect(try bound("diff_across", sides).query.name == "diff_across_groups")
    #expect(throws: QueryError.self) { try bound("functions", [("a", "runc"), ("role", "app")]) }
    #expect(throws: SelectionError.self) { try bound("functions", [("a", "rnc")]) }
    // A query of the user's own is run as it is, also under a built-in's name.
    let own = CannedQuery(name: "functions", sql: "SELECT :a AS runs")
    var binder = QueryBinder(catalogue: catalogue, options: QuestionOptions())
    #expect(try binder.bindCheapest(own, []).query == own)
  }

  /// Which of both answers is used.
  @Test func groupsAreUsedForWholeGroupsOnly() throws {
    let sample = try SampleWarehouse()
    let catalogue = try RunCatalogue(Warehouse.openForReading(sample.path).connection)
    func query(_ selection: String, _ roles: String = "default", lossy: Bool = false) throws
      -> String
    {
      var options = QuestionOptions()
      options.roles = try RoleChoice(roles)
      options.status = lossy ? .any : .complete
      let resolved = try catalogue.resolve(Selection(selection), status: options.status)
      return try Questions(options).functions(resolved).query.name
    }
    #expect(try query("runc") == "functions_groups")
    #expect(try query("runc,runsc") == "functions_groups")
    #expect(try query("runc", "all") == "functions_groups")
    #expect(try query("runc", "app") == "functions_groups")
    #expect(try query("runc", lossy: true) == "functions_groups")
    #expect(try query("run:1,run:2") == "functions_groups")
    #expect(try query("runc", "app,stub") == "functions")
    #expect(try query("runc+label:base") == "functions")
    #expect(try query("run:1") == "functions")
    #expect(try query("run:6") == "functions_groups")
  }

  /// The same for comparisons across conditions, calls between functions and system calls.
  @Test(arguments: [("runc", "_groups"), ("run:1", "")])
  func everyQuestionTakesTheCheapestWay(_ selection: String, _ suffix: String) throws {
    let sample = try SampleWarehouse()
    let catalogue = try RunCatalogue(Warehouse.openForReading(sample.path).connection)
    var options = QuestionOptions()
    func resolved(_ text: String) throws -> ResolvedSelection {
      try catalogue.resolve(Selection(text), status: options.status)
    }
    let (a, crun) = (try resolved(selection), try resolved("crun"))
    #expect(try Questions(options).edges(a).query.name == "edges" + suffix)
    #expect(try Questions(options).callers(a, of: "vfs_read").query.name == "callers" + suffix)
    #expect(try Questions(options).callees(a, of: "vfs_read").query.name == "callees" + suffix)
    #expect(
      try Questions(options).functionCallers(a, limit: 3).query.name == "function_callers" + suffix)
    #expect(try Questions.seccompCalls(a, options).query.name == "seccomp_calls" + suffix)
    options.isAcross = true
    let questions = Questions(options)
    #expect(try questions.edges(a).query.name == "edges_across" + suffix)
    #expect(try questions.common([a, crun]).query.name == "common_across" + suffix)
    #expect(try questions.only([a, crun]).query.name == "only_across" + suffix)
    #expect(try questions.stableDifference(a, crun).query.name == "diff_stable_across" + suffix)
    guard case .twofold(let counts, let rows) = try questions.diff(a, crun) else {
      Issue.record("across conditions a diff is two queries")
      return
    }
    #expect(counts.query.name == "diff_counts_across" + suffix)
    #expect(rows.query.name == "diff_across" + suffix)
  }
}
