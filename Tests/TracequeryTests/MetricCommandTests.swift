import Testing
import TraceStore

@testable import tracequery

/// `metric` as a process, of ``SampleWarehouse`` with values for functions of its kernel 6.1:
/// complexity of read 2, vfs_read 10, schedule 30, and of veth_xmit, which only runc reached, 7.
/// fuse_read.isra.0 gets 5 by its canonical name. Nothing is known of the newer kernel.
@Suite struct MetricCommandTests {
  let sample: SampleWarehouse

  init() throws {
    sample = try SampleWarehouse()
    let warehouse = try Warehouse.openForWriting(sample.path)
    let table = try MetricTable(
      Array(
        """
        function,complexity
        __x64_sys_read,2
        vfs_read,10
        schedule,30
        veth_xmit,7
        fuse_read,5
        not_there,99

        """.utf8), from: "c.csv")
    _ = try MetricImport(warehouse).write(table, kernel: SampleWarehouse.oldKernel)
    warehouse.checkpoint()
  }

  private func run(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(["metric"] + arguments + ["--db", sample.path])
  }

  private func rows(_ arguments: [String]) throws -> [String] {
    let result = try run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "-" : String($0) }.joined(separator: " ")
    }
  }

  /// runc: read 2, vfs_read 10, schedule 30, veth_xmit 7 are known, write and vfs_write are not.
  /// runsc: read, vfs_read, schedule, fuse_read.isra.0. crun runs on a kernel without values.
  @Test func sums() throws {
    let old = SampleWarehouse.oldKernel
    #expect(
      try rows(["runc,runsc,crun", "complexity"]) == [
        "crun redis-server 2 6.12.1 function 1 4 0 1.0 - -",
        "runc redis-server 1 \(old) function 2 6 4 \(2.0 / 6) 49.0 12.25",
        "runsc redis-server 1 \(old) function 2 4 4 0.0 47.0 11.75",
      ])
    // In both runs: read, schedule, vfs_read.
    #expect(
      try rows(["runc", "complexity", "--in", "all"]) == [
        "runc redis-server 1 \(old) function 2 3 3 0.0 42.0 14.0"
      ])
    // The shim of run 1 reached schedule and shim_only; run 2 has none.
    #expect(
      try rows(["runc", "complexity", "--role", "shim"]) == [
        "runc redis-server 1 \(old) function 2 2 1 0.5 30.0 30.0"
      ])
    #expect(
      try rows(["runc", "complexity", "--role", "gofer"]) == [
        "runc redis-server 1 \(old) function 2 0 0 - - -"
      ])
  }

  @Test func categories() throws {
    let runc = "runc redis-server 1 \(SampleWarehouse.oldKernel) function"
    #expect(
      try rows(["runc", "module"]) == [
        "\(runc) - 5 \(5.0 / 6) 73", "\(runc) veth 1 \(1.0 / 6) 3",
      ])
    #expect(
      try rows(["runc", "syscall"]) == [
        "\(runc) - 4 \(4.0 / 6) 45", "\(runc) read 1 \(1.0 / 6) 30", "\(runc) write 1 \(1.0 / 6) 1",
      ])
  }

  @Test func functionsOfOneAndNotOfAnother() throws {
    #expect(
      try rows(["runc", "complexity", "--functions"]) == [
        "schedule - - 30.0 2 2 11", "vfs_read - - 10.0 2 2 30", "veth_xmit veth - 7.0 1 2 3",
        "__x64_sys_read - read 2.0 2 2 30",
      ])
    let only = try run(["runc", "complexity", "--functions", "--not", "runsc"])
    #expect(
      only.output == """
        function\tmodule\tsyscall\tmetric_value\truns\tof_runs\tcalls
        veth_xmit\tveth\t\t7.0\t1\t2\t3

        """)
    #expect(
      only.errors.contains(
        "1 function of 'runc' with a value of complexity, not reached by 'runsc'; sum 7\n"))
    let canned = try ProgramProcess.run([
      "run", "metric_functions", "--param", "a=runc", "--param", "b=runsc", "--param",
      "name=complexity", "--db", sample.path,
    ])
    #expect(canned.output == only.output)
    // runc reached all that runsc did in its run 5.
    let none = try run(["run:5", "complexity", "--functions", "--not", "runc"])
    #expect(none.status == 1)
    #expect(
      none.errors.hasSuffix(
        "tracequery: nothing found: 'run:5' reached no function with a value of 'complexity' that "
          + "'runc' did not\n"))
    let across = try run(["runc", "complexity", "--functions", "--not", "crun"])
    #expect(across.status == 2)
    #expect(across.errors.contains("cannot be compared: kernel is"))
    // The functions of one selection are listed whatever its runs' conditions, and that is said.
    let together = "runs of several conditions are taken together: kernel is"
    #expect(
      try run(["runc,crun", "complexity", "--functions"]).errors.contains(together))
    #expect(try !run(["runc", "complexity", "--functions"]).errors.contains(together))
    #expect(try !run(["runc,crun", "complexity"]).errors.contains(together))
  }

  @Test func list() throws {
    // Kernel 6.1: what the runs reached: read, vfs_read, schedule, veth_xmit, shim_only, write,
    // vfs_write, compat_read, fuse_read.isra.0; three are entries, two in modules.
    let kernel = "\(SampleWarehouse.oldKernel) x86_64"
    #expect(
      try rows(["run:1"]) == [
        "module built in \(kernel) 2 9 - -", "syscall built in \(kernel) 3 9 - -",
        "text_bytes built in \(kernel) 0 9 - -", "complexity imported \(kernel) 5 9 2.0 30.0",
      ])
  }

  @Test func wrongUse() throws {
    let wrong = try run(["runc", "complexitty"])
    #expect(wrong.status == 1)
    #expect(
      wrong.errors.hasSuffix(
        "tracequery: there is no metric 'complexitty' (did you mean 'complexity'?); there is "
          + "complexity, module, syscall, text_bytes; 'collector metric import' adds others\n"))
    for arguments in [
      ["runc", "--functions"], ["runc", "complexity", "--not", "runsc"],
      ["runc", "module", "--functions"],
    ] {
      #expect(try run(arguments).status == 2)
    }
  }
}
