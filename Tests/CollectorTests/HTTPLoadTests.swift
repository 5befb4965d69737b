import Foundation
import Testing

@testable import Collector

/// Loads and probes against servers that run.
@Suite(.serialized) struct HTTPLoadTests {
  private func run(
    _ server: TestServer, _ steps: [HTTPStep], requests: Int = 1, concurrency: Int = 1,
    timeout: Double = 5
  ) -> LoadResult {
    var profile = LoadProfile(kind: .http(steps), requests: requests)
    profile.concurrency = concurrency
    profile.timeout = timeout
    return LoadRunner.run(profile, host: "127.0.0.1", port: server.port, cancel: CancelToken())
  }

  /// What the server saw: connection, method, path and size of the body.
  private func log(_ server: TestServer) throws -> [String] {
    let target = LoadTarget(
      host: "127.0.0.1", port: server.port, timeout: 5, cancel: CancelToken())
    let client = HTTPClient(steps: [HTTPStep(path: "/log")], target: target)
    let connection = try target.connect()
    try connection.write(client.serialise(HTTPStep(path: "/log")))
    let answer = try HTTPAnswer(from: connection, method: "GET", isKept: true)
    return try #require(JSONField.text(["log"], in: answer.body)).split(separator: "|")
      .map(String.init)
  }

  @Test func stepsInOrderOverOneConnection() throws {
    let server = try TestServer.python("http:")
    let steps = [
      HTTPStep(path: "/?size=10"), HTTPStep(method: "POST", path: "/?size=3", body: "12345"),
      HTTPStep(path: "/chunked"), HTTPStep(path: "/status?204", status: 204),
      HTTPStep(method: "HEAD", path: "/?size=7"), HTTPStep(path: "/continue"),
      HTTPStep(path: "/?size=100000"),
    ]
    let result = run(server, steps, requests: 15)
    #expect(result.firstError == nil)
    #expect(result.sent == 15)
    #expect(result.failed == 0)
    #expect(result.latencies.count == 15)
    #expect(result.latencies.allSatisfy { $0 > 0 && $0 <= result.duration })
    #expect(result.bytes.received > 200_000)
    let once = [
      "1 GET /?size=10 0", "1 POST /?size=3 5", "1 GET /chunked 0", "1 GET /status?204 0",
      "1 HEAD /?size=7 0", "1 GET /continue 0", "1 GET /?size=100000 0",
    ]
    #expect(try log(server) == once + once + once.prefix(1))
  }

  @Test func connectionsThatTheServerCloses() throws {
    let server = try TestServer.python("http:")
    let result = run(
      server, [HTTPStep(path: "/last"), HTTPStep(path: "/until-close")], requests: 4)
    #expect(result.firstError == nil)
    #expect(
      try log(server) == [
        "1 GET /last 0", "2 GET /until-close 0", "3 GET /last 0", "4 GET /until-close 0",
      ])
  }

  @Test func capturedValues() throws {
    let server = try TestServer.python("http:")
    let login = HTTPStep(
      method: "POST", path: "/login", body: #"{"user": "me"}"#,
      captures: [.init(name: "token", field: ["session", "token"])])
    let verify = HTTPStep(
      path: "/verify", headers: [.init(name: "Authorization", value: "Bearer ${token}")])
    let wrong = HTTPStep(
      path: "/verify", headers: [.init(name: "Authorization", value: "Bearer no")], status: 401)
    let result = run(server, [login, verify, wrong], requests: 9)
    #expect(result.firstError == nil)
    #expect(result.sent == 9)
    let many = run(server, [login, verify, wrong], requests: 60, concurrency: 4)
    #expect(many.firstError == nil)
    #expect(many.latencies.count == 60)
  }

  /// Both profiles of the bundled workloads, against a server that keeps to their contract.
  @Test(arguments: ["node_auth", "python_tornado"]) func bundledWorkload(_ name: String) throws {
    let workload = try WorkloadCatalog(listing: WorkloadCatalogTests.bundled).workload(name)
    let server = try TestServer.python("http:")
    try ReadinessProbe.wait(
      workload.readiness, host: "127.0.0.1", port: server.port, cancel: CancelToken())
    let load = try #require(workload.defaultLoad)
    let result = LoadRunner.run(
      load, host: "127.0.0.1", port: server.port, requests: 300, interval: 0, cancel: CancelToken())
    #expect(result.firstError == nil)
    #expect(result.sent == 300)
    let heavy = try #require(workload.loads["heavy"])
    let driven = LoadRunner.run(
      heavy, host: "127.0.0.1", port: server.port, requests: 96, cancel: CancelToken())
    #expect(driven.firstError == nil)
    #expect(driven.latencies.count == 96)
  }

  @Test func valueThatIsNotThere() throws {
    let server = try TestServer.python("http:")
    let login = HTTPStep(
      method: "POST", path: "/login", body: #"{"user": "me"}"#,
      captures: [.init(name: "token", field: ["session", "none"])])
    let verify = HTTPStep(path: "/${token}")
    let result = run(server, [login, verify], requests: 2)
    #expect(result.failed == 2)
    #expect(result.firstError == "POST /login: the answer has no JSON value 'session.none'")
    // The second was never sent.
    #expect(try log(server).count == 1)
  }

  @Test func wrongStatus() throws {
    let server = try TestServer.python("http:")
    let result = run(
      server, [HTTPStep(path: "/status?500"), HTTPStep(path: "/?size=1")], requests: 4)
    #expect(result.sent == 4)
    #expect(result.failed == 2)
    #expect(result.latencies.count == 2)
    #expect(result.firstError == "GET /status?500: status 500, not 200")
  }

  @Test func concurrency() throws {
    let server = try TestServer.python("http:")
    let result = run(server, [HTTPStep(path: "/?size=1")], requests: 200, concurrency: 4)
    #expect(result.sent == 200)
    #expect(result.failed == 0)
    #expect(result.latencies.count == 200)
    let log = try log(server)
    #expect(log.count == 200)
    #expect(Set(log.compactMap { $0.split(separator: " ").first }).count <= 4)
  }

  static let hostile: [(String, String)] = [
    ("close:", "the server closed the connection before it answered"),
    ("raw:garbage\\r\\n\\r\\n", "the answer is no HTTP/1.1"),
    ("raw:HTTP/1.1 9999 OK\\r\\n\\r\\n", ""),
    ("raw:HTTP/1.1 abc\\r\\n\\r\\n", "the answer is no HTTP/1.1"),
    ("close:HTTP/1.1 200 O", "the server closed the connection within the status line"),
    ("close:HTTP/1.1 200 OK\\r\\nA: b\\r\\n", "the server closed the connection within the header"),
    ("raw:HTTP/1.1 200 OK\\r\\nno name\\r\\n\\r\\n", "a header line has no name"),
    (
      "close:HTTP/1.1 200 OK\\r\\nContent-Length: 10\\r\\n\\r\\nhello",
      "the server closed the connection within the body"
    ),
    (
      "raw:HTTP/1.1 200 OK\\r\\nContent-Length: -1\\r\\n\\r\\n",
      "Content-Length is no single number"
    ),
    (
      "raw:HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nxx",
      "Content-Length is no single number"
    ),
    (
      "raw:HTTP/1.1 200 OK\\r\\nContent-Length: 99999999999999999999999\\r\\n\\r\\n",
      "Content-Length is no single number"
    ),
    (
      "raw:HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n",
      "Transfer-Encoding is not chunked"
    ),
    (
      "raw:HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nxyz\\r\\n",
      "a chunk's size is no hexadecimal number"
    ),
    (
      "raw:HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n-5\\r\\n",
      "a chunk's size is no hexadecimal number"
    ),
    (
      "raw:HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nhello\\r\\n",
      "a chunk's end is longer than 2 bytes"
    ),
    (
      "close:HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n",
      "the server closed the connection within the body"
    ),
    ("endless:HTTP/1.1 100 Continue\\r\\n\\r\\n", "more than 8 informational answers"),
    ("endless:x", "the status line is longer than 8192 bytes"),
    ("endless:HTTP/1.1 200 OK\\r\\n", "a header line has no name"),
  ]

  @Test(arguments: hostile) func hostileServer(_ behaviour: String, _ expected: String) throws {
    let server = try TestServer.python(behaviour)
    let result = run(server, [HTTPStep()], requests: 1)
    #expect(result.sent == 1)
    #expect(result.failed == 1)
    if !expected.isEmpty { #expect(result.firstError == expected) }
  }

  @Test func longHeader() throws {
    let field = "A: " + String(repeating: "b", count: 1_000) + "\\r\\n"
    let server = try TestServer.python(
      "raw:HTTP/1.1 200 OK\\r\\n" + String(repeating: field, count: 70) + "\\r\\n")
    #expect(
      run(server, [HTTPStep()]).firstError?.hasPrefix("the header is longer than ") == true)
  }

  /// The time is for the whole answer: bytes that keep coming do not prolong it.
  @Test func slowAndSilent() throws {
    let slow = try TestServer.python("slow:HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\nx")
    #expect(
      run(slow, [HTTPStep()], timeout: 0.5).firstError?.hasSuffix("within 0.5 s") == true)
    let silent = try TestServer.python("silent:")
    #expect(run(silent, [HTTPStep()], timeout: 0.3).firstError == "no answer within 0.3 s")
  }

  @Test func nobodyListens() throws {
    let port = try TestServer.freePort()
    let profile = LoadProfile(kind: .http([HTTPStep()]), requests: 3)
    let result = LoadRunner.run(profile, host: "127.0.0.1", port: port, cancel: CancelToken())
    #expect(result.failed == 3)
    #expect(result.firstError == "cannot connect: Connection refused")
    let named = LoadRunner.run(profile, host: "example.org", port: port, cancel: CancelToken())
    #expect(named.firstError == "'example.org' is no IP address")
  }

  @Test func readiness() throws {
    let server = try TestServer.python("http:")
    func wait(_ kind: Readiness.Kind, _ port: Int, _ timeout: Double) throws {
      try ReadinessProbe.wait(
        Readiness(kind: kind, timeout: timeout), host: "127.0.0.1", port: port,
        cancel: CancelToken())
    }
    #expect(throws: Never.self) { try wait(.tcp, server.port, 5) }
    #expect(throws: Never.self) { try wait(.http(path: "/?size=1"), server.port, 5) }
    let said = message { try wait(.http(path: "/status?503"), server.port, 0.3) }
    #expect(said?.hasPrefix("not ready within 0.3 s (http on port \(server.port), ") == true)
    #expect(said?.hasSuffix("): GET /status?503: status 503") == true)
    let port = try TestServer.freePort()
    #expect(
      message { try wait(.tcp, port, 0.05) }
        == "not ready within 0.05 s (tcp on port \(port), 1 attempt): cannot connect: Connection "
        + "refused")
  }
}
