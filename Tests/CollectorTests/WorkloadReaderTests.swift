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
  private static let load = "load: {default: {kind: redis, steps: [{command: [PING]}]}}\n"
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
    #expect(workload.readiness == Readiness(kind: .tcp, timeout: 120))
    #expect(workload.settle == 2)
    let load = try #require(workload.defaultLoad)
    #expect(load.kind == .redis([RedisStep(command: ["PING"])]))
    #expect(load.requests == 30)
    #expect(load.interval == 0.1)
    #expect(load.concurrency == 1)
    #expect(load.duration == nil)
    #expect(workload.loadNames == ["default"])
  }

  @Test func everyKey() throws {
    let workload = try read(
      """
      name: w-1
      summary: all of it
      image: registry:5000/a/b:1.2
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
          timeout: 1
          steps:
            - {method: POST, path: /login, headers: {X-A: b}, body: '{"u": 1}', status: 201,
               capture: {token: a.b}}
            - {path: "/x/${token}"}
      """.replacing("null_", with: "\"null\""))
    #expect(workload.image == "registry:5000/a/b:1.2")
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
    #expect(workload.loads["zero"]?.kind == .command(["ab", "-n", "10"]))
    let load = try #require(workload.defaultLoad)
    #expect(load.duration == 2.5)
    #expect(
      load.kind
        == .http([
          HTTPStep(
            method: "POST", path: "/login", headers: [.init(name: "X-A", value: "b")],
            body: #"{"u": 1}"#, status: 201, captures: [.init(name: "token", field: ["a", "b"])]),
          HTTPStep(path: "/x/${token}"),
        ]))
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var text: String
    /// What comes behind the file's name.
    var message: String
    init(_ text: String, _ message: String) {
      self.text = text
      self.message = message
    }
    var testDescription: String { message }
  }

  static let bad: [Bad] = [
    Bad("", ":1:1: is empty; docs/workloads.md shows what belongs into it"),
    Bad("# only this\n", ":1:1: is empty; docs/workloads.md shows what belongs into it"),
    Bad("- a\n", ":1:1: must be a mapping (key: value), not a list"),
    Bad("port: 80\nimgae: x\n" + load, ":2:1: imgae: unknown key; did you mean 'image'?"),
    Bad(
      "port: 80\nbuild:\n  zzzzz: x\n" + load,
      ":3:3: build.zzzzz: unknown key; keys here are context, args"),
    Bad(load, ":1:1: port: is missing; docs/workloads.md shows how to write it"),
    Bad("port: 80\n", ":1:1: load: is missing; docs/workloads.md shows how to write it"),
    Bad(
      "port: 80\nload: {heavy: {kind: redis, steps: [{command: [PING]}]}}\n",
      ":2:7: load.default: is missing; docs/workloads.md shows how to write it"),
    Bad("port: web\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not 'web'"),
    Bad("port: \"80\"\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not '80'"),
    Bad("port: 0\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not '0'"),
    Bad("port: 65536\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not '65536'"),
    Bad(
      "port: 99999999999999999999\n" + load,
      ":1:7: port: must be a whole number from 1 to 65535, not '99999999999999999999'"),
    Bad("port:\n" + load, ":1:6: port: must be a whole number from 1 to 65535, not nothing"),
    Bad("port: [80]\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not a list"),
    Bad("port: 80\nimage: [a]\n" + load, ":2:8: image: must be a text, not a list"),
    Bad("port: 80\nimage: ~\n" + load, ":2:8: image: must be a text, not nothing"),
    Bad(
      "port: 80\nimage: --privileged\n" + load,
      ":2:8: image: '--privileged' is no image; write name, path/name or name:tag, in lower case"),
    Bad(
      "port: 80\nname: other\n" + load, ":2:7: name: must be the folder's name 'w-1', not 'other'"),
    Bad("port: 80\nsettle: -1\n" + load, ":2:9: settle: must be a number from 0 to 3600, not '-1'"),
    Bad(
      "port: 80\nsettle: nan\n" + load, ":2:9: settle: must be a number from 0 to 3600, not 'nan'"),
    Bad(
      "port: 80\ncommand: serve\n" + load, ":2:10: command: must be a list (- item), not 'serve'"),
    Bad("port: 80\ncommand: []\n" + load, ":2:10: command: must have 1 to 1,000 items, not 0"),
    Bad(
      "port: 80\ncommand: [\"a\\0b\"]\n" + load,
      ":2:11: command: holds a NUL byte, which no program takes"),
    Bad(
      "port: 80\nenvironment: {A-B: c}\n" + load,
      ":2:15: environment: 'A-B' is no variable; use letters, digits and _"),
    Bad(
      "port: 80\nbuild: {context: ../other}\n" + load,
      ":2:18: build.context: '../other' must be a path within the workload's folder"),
    Bad(
      "port: 80\nreadiness: {kind: htp}\n" + load,
      ":2:19: readiness.kind: must be tcp, http, redis or command, not 'htp'; did you mean 'http'?"),
    Bad(
      "port: 80\nreadiness: {kind: tcp, path: /}\n" + load,
      ":2:24: readiness.path: belongs to kind http, and this is tcp"),
    Bad(
      "port: 80\nreadiness: {kind: command}\n" + load,
      ":2:12: readiness.command: is missing; docs/workloads.md shows how to write it"),
    Bad(
      "port: 80\nport: 81\n" + load, ":1:1: the key 'port' is there twice; remove one"),
    Bad(
      "port: 80\nload: {default: {kind: http}}\n",
      ":2:17: load.default.steps: is missing; docs/workloads.md shows how to write it"),
    Bad(
      "port: 80\nload: {'a b': {kind: http}}\n",
      ":2:8: load: 'a b' is no name; only A-Z a-z 0-9 . _ - are allowed"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{path: x}]}}\n",
      ":2:45: load.default.steps[1].path: must begin with / and hold no space; write %20 for one"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{status: 99}]}}\n",
      ":2:47: load.default.steps[1].status: must be a whole number from 100 to 599, not '99'"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{method: get}]}}\n",
      ":2:47: load.default.steps[1].method: must be an upper-case word such as GET or POST"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{headers: {A: \"b\\r\\nX: y\"}}]}}\n",
      ":2:49: load.default.steps[1].headers: 'A' is no header of HTTP"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{body: \"${t}\"}]}}\n",
      ":2:45: load.default.steps[1].body: ${t} is captured by no earlier step"),
    Bad(
      "port: 80\nload: {default: {kind: redis, steps: [{path: /}]}}\n",
      ":2:40: load.default.steps[1].path: unknown key; keys here are command, reply"),
    Bad(
      "port: 80\nload: {default: {kind: redis, requests: 0, steps: [{command: [PING]}]}}\n",
      ":2:41: load.default.requests: must be a whole number from 1 to 10000000, not '0'"),
    Bad("port: [80\n", ":2:1: not YAML: did not find expected ',' or ']'"),
    Bad("port: *x\n" + load, ":1:7: not YAML: found undefined alias"),
    Bad("port: 80\n" + load + "---\nport: 81\n", ":3:1: not YAML: but found another document"),
    Bad("? [a, b]\n: c\n", ":1:1: '? ' begins a key that is no text; write 'key: value'"),
    Bad("{[a]: c}\n", ":1:1: a key is no text; write 'key: value'"),
    Bad("a: \u{1}\n", ":1:4: not YAML: control characters are not allowed"),
  ]

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
}
