import Foundation
import Glibc
import Testing
import TraceStore

@testable import tracequery

/// Exports that were interrupted, and two at a time.
@Suite struct SparkResumeTests {
  /// A file where a table's folder should be stops an export in the middle.
  private func interrupted() throws -> (SparkStand, path: String) {
    let stand = try SparkStand()
    let path = try stand.warehouse("w.db", tasks: 2, runs: 4)
    try FileManager.default.createDirectory(
      atPath: stand.target + "/tables", withIntermediateDirectories: true)
    let obstacle = stand.target + "/tables/run_function"
    try "in the way".write(toFile: obstacle, atomically: true, encoding: .utf8)
    let result = try stand.export(path, "--shards", "4")
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains("cannot make folder \(obstacle): Not a directory"))
    #expect(!FileManager.default.fileExists(atPath: stand.target + "/manifests/x.json"))
    #expect(try stand.files().keys.allSatisfy { !$0.hasSuffix(".json") })
    #expect(try stand.shards().keys.filter { $0.hasPrefix("tables/call/") }.count == 4)
    try FileManager.default.removeItem(atPath: obstacle)
    return (stand, path)
  }

  @Test func goesOnWhereItWas() throws {
    let (stand, path) = try interrupted()
    let before = try stand.shards()
    let result = try stand.export(path, "--shards", "4")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("call: 8000 rows in 4 shards, 4 of them there already\n"))
    #expect(result.errors.contains("run_function: 4000 rows in 4 shards\n"))
    try stand.compare(path)
    let after = try stand.shards()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(try stand.files().keys.allSatisfy { !$0.hasSuffix(".progress") })
  }

  /// Shards that are not what was written any more are written again; so is one whose line in the list
  /// is cut.
  @Test func whatIsThereIsVerified() throws {
    let (stand, path) = try interrupted()
    let calls = try stand.shards().keys.filter { $0.hasPrefix("tables/call/") }.sorted()
    let damaged = "\(stand.target)/\(calls[1])"
    var data = try Data(contentsOf: URL(fileURLWithPath: damaged))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: damaged))
    try FileManager.default.removeItem(atPath: "\(stand.target)/\(calls[2])")
    let list = try #require(try stand.files().keys.first { $0.hasSuffix(".progress") })
    let text = try String(contentsOfFile: "\(stand.target)/\(list)", encoding: .utf8)
    try String(text.dropLast(3)).write(
      toFile: "\(stand.target)/\(list)", atomically: true, encoding: .utf8)
    let result = try stand.export(path, "--shards", "4")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("call: 8000 rows in 4 shards, 2 of them there already\n"))
    try stand.compare(path)
  }

  /// A warehouse that changed meanwhile, or other choices: nothing of before is taken over.
  @Test(arguments: ["label", "--shards", "--compression"])
  func startsAnewWhenItMust(_ change: String) throws {
    let (stand, path) = try interrupted()
    var options = ["--shards", "4"]
    switch change {
    case "--shards": options = ["--shards", "3"]
    case "--compression": options += ["--compression", "gzip"]
    default:
      try Connection(path: path, mode: .readWrite).execute("UPDATE run SET label = 'x'")
    }
    let result = try ProgramProcess.run(
      ["export", "spark", stand.target, "--db", path] + options)
    #expect(result.status == 0, "\(result.errors)")
    #expect(!result.errors.contains("there already"))
    try stand.compare(path)
  }

  /// Signals as users and systems send them, at moments that nobody chose.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL]) func stoppedBySignal(_ number: Int32) throws {
    let stand = try SparkStand()
    let path = try stand.warehouse("w.db", tasks: 20, runs: 12)
    // Another process watches: the threads of tests are busy, and block signals for their children.
    let watch = """
      import glob, os, signal, subprocess, sys
      program, target, path, number = sys.argv[1:]
      signal.signal(signal.SIGINT, signal.SIG_DFL)
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      child = subprocess.Popen(
          [program, "export", "spark", target, "--db", path, "--shards", "12"],
          stderr=subprocess.DEVNULL)
      while child.poll() is None and len(glob.glob(target + "/tables/call/*/*.zst")) < 3:
          pass
      child.send_signal(int(number))
      print(child.wait())
      """
    let watched = try ProgramProcess.run(
      "/usr/bin/env",
      ["python3", "-c", watch, ProgramProcess.path, stand.target, path, String(number)],
      environment: ["PATH": "/usr/bin:/bin"])
    try #require(watched.output == "-\(number)\n", "\(watched): ended before the signal?")
    #expect(try stand.files().keys.allSatisfy { !$0.hasSuffix(".json") })
    let unfinished = try stand.files().keys.filter { $0.contains(ShardFile.unfinishedPrefix) }
    #expect(number == SIGKILL || unfinished == [])
    // A finished shard is whole, whenever the signal came.
    for name in try stand.shards().keys where name.hasSuffix(".zst") {
      let test = try ProgramProcess.run(
        "/usr/bin/env", ["zstd", "-tq", "\(stand.target)/\(name)"],
        environment: ["PATH": "/usr/bin:/bin"])
      #expect(test.status == 0, "\(test.errors)")
    }
    let result = try stand.export(path, "--shards", "12")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("call: 240000 rows in 12 shards, "))
    try stand.compare(path)
    let left = try stand.files().keys.filter { $0.contains(ShardFile.unfinishedPrefix) }
    #expect(left == [])
  }

  /// Two of one warehouse would take each other's shards away.
  @Test func oneAtATime() throws {
    let (stand, sample) = (try SparkStand(), try SampleWarehouse())
    #expect(try stand.export(sample.path).status == 0)
    let before = try stand.files()
    let name = try SparkStand.firstRun(sample.path)
    let place = SparkPlace(target: stand.target, warehouse: name)
    let lock = try place.lock()
    let refused = try stand.export(sample.path)
    #expect(refused.status == 3)
    #expect(refused.errors.contains("another export of warehouse \(name) is at work"))
    #expect(refused.errors.split(separator: "\n").count == 1)
    #expect(try stand.files() == before)
    close(lock)
    #expect(try stand.export(sample.path).status == 0)
  }

  /// A manifest that is none is not taken for an export without runs.
  @Test func damagedManifest() throws {
    let (stand, sample) = (try SparkStand(), try SampleWarehouse())
    #expect(try stand.export(sample.path).status == 0)
    let path = "\(stand.target)/manifests/\(try SparkStand.firstRun(sample.path)).json"
    let example = try ExampleWarehouse()
    for text in ["", "{", "[]", "{\"runs\": 1}", "{\"runs\": []}"] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let refused = try stand.export(sample.path)
      #expect(refused.status == 4, "\(refused.errors)")
      #expect(refused.errors.contains("this is no manifest of an export; --force replaces it"))
      // Others are not disturbed by it.
      #expect(try stand.export(example.path).status == 0)
    }
    #expect(try stand.export(sample.path, "--force").status == 0)
    try stand.compare(sample.path)
  }
}
