import Foundation
import Synchronization
import Testing

@testable import Collector

@Suite(.serialized) struct LoadRunnerTests {
  /// Absolute deadlines: after a first answer that took long, the others catch up, so the whole takes
  /// the intervals' sum and not more by the time of each answer. Without drift means at least this
  /// long as well: the last request is due 29 intervals after the start.
  @Test func schedule() throws {
    let server = try TestServer.python("http:")
    var profile = LoadProfile(kind: .http([HTTPStep(path: "/?size=1")]), requests: 30)
    profile.interval = 0.01
    let result = LoadRunner.run(
      profile, host: "127.0.0.1", port: server.port, cancel: CancelToken())
    #expect(result.sent == 30)
    #expect(result.latencies.count == 30)
    #expect(result.duration >= 290_000_000)
  }

  /// What is late is not made up for at once: each request waits after the answer before it.
  @Test func pause() throws {
    let server = try TestServer.python("http:")
    var profile = LoadProfile(kind: .http([HTTPStep(path: "/?size=1")]), requests: 6)
    profile.pause = 0.05
    let result = LoadRunner.run(
      profile, host: "127.0.0.1", port: server.port, cancel: CancelToken())
    #expect(result.sent == 6)
    #expect(result.duration >= 250_000_000)
    // The warm-up has none.
    #expect(profile.warmingUp.pause == 0)
    #expect(profile.warmingUp.concurrency == 8)
    profile.kind = .command(["true"])
    #expect(profile.warmingUp.concurrency == 1)
  }

  @Test func duration() throws {
    let server = try TestServer.python("http:")
    var profile = LoadProfile(kind: .http([HTTPStep(path: "/?size=1")]), duration: 0.3)
    profile.interval = 0.1
    let result = LoadRunner.run(
      profile, host: "127.0.0.1", port: server.port, cancel: CancelToken())
    // Due at 0, 0.1 and 0.2 s; on a busy machine the last may come too late.
    #expect((1...3).contains(result.sent))
    profile.interval = 0
    profile.concurrency = 4
    let driven = LoadRunner.run(
      profile, host: "127.0.0.1", port: server.port, cancel: CancelToken())
    #expect(driven.sent > 3)
    #expect(driven.failed == 0)
    // What the caller asks for overrides both.
    let counted = LoadRunner.run(
      profile, host: "127.0.0.1", port: server.port, requests: 7, interval: 0,
      cancel: CancelToken())
    #expect(counted.sent == 7)
    let none = LoadRunner.run(
      profile, host: "127.0.0.1", port: server.port, requests: 0, cancel: CancelToken())
    #expect(none.sent == 0)
    #expect(none.medianLatency == nil)
  }

  /// Cancelled while each kind of load waits for what never comes.
  @Test(arguments: ["silent", "interval", "command", "probe", "before"])
  func cancellation(_ what: String) throws {
    let server = try TestServer.python(what == "interval" ? "http:" : "silent:")
    let cancel = CancelToken()
    if what == "before" { cancel.cancel() }
    var profile = LoadProfile(kind: .http([HTTPStep(path: "/?size=1")]), requests: 1_000)
    profile.timeout = 3_000
    profile.concurrency = what == "silent" ? 4 : 1
    if what == "interval" { profile.interval = 1_000 }
    if what == "command" { profile.kind = .command(["sleep", "3000"]) }
    let cancelled = Atomic<UInt64>(0)
    let canceller = try WorkerThread {
      usleep(300_000)
      cancelled.store(DispatchTime.now().uptimeNanoseconds, ordering: .releasing)
      cancel.cancel()
    }
    if what == "probe" {
      #expect(throws: LoadError.cancelled) {
        try ReadinessProbe.wait(
          Readiness(kind: .redis, timeout: 3_000), host: "127.0.0.1", port: server.port,
          cancel: cancel)
      }
    } else {
      let result = LoadRunner.run(
        profile, host: "127.0.0.1", port: server.port, cancel: cancel)
      #expect(result.isCancelled)
      #expect(result.failed == 0)
      #expect(result.sent == (what == "interval" ? 1 : 0))
    }
    let late = DispatchTime.now().uptimeNanoseconds - cancelled.load(ordering: .acquiring)
    canceller.join()
    // Waiting would have taken most of an hour. It is done in a few milliseconds, where the machine
    // has time for it.
    if what != "before" { #expect(late < 5_000_000_000) }
  }

  /// A server that is gone and comes back: what failed is counted, and the load goes on.
  @Test func serverThatIsGone() throws {
    var server: TestServer? = try TestServer.redis()
    let port = try #require(server?.port)
    let readiness = Readiness(kind: .redis, timeout: 20)
    try ReadinessProbe.wait(readiness, host: "127.0.0.1", port: port, cancel: CancelToken())
    var profile = LoadProfile(kind: .redis([RedisStep(command: ["PING"])]), duration: 60)
    profile.timeout = 1
    let cancel = CancelToken()
    let result = Mutex<LoadResult?>(nil)
    let load = profile
    let thread = try WorkerThread {
      let seen = LoadRunner.run(load, host: "127.0.0.1", port: port, cancel: cancel)
      result.withLock { $0 = seen }
    }
    usleep(100_000)
    server = nil
    usleep(100_000)
    server = try TestServer.redis(port: port)
    try ReadinessProbe.wait(readiness, host: "127.0.0.1", port: port, cancel: CancelToken())
    usleep(100_000)
    cancel.cancel()
    thread.join()
    let seen = try #require(result.withLock { $0 })
    #expect(seen.isCancelled)
    #expect(seen.failed > 0)
    #expect(!seen.latencies.isEmpty)
    #expect(seen.sent == seen.failed + seen.latencies.count)
    #expect(seen.firstError != nil)
    withExtendedLifetime(server) {}
  }

  private func command(_ arguments: [String], timeout: Double = 10, requests: Int = 1) -> LoadResult
  {
    var profile = LoadProfile(kind: .command(arguments), requests: requests)
    profile.timeout = timeout
    return LoadRunner.run(profile, host: "10.1.2.3", port: 77, cancel: CancelToken())
  }

  @Test func commands() throws {
    let scratch = try Scratch()
    let file = "\(scratch.path)/out"
    let script = "echo \"$HOST $PORT $0\" >> \"$1\"; echo shown; [ -n \"$PATH\" ]"
    // The third word is data, whatever it looks like.
    let result = command(["sh", "-c", script, "$(touch x); `id`", file], requests: 3)
    #expect(result.firstError == nil)
    #expect(result.sent == 3)
    #expect(result.latencies.count == 3)
    #expect(
      try String(contentsOfFile: file, encoding: .utf8)
        == String(repeating: "10.1.2.3 77 $(touch x); `id`\n", count: 3))
    #expect(
      command(["sh", "-c", "echo first >&2; echo 'no luck' >&2; exit 3"]).firstError
        == "sh: exit status 3: no luck")
    #expect(command(["false"]).firstError == "false: exit status 1")
    #expect(command(["sh", "-c", "kill -9 $$"]).firstError == "sh: ended by signal 9")
    #expect(
      command(["no-such-program"]).firstError
        == "cannot run 'no-such-program': No such file or directory")
    // More than a pipe holds.
    #expect(command(["sh", "-c", "head -c 1000000 /dev/zero >&2"]).firstError == nil)
  }

  /// What a command leaves running ends with it: after success, and after its time is over.
  @Test(arguments: [true, false]) func nothingOfTheGroupIsLeft(_ isInTime: Bool) throws {
    let scratch = try Scratch()
    let file = "\(scratch.path)/pid"
    let script = "sleep 3000 & echo $! > \"$0\"" + (isInTime ? "" : "; wait")
    let result = command(["sh", "-c", script, file], timeout: isInTime ? 10 : 0.5)
    #expect(
      result.firstError == (isInTime ? nil : "no end of the command within 0.5 s"))
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // It was killed; whoever adopts it may take a moment to reap it.
    var state: Substring?
    for _ in 0..<200 {
      let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      state = stat?.split(separator: " ").dropFirst(2).first
      if state == nil || state == "Z" { break }
      usleep(10_000)
    }
    #expect(state == nil || state == "Z")
  }
}
