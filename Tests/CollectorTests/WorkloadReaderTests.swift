import Testing

@testable import Collector

/// The message of what a block throws; nil when it throws nothing.
func message(_ block: () throws -> Void) -> String? {
  do {
    try block()
    return nil
  } catch {
    return "\(error)"
  }
}

@Suite struct WorkloadReaderTests {
  static let load = "load: {default: {kind: redis, steps: [{command: [PING]}]}}\n"
  private static let file = "box/w-1/workload.yaml"

  private func read(_ text: String) throws -> Workload {
    try WorkloadReader.workload(
      YAMLFile.parse(Array(text.utf8), file: Self.file), file: Self.file, folder: "box/w-1")
  }

  @Test func leastFile() throws {
    let workload = try read("port: 80\n" + Self.load)
    #expect(workload.name == "w-1")
    #expect(workload.image == "kernel-footprint/w-1")
    #expect(workload.build == Workload.Build(context: "box/w-1"))
    #expect(workload.port == 80)
    #expect(workload.readiness == Readiness(kind: .tcp, timeout: 180))
    #expect(workload.settle == 10)
    let load = try #require(workload.defaultLoad)
    #expect(load.kind == .redis([RedisStep(command: ["PING"])]))
    #expect(load.fromStart)
    #expect(load.requests == 300)
    #expect(load.interval == 0.03)
    #expect(load.pause == 0.02)
    #expect(load.reconnect == 100)
    #expect(load.concurrency == 1)
    #expect(load.warmup == 0)
    #expect(load.drain == 2)
    #expect(load.duration == nil)
    #expect(workload.loadNames == ["default"])
  }

  /// What the name of a load says.
  @Test func steadyLoad() throws {
    let steps = "{kind: redis, steps: [{command: [PING]}]}"
    let workload = try read("port: 80\nload: {default: \(steps), steady: \(steps)}\n")
    let load = try #require(workload.loads["steady"])
    #expect(!load.fromStart)
    #expect(load.requests == 1_000)
    #expect(load.interval == 0.03)
    #expect(load.pause == 0.02)
    #expect(load.reconnect == 200)
    #expect(load.concurrency == 1)
    #expect(load.warmup == 1_000)
    #expect(load.drain == 2)
    #expect(load.duration == nil)
  }

  @Test(arguments: [("default", true), ("steady", false), ("mine", false)])
  func fromStart(_ name: String, _ standard: Bool) throws {
    func load(_ key: String) throws -> LoadProfile? {
      let steps = "kind: redis, steps: [{command: [PING]}]"
      let others = name == "default" ? "" : ", default: {\(steps)}"
      return try read("port: 80\nload: {\(name): {\(steps)\(key)}\(others)}\n").loads[name]
    }
    #expect(try load("")?.fromStart == standard)
    #expect(try load(", from_start: true")?.fromStart == true)
    #expect(try load(", from_start: true, warmup: 0")?.warmup == 0)
    #expect(try load(", from_start: false")?.fromStart == false)
  }

  @Test func everyKey() throws {
    let workload = try read(
      """
      name: w-1
      summary: all of it
      image: registry:5000/a/b:1.2-RC
      build: {context: ./app, args: {B: "2", A: 1}}
      port: 8080
      ports: [8081, 8080]
      command: [serve, --fast, 3]
      environment: {B: b, A: "a=$x"}
      readiness: {kind: http, path: /health, timeout: 0.5}
      settle: 0
      load:
        zero: {kind: command, command: [ab, -n, "10"], requests: 1}
        heavy: {kind: redis, steps: [{command: [GET, k], reply: null_}]}
        default:
          kind: http
          requests: 5
          duration: 2.5
          interval: 0
          concurrency: 3
          pause: 0.25
          reconnect: 9
          from_start: false
          warmup: 7
          drain: 0.5
          timeout: 1
          steps:
            - {method: POST, path: /login, headers: {X-A: b}, body: '{"u": 1}', status: 201,
               capture: {token: a.b}}
            - {path: "/x/${token}"}
      """.replacing("null_", with: "\"null\""))
    #expect(workload.image == "registry:5000/a/b:1.2-RC")
    #expect(workload.build.context == "box/w-1/app")
    #expect(workload.build.arguments.map(\.name) == ["B", "A"])
    #expect(workload.build.arguments.map(\.value) == ["2", "1"])
    #expect(workload.morePorts == [8081])
    #expect(workload.command == ["serve", "--fast", "3"])
    #expect(workload.environment.map(\.value) == ["b", "a=$x"])
    #expect(workload.readiness == Readiness(kind: .http(path: "/health"), timeout: 0.5))
    #expect(workload.settle == 0)
    #expect(workload.loadNames == ["default", "heavy", "zero"])
    let heavy = try #require(workload.loads["heavy"])
    #expect(heavy.kind == .redis([RedisStep(command: ["GET", "k"], reply: .null)]))
    #expect(heavy.duration == 10)
    #expect(heavy.requests == nil)
    #expect(heavy.concurrency == 8)
    #expect(heavy.interval == 0)
    #expect(heavy.pause == 0)
    #expect(heavy.reconnect == 0)
    #expect(heavy.warmup == 0)
    #expect(heavy.drain == 2)
    #expect(workload.loads["zero"]?.kind == .command(["ab", "-n", "10"]))
    let load = try #require(workload.defaultLoad)
    #expect(load.duration == 2.5)
    #expect(load.pause == 0.25)
    #expect(load.reconnect == 9)
    #expect(load.warmup == 7)
    #expect(!load.fromStart)
    #expect(load.drain == 0.5)
    #expect(
      load.kind
        == .http([
          HTTPStep(
            method: "POST", path: "/login", headers: [.init(name: "X-A", value: "b")],
            body: #"{"u": 1}"#, status: 201, captures: [.init(name: "token", field: ["a", "b"])]),
          HTTPStep(path: "/x/${token}"),
        ]))
  }

  @Test(arguments: bad) func refused(_ bad: Bad) {
    #expect(message { _ = try read(bad.text) } == Self.file + bad.message)
  }

  /// Nine levels of nine aliases each are 387 million values.
  @Test func aliasBomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let item = "*a\(level - 1)"
      text +=
        "a\(level): &a\(level) [" + Array(repeating: item, count: 9).joined(separator: ", ") + "]\n"
    }
    #expect(
      message { _ = try read(text) }
        == Self.file + ":2:50: more than 8 aliases (*name); write the values out")
  }

  @Test func fewAliasesAndManyValues() {
    let items = Array(repeating: "x", count: 2_000).joined(separator: ", ")
    let text = "a: &a [\(items)]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    #expect(
      message { _ = try read(text) }?.hasSuffix(
        "holds too many values; no workload needs more than 10,000") == true)
  }

  @Test(arguments: ["[", "{a: ", "- "]) func deepNesting(_ open: String) throws {
    let text = String(repeating: open, count: 100_000)
    let said = try #require(message { _ = try read(text) })
    #expect(said.hasPrefix(Self.file + ":"))
  }

  @Test func nesting() {
    let text = String(repeating: "- ", count: 40) + "x\n"
    #expect(
      message { _ = try read(text) }
        == Self.file + ":1:65: is nested deeper than 32 levels, which no workload needs")
  }

  @Test func files() throws {
    let scratch = try Scratch()
    let folder = scratch.path
    let path = "\(folder)/workload.yaml"
    #expect(
      message { _ = try WorkloadReader.read(folder: folder) }
        == "\(path): cannot read: No such file or directory")
    _ = try scratch.file("workload.yaml", String(repeating: "# long\n", count: 150_000))
    #expect(
      message { _ = try WorkloadReader.read(folder: folder) }
        == "\(path): is larger than 1 MiB, this is no workload.yaml")
    _ = try scratch.file("big.yaml", String(repeating: "# long\n", count: 149_000) + "port: 1\n")
    #expect(throws: Never.self) { try YAMLFile.read("\(folder)/big.yaml") }
    #expect(
      message { _ = try YAMLFile.parse([0x61, 0x0a, 0x62, 0xff, 0x0a], file: "f") }
        == "f:2: not UTF-8 text; save it as UTF-8")
    #expect(
      message { _ = try YAMLFile.read(folder) }
        == "\(folder): is no plain file; put a text file there")
    #expect(
      message {
        _ = try WorkloadReader.workload(
          YAMLFile.parse(Array("a: b".utf8), file: "f"), file: "f", folder: "/x/a b")
      }
        == "f: the folder's name 'a b' is no name; only A-Z a-z 0-9 . _ - are allowed")
  }

  /// Cut anywhere, a file is refused or read, and nothing else happens.
  @Test func cutAnywhere() throws {
    let path = Program.repository.appending(path: "docker_containers/node_auth/workload.yaml").path
    let bytes = try #require(SmallFile.read(path))
    var refused = 0
    for count in 0..<bytes.count {
      let said = message {
        _ = try WorkloadReader.workload(
          YAMLFile.parse(Array(bytes[..<count]), file: "f"), file: "f", folder: "f")
      }
      if let said {
        #expect(said.hasPrefix("f:"))
        refused += 1
      }
    }
    #expect(refused > bytes.count / 2)
  }

  /// Bytes changed, doubled and removed at random, the same ones each time: read or refused.
  @Test func mutatedAnywhere() throws {
    let path = Program.repository.appending(path: "docker_containers/node_auth/workload.yaml").path
    let original = try #require(SmallFile.read(path))
    var state: UInt64 = 42
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let marks = Array("{}[]:,-?&*!|>'\"%@`# \n\t~<\\".utf8) + [0, 0xff, 0xc3, 0xa9]
    var refused = 0
    for _ in 0..<1_000 {
      var bytes = original
      for _ in 0...random(4) {
        let at = random(bytes.count)
        switch random(3) {
        case 0: bytes[at] = marks[random(marks.count)]
        case 1: bytes.insert(marks[random(marks.count)], at: at)
        default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random(8)))
        }
      }
      let said = message {
        _ = try WorkloadReader.workload(
          YAMLFile.parse(bytes, file: "f"), file: "f", folder: "node_auth")
      }
      guard let said else { continue }
      refused += 1
      #expect(said.hasPrefix("f:"))
    }
    #expect(refused > 250)
  }
}
