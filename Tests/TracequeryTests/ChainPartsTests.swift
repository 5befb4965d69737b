import Testing

@testable import tracequery

/// Where chains begin, what is certain of them, and the jumps that the function tracer hides.
@Suite struct ChainPartsTests {
  static func certainty(
    _ edges: [(String, String, Int64)], _ chain: [String], calls: [String: Int64] = [:],
    isLossy: Bool = false
  ) -> (ChainCertainty, CallGraph) {
    let graph = ChainSearchTests.graph(edges)
    return (
      ChainCertainty(
        of: chain.compactMap(graph.number), in: graph, calls: calls, isLossy: isLossy), graph
    )
  }

  @Test func certainOnlyWithoutAnotherWay() {
    let line: [(String, String, Int64)] = [("r", "a", 3), ("a", "b", 2), ("s", "b", 1)]
    // b's own callers do not matter: that a called it was observed.
    #expect(Self.certainty(line, ["r", "a", "b"]).0 == .certain)
    #expect(Self.certainty(line, ["r", "a", "b"], isLossy: true).0 == .lossy)
    #expect(Self.certainty(line, ["r", "a"], isLossy: true).0 == .certain)
    #expect(Self.certainty(line, ["r", "a", "b"], calls: ["a": 3]).0 == .certain)
    let (unknown, _) = Self.certainty(line, ["r", "a", "b"], calls: ["a": 8])
    #expect(unknown == .unknownCaller(function: 0, calls: 5))
    let (other, graph) = Self.certainty(line + [("s", "a", 1)], ["r", "a", "b"])
    #expect(other == .callers(function: 0, count: 2))
    #expect(
      other.text(graph, steps: 2)
        == "each step was observed, not that they followed one another: a has 2 callers")
    // A function that calls itself has two callers.
    let (itself, _) = Self.certainty(
      [("r", "a", 1), ("a", "a", 1), ("a", "b", 1)], ["r", "a", "b"])
    #expect(itself == .callers(function: 0, count: 2))
  }

  @Test func entries() {
    for name in [
      "do_syscall_64", "asm_exc_page_fault", "ret_from_fork", "syscall_trace_enter.constprop.0",
      "el0t_64_sync_handler",
    ] {
      #expect(KernelEntries.isEntry(name), "\(name)")
    }
    for name in ["vfs_read", "__schedule", "memcg_slab_post_alloc_hook", ""] {
      #expect(!KernelEntries.isEntry(name), "\(name)")
    }
    let graph = CallGraph(
      edges: [
        .init(caller: "do_syscall_64", callee: "__x64_sys_read", calls: 1),
        .init(caller: "odd", callee: "odd", calls: 1), .init(caller: "odd", callee: "x", calls: 1),
        .init(caller: "x", callee: "exc_page_fault", calls: 1),
      ], reached: ["alone"], syscalls: ["__x64_sys_read": "read"])
    let tiers = KernelEntries.tiers(graph).map { $0.map { graph.names[$0] } }
    // exc_page_fault has a caller here, so chains go on above it.
    #expect(tiers == [["__x64_sys_read", "do_syscall_64"], ["alone", "odd"]])
  }

  private func moved(
    _ edges: [(String, String, Int64)], _ syscalls: [String: String]
  ) -> [String] {
    let graph = CallGraph(
      edges: edges.map { .init(caller: $0.0, callee: $0.1, calls: $0.2) }, syscalls: syscalls)
    return graph.jumps.map { "\($0.caller) → \($0.callee)" }.sorted()
  }

  @Test func jumpsAreToldByName() {
    let entries = ["__x64_sys_read": "read", "__x64_sys_mmap": "mmap", "__x64_sys_mmap2": "mmap2"]
    let called: [(String, String, Int64)] = entries.keys.map { ("do_syscall_64", $0, 9) }
    func moved(_ callee: String, _ calls: Int64 = 9, by caller: String = "do_syscall_64")
      -> [String]
    {
      self.moved(called + [(caller, callee, calls)], entries)
    }
    #expect(moved("ksys_read") == ["__x64_sys_read → ksys_read"])
    #expect(moved("ksys_mmap_pgoff") == ["__x64_sys_mmap → ksys_mmap_pgoff"])
    #expect(moved("__do_sys_mmap2.constprop.0") == ["__x64_sys_mmap2 → __do_sys_mmap2.constprop.0"])
    // More often than the system call; by no dispatcher; of no observed system call; no such name.
    #expect(moved("ksys_read", 10).isEmpty)
    #expect(moved("ksys_read", by: "io_uring").isEmpty)
    #expect(moved("ksys_write").isEmpty)
    #expect(moved("vm_mmap_pgoff").isEmpty)
    #expect(moved("ksys_").isEmpty)
    #expect(moved("ksys_reading").isEmpty)
  }

  /// The moved call is below the system call, and no longer below the dispatcher.
  @Test func aJumpIsMoved() throws {
    let graph = CallGraph(
      edges: [
        .init(caller: "x64_sys_call", callee: "__x64_sys_read", calls: 4),
        .init(caller: "x64_sys_call", callee: "ksys_read", calls: 4),
      ], syscalls: ["__x64_sys_read": "read"])
    let (dispatcher, read, body) = (
      try #require(graph.number(of: "x64_sys_call")),
      try #require(graph.number(of: "__x64_sys_read")), try #require(graph.number(of: "ksys_read"))
    )
    #expect(graph.calls(from: read, to: body) == 4)
    #expect(graph.calls(from: dispatcher, to: body) == nil)
    #expect(graph.calls(from: dispatcher, to: read) == 4)
    #expect(graph.isJump(from: read, to: body))
    #expect(
      ChainCertainty(of: [read, body], in: graph, calls: [:], isLossy: false)
        == .jump(from: read, to: body))
  }

  @Test func theBodyOfASystemCall() {
    #expect(SyscallJumps.body("__do_sys_clone") == "clone")
    #expect(SyscallJumps.body("__se_sys_wait4.part.0") == "wait4")
    #expect(SyscallJumps.body("__do_sys_") == nil)
    #expect(SyscallJumps.body("do_sys_poll") == nil)
    let graph = CallGraph(
      edges: [.init(caller: "__do_sys_clone", callee: "kernel_clone", calls: 1)],
      reached: ["__x64_sys_clone"], syscalls: ["__x64_sys_clone": "clone"])
    #expect(
      graph.roots(["__x64_sys_clone"], of: "clone").map { graph.names[$0] } == [
        "__x64_sys_clone", "__do_sys_clone",
      ])
    #expect(graph.title(0) == "clone")
  }
}
