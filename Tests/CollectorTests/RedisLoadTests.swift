import Foundation
import Testing

@testable import Collector

@Suite(.serialized) struct RedisLoadTests {
  private func run(
    _ port: Int, _ steps: [RedisStep], requests: Int = 1, concurrency: Int = 1
  ) -> LoadResult {
    var profile = LoadProfile(kind: .redis(steps), requests: requests)
    profile.concurrency = concurrency
    return LoadRunner.run(profile, host: "127.0.0.1", port: port, cancel: CancelToken())
  }

  private func ready(_ server: TestServer) throws {
    try ReadinessProbe.wait(
      Readiness(kind: .redis, timeout: 20), host: "127.0.0.1", port: server.port,
      cancel: CancelToken())
  }

  @Test func realServer() throws {
    let server = try TestServer.redis()
    try ready(server)
    let steps = [
      RedisStep(command: ["SET", "k", "a\r\nb ü"], reply: .status),
      RedisStep(command: ["GET", "k"], reply: .bulk),
      RedisStep(command: ["GET", "none"], reply: .null),
      RedisStep(command: ["INCR", "n"], reply: .integer),
      RedisStep(command: ["LPUSH", "l", "a", "b"], reply: .integer),
      RedisStep(command: ["LRANGE", "l", "0", "-1"], reply: .array),
      RedisStep(command: ["COMMAND"], reply: .array),
    ]
    let result = run(server.port, steps, requests: 21)
    #expect(result.firstError == nil)
    #expect(result.sent == 21)
    #expect(result.latencies.count == 21)
    // Three times round, in order: the counter has been raised so often.
    #expect(run(server.port, [RedisStep(command: ["SETRANGE", "n", "0", "3"])]).failed == 0)
    let heavy = run(
      server.port, [RedisStep(command: ["INCR", "heavy"], reply: .integer)], requests: 1_000,
      concurrency: 8)
    #expect(heavy.latencies.count == 1_000)
    #expect(heavy.failed == 0)
    #expect(heavy.throughput.map { $0 > 0 } == true)
    // The server has counted each of them once: 1000 is its 1001st predecessor's value.
    let exact = run(
      server.port, [RedisStep(command: ["EVAL", Self.isThousand, "0"], reply: .integer)])
    #expect(exact.firstError == nil)
  }

  private static let isThousand =
    "if redis.call('GET', 'heavy') == '1000' then return 1 else return redis.error_reply('no') end"

  @Test func unexpectedReplies() throws {
    let server = try TestServer.redis()
    try ready(server)
    #expect(
      run(server.port, [RedisStep(command: ["NONSENSE"])]).firstError?.hasPrefix(
        "NONSENSE: error 'ERR unknown command") == true)
    #expect(
      run(server.port, [RedisStep(command: ["GET", "none"], reply: .bulk)]).firstError
        == "GET: null, not bulk")
    #expect(
      run(server.port, [RedisStep(command: ["PING"], reply: .integer)]).firstError
        == "PING: status 'PONG', not integer")
  }

  /// Connections are counted by the server.
  @Test(arguments: [(0, 1, 1), (3, 1, 4), (1, 1, 10), (10, 1, 1), (2, 2, 5)])
  func reconnecting(_ requests: Int, _ concurrency: Int, _ connections: Int) throws {
    let server = try TestServer.redis()
    try ready(server)
    func received() throws -> Int {
      let said = try Program.run(
        "collector", [],
        wrapper: ["sh", "-c", "redis-cli -p \(server.port) info stats", "sh"]
      ).output
      let line = try #require(said.firstMatch(of: /total_connections_received:([0-9]+)/))
      return Int(line.1) ?? 0
    }
    let before = try received()
    var profile = LoadProfile(kind: .redis([RedisStep(command: ["PING"])]), requests: 10)
    profile.reconnect = requests
    profile.concurrency = concurrency
    let result = LoadRunner.run(
      profile, host: "127.0.0.1", port: server.port, cancel: CancelToken())
    #expect(result.firstError == nil)
    #expect(result.sent == 10)
    // Whoever asks is counted too. Of two workers one may do all the work.
    let made = try received() - before - 1
    #expect(concurrency == 1 ? made == connections : (connections...connections + 1).contains(made))
  }

  /// The bundled loads, both profiles, against the real server.
  @Test func bundledWorkload() throws {
    let workload = try WorkloadCatalog(listing: WorkloadCatalogTests.bundled)
      .workload("redis-server")
    let server = try TestServer.redis()
    try ReadinessProbe.wait(
      workload.readiness, host: "127.0.0.1", port: server.port, cancel: CancelToken())
    let load = try #require(workload.defaultLoad)
    let result = LoadRunner.run(
      load, host: "127.0.0.1", port: server.port, requests: 300, interval: 0.001,
      cancel: CancelToken())
    #expect(result.firstError == nil)
    #expect(result.sent == 300)
    let heavy = try #require(workload.loads["heavy"])
    let driven = LoadRunner.run(
      heavy, host: "127.0.0.1", port: server.port, requests: 500, cancel: CancelToken())
    #expect(driven.firstError == nil)
    #expect(driven.latencies.count == 500)
  }

  @Test(arguments: [
    ("raw:nonsense\\r\\n", "the answer is no RESP"),
    ("raw:\\r\\n", "the answer is no RESP"),
    ("raw:\\x00\\xff\\n", "the answer is no RESP"),
    ("close:", "the server closed the connection before it answered"),
    ("raw::12a\\r\\n", "an integer is no number"),
    ("raw:$-2\\r\\n", "a length is no number"),
    ("raw:$999999999999\\r\\n", "a length is above 536870912"),
    ("raw:*99999999\\r\\n", "a length is above 1000000"),
    ("close:$10\\r\\nhello", "the server closed the connection within the answer"),
    ("raw:$2\\r\\nhello\\r\\n", "a bulk string's end is longer than 2 bytes"),
    ("endless:*1\\r\\n", "arrays within arrays, more than 32 deep"),
    ("endless:*500000\\r\\n", "more than 1000000 array items"),
    ("endless:x", "the answer's line is longer than 65536 bytes"),
    ("raw:-ERR no\\r\\n", "PING: error 'ERR no', not any"),
  ]) func hostileServer(_ behaviour: String, _ expected: String) throws {
    let server = try TestServer.python(behaviour)
    let result = run(server.port, [RedisStep(command: ["PING"])])
    #expect(result.failed == 1)
    #expect(result.firstError == expected)
  }
}
