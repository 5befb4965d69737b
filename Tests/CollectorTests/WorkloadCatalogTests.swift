import Foundation
import Testing

@testable import Collector

@Suite struct WorkloadCatalogTests {
  static let text = "port: 80\nload: {default: {kind: redis, steps: [{command: [PING]}]}}\n"
  static let bundled = Program.repository.appending(path: "docker_containers").path

  private func add(_ scratch: Scratch, _ path: String, _ text: String = text) throws {
    let url = URL(filePath: "\(scratch.path)/\(path)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test(arguments: ["redis-server", "python_tornado", "node_auth"])
  func bundledOnes(_ name: String) throws {
    let workload = try WorkloadCatalog(listing: Self.bundled).workload(name)
    #expect(workload.image == "kernel-footprint/\(name)")
    let load = try #require(workload.defaultLoad)
    #expect(load.fromStart)
    #expect(load.requests == 300)
    #expect(load.interval == 0.03)
    #expect(load.pause == 0.02)
    #expect(load.reconnect == 100)
    #expect(load.concurrency == 1)
    #expect(load.warmup == 0)
    #expect(workload.loadNames == ["default", "heavy", "original", "steady"])
    let steady = try #require(workload.loads["steady"])
    #expect(steady.kind == load.kind)
    #expect(!steady.fromStart)
    #expect(steady.requests == 1_000)
    #expect(steady.reconnect == 200)
    #expect(steady.warmup == 1_000)
    let original = try #require(workload.loads["original"])
    #expect(original.kind == load.kind)
    #expect(!original.fromStart)
    #expect(original.requests == 30)
    #expect(original.interval == 0.1)
    #expect(original.concurrency == 1)
    #expect(original.warmup == 0)
    #expect(original.pause == 0)
    #expect(original.reconnect == 0)
    #expect(original.drain == 0)
  }

  @Test func unknownName() throws {
    let catalog = try WorkloadCatalog(listing: Self.bundled)
    #expect(
      message { _ = try catalog.workload("redis-sevrer") }
        == "there is no workload 'redis-sevrer' in \(Self.bundled); did you mean 'redis-server'? "
        + "there are node_auth, python_tornado, redis-server")
    #expect(message { _ = try catalog.workload("../x") }?.contains("there is no workload") == true)
  }

  @Test func searchOrder() throws {
    let scratch = try Scratch()
    try add(scratch, "option/a/workload.yaml")
    try add(scratch, "variable/b/workload.yaml")
    try add(scratch, "here/docker_containers/c/workload.yaml")
    try add(scratch, "p/share/kernel-footprint/docker_containers/d/workload.yaml")
    try add(scratch, "q/docker_containers/e/workload.yaml")
    try add(scratch, "option/no-file/Dockerfile")
    func names(
      _ option: String?, _ variable: String?, _ current: String, _ executable: String?
    ) throws -> [String] {
      try WorkloadCatalog(
        option: option.map { "\(scratch.path)/\($0)" },
        variable: variable.map { "\(scratch.path)/\($0)" }, current: "\(scratch.path)/\(current)",
        executable: executable.map { "\(scratch.path)/\($0)" }
      ).names
    }
    #expect(try names("option", "variable", "here", "p/bin/collector") == ["a"])
    #expect(try names(nil, "variable", "here", "p/bin/collector") == ["b"])
    #expect(try names(nil, nil, "here", "p/bin/collector") == ["c"])
    #expect(try names(nil, nil, "p", "p/bin/collector") == ["d"])
    #expect(try names(nil, nil, "p", "q/.build/x86_64/debug/collector") == ["e"])
    #expect(
      message { _ = try names("nothing", nil, "here", nil) }
        == "--workloads-dir: '\(scratch.path)/nothing' is no folder; name one that holds workloads")
    #expect(
      message { _ = try names(nil, "nothing", "here", nil) }
        == "KERNEL_FOOTPRINT_WORKLOADS: '\(scratch.path)/nothing' is no folder; name one that "
        + "holds workloads")
    #expect(
      message { _ = try names(nil, nil, "p", "r/bin/collector") }
        == "there are no workloads in \(scratch.path)/p/docker_containers, "
        + "\(scratch.path)/r/share/kernel-footprint/docker_containers; name their folder with "
        + "--workloads-dir")
  }

  @Test(arguments: [
    (
      "table",
      "workload  image               port  readiness  settle_s  loads    summary\na         kernel-footprint/a    80  tcp              10  default\n"
    ),
    (
      "csv",
      "workload,image,port,readiness,settle_s,loads,summary\r\na,kernel-footprint/a,80,tcp,10.0,default,\"\"\r\n"
    ),
    (
      "tsv",
      "workload\timage\tport\treadiness\tsettle_s\tloads\tsummary\na\tkernel-footprint/a\t80\ttcp\t10.0\tdefault\t\n"
    ),
    (
      "json",
      "[\n{\"workload\":\"a\",\"image\":\"kernel-footprint/a\",\"port\":80,\"readiness\":\"tcp\",\"settle_s\":10.0,\"loads\":\"default\",\"summary\":\"\"}\n]\n"
    ),
    (
      "ndjson",
      "{\"workload\":\"a\",\"image\":\"kernel-footprint/a\",\"port\":80,\"readiness\":\"tcp\",\"settle_s\":10.0,\"loads\":\"default\",\"summary\":\"\"}\n"
    ),
    (
      "markdown",
      "| workload | image | port | readiness | settle\\_s | loads | summary |\n| --- | --- | ---: | --- | ---: | --- | --- |\n| a | kernel-footprint/a | 80 | tcp | 10.0 | default |  |\n"
    ),
  ]) func formats(_ format: String, _ expected: String) throws {
    let scratch = try Scratch()
    try add(scratch, "box/a/workload.yaml")
    let run = try Program.run(
      "collector",
      ["list", "workloads", "--workloads-dir", "\(scratch.path)/box", "--format", format])
    #expect(run.output == expected)
    #expect(run.errors == "")
    #expect(run.status == 0)
  }

  @Test func badOnesDoNotHideTheOthers() throws {
    let scratch = try Scratch()
    try add(scratch, "box/a/workload.yaml")
    try add(scratch, "box/b/workload.yaml", "port: 80\n")
    let box = "\(scratch.path)/box"
    let run = try Program.run(
      "collector", ["list", "workloads", "--workloads-dir", box, "--format", "table"])
    #expect(run.output.contains("kernel-footprint/a"))
    #expect(
      run.errors
        == "collector: \(box)/b/workload.yaml:1:1: load: is missing; docs/workloads.md shows how "
        + "to write it\n")
    #expect(run.status == 2)
  }

  @Test func noneAndNoFolder() throws {
    let scratch = try Scratch()
    try add(scratch, "empty/file")
    let none = try Program.run(
      "collector", ["list", "workloads", "--workloads-dir", "\(scratch.path)/empty"])
    #expect(none.errors == "collector: there are no workloads in \(scratch.path)/empty\n")
    #expect(none.status == 1)
    let missing = try Program.run(
      "collector", ["list", "workloads", "--workloads-dir", "/nothing/x"])
    #expect(
      missing.errors
        == "collector: --workloads-dir: '/nothing/x' is no folder; name one that holds workloads\n")
    #expect(missing.status == 2)
  }

  @Test func runtimeRows() {
    let rows = RuntimeList.rows([
      RuntimeEntry(name: "runc", path: "/usr/bin/runc", version: "1.1"),
      RuntimeEntry(name: "native"),
    ])
    #expect(rows == [["runc", "1.1", "/usr/bin/runc"], ["native", .null, .null]])
  }
}
