import Testing

@testable import TraceStore

/// The grammar of selections. What they resolve to is tested where there is a warehouse.
@Suite struct SelectionTests {
  @Test(arguments: [
    ("runc", [[Selection.Term.runtime("runc")]]),
    ("/redis-server", [[.workload("redis-server")]]),
    ("runc/redis-server", [[.pair(runtime: "runc", workload: "redis-server")]]),
    ("run:12", [[.run("12")]]),
    ("run:0b5fE-1", [[.run("0b5fE-1")]]),
    ("label:base.1", [[.label("base.1")]]),
    ("kernel:6.1.0-25~deb12", [[.kernel("6.1.0-25~deb12")]]),
    ("tracer:function_graph", [[.tracer("function_graph")]]),
    ("*", [[.everything]]),
    ("run", [[.runtime("run")]]),
    (
      "runc+kernel:6.1,run:3+label:x+/y",
      [[.runtime("runc"), .kernel("6.1")], [.run("3"), .label("x"), .workload("y")]]
    ),
  ])
  func parses(_ text: String, _ expected: [[Selection.Term]]) throws {
    let selection = try Selection(text)
    #expect(selection.alternatives == expected)
    #expect(selection.text == text)
    #expect(selection.alternatives.map(Selection.text(of:)).joined(separator: ",") == text)
  }

  @Test(arguments: [
    ("", 1, "it is empty"),
    ("runc/", 6, "a workload is missing at its end"),
    ("/", 2, "a workload is missing at its end"),
    ("runc//x", 6, "expected a workload, found '/'"),
    ("runc,,x", 6, "expected a runtime, found ','"),
    ("runc+", 6, "a runtime is missing at its end"),
    ("runc x", 5, "expected ',' or '+', found ' '"),
    ("rünc", 2, "expected ',' or '+', found 'ü'"),
    ("'; DROP TABLE run;--", 1, "expected a runtime, found '''"),
    ("runc\n", 5, "expected ',' or '+', found '\n'"),
    ("run:xyz", 5, "'xyz' is neither a run's number nor the beginning of a UUID"),
    ("run:", 5, "a run's number or the beginning of its UUID is missing at its end"),
    ("runc,rum:3", 6, "there is no 'rum:'; use run:, label:, kernel: or tracer:"),
    ("*x", 2, "expected ',' or '+', found 'x'"),
  ])
  func refuses(_ text: String, _ position: Int, _ problem: String) {
    #expect(
      throws: SelectionError.syntax(selection: text, position: position, problem: problem)
    ) { try Selection(text) }
  }

  @Test func errorsAreOneLineThatSaysWhatToDo() {
    #expect(
      SelectionError.syntax(selection: "a b", position: 2, problem: "p").description
        == "selection 'a b', character 2: p; a selection is runtime, runtime/workload, /workload, "
        + "run:12, label:NAME, kernel:RELEASE or tracer:NAME, joined by ',' (or) and '+' (and)")
  }

  @Test(arguments: [
    ("6.1.0-25-amd64", "6.1", true), ("6.12.1", "6.1", false), ("6.1.0", "6.1.0", true),
    ("6.1.0+", "6.1.0", true), ("6.1", "6.1.0", false), ("6.10", "6.1", false),
  ])
  func releases(_ kernel: String, _ given: String, _ expected: Bool) {
    #expect(RunCatalogue.isRelease(kernel, given) == expected)
  }

  @Test func roles() throws {
    #expect(try RoleChoice("default").bound == ",app,sandbox,gofer,stub,kthread,other,")
    #expect(try RoleChoice("all").bound == ",app,shim,runtime,sandbox,gofer,stub,kthread,other,")
    #expect(try RoleChoice("sandbox,app").bound == ",app,sandbox,")
    #expect(try RoleChoice("runtime,default,shim") == .all)
    #expect(try RoleChoice("app,all") == .all)
    #expect(try RoleChoice("default").groupRole == "(default)")
    #expect(try RoleChoice("all").groupRole == "(all)")
    #expect(try RoleChoice("app").groupRole == "app")
    #expect(try RoleChoice("app,stub").groupRole == nil)
    #expect(throws: QueryError.role("", nearest: nil)) { try RoleChoice("app,") }
    #expect(throws: QueryError.role("(all)", nearest: "all")) {
      try RoleChoice("(all)") { _, _ in "all" }
    }
  }
}
