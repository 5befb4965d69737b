import Glibc
import Synchronization
import Testing
import TraceStore

@testable import Collector

@Suite("Parts of an experiment")
struct ExperimentPartsTests {
  @Test func repeatsAreOutermostAndBeginAtAnotherPairEachTime() {
    let plan = SuitePlan(runtimes: ["runc", "runsc"], workloads: ["redis", "node"], repeats: 3)
    #expect(
      plan.items.map { "\($0.repeatNumber) \($0.runtime)/\($0.workload)" } == [
        "1 runc/redis", "1 runsc/redis", "1 runc/node", "1 runsc/node",
        "2 runsc/redis", "2 runc/node", "2 runsc/node", "2 runc/redis",
        "3 runc/node", "3 runsc/node", "3 runc/redis", "3 runsc/redis",
      ])
    #expect(Set(plan.items).count == 12)
    let done = Set(plan.items.prefix(5))
    #expect(plan.remaining(done: done) == Array(plan.items.dropFirst(5)))
  }

  @Test(arguments: [([], ["redis"]), (["runc"], [])] as [([String], [String])])
  func aSuiteOfNothingIsEmpty(_ runtimes: [String], _ workloads: [String]) {
    #expect(SuitePlan(runtimes: runtimes, workloads: workloads, repeats: 2).items.isEmpty)
  }

  @Test func everythingIsUndoneLastFirstAlsoWhenOneFails() async {
    let done = Mutex<[Int]>([])
    let cleanup = CleanupStack()
    cleanup.add("do the first") { done.withLock { $0.append(1) } }
    cleanup.add("do the second") { throw ExperimentError("no") }
    cleanup.add("do the third") { done.withLock { $0.append(3) } }
    await cleanup.run()
    await cleanup.run()
    #expect(done.withLock { $0 } == [3, 1])
  }

  @Test func aCancelledTaskStillCleansUp() async {
    let isUndone = Mutex(false)
    let cleanup = CleanupStack()
    cleanup.add("wait a little") {
      try await Task.sleep(for: .milliseconds(20))
      isUndone.withLock { $0 = true }
    }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      await cleanup.run()
    }
    await task.value
    #expect(isUndone.withLock { $0 })
  }

  @Test func progressShowsTheRunAndTheWhole() {
    let third = Progress.Position(
      name: "runsc/redis-server #1", number: 3, total: 27, timeLeft: "12 min left")
    #expect(
      Progress.line("settling", steps: 6, position: third, bars: false)
        == "[3/27, 12 min left] runsc/redis-server #1: settling")
    #expect(
      Progress.line("settling", steps: 6, position: third, bars: true)
        == "░░░░░░░░░░ 3/27, 12 min left  █████░░░░░ runsc/redis-server #1: settling")
    let last = Progress.Position(name: "a/b #3", number: 27, total: 27)
    #expect(
      Progress.line("writing the run", steps: 99, position: last, bars: true)
        == "██████████ 27/27  ██████████ a/b #3: writing the run")
    let only = Progress.Position(name: "a/b", number: 1, total: 1)
    #expect(Progress.line("x", steps: 0, position: only, bars: true) == "░░░░░░░░░░ a/b: x")
    #expect(Progress.line("x", steps: 1, position: nil, bars: false) == "x")
  }

  @Test func namesAreMadeOfAnything() {
    #expect(RunName.made(from: "redis-server") == "redis-server")
    #expect(RunName.made(from: "a b/c';--\n") == "a_b_c__--_")
    #expect(RunName.made(from: "") == "unnamed")
    #expect(RunName.made(from: String(repeating: "ü", count: 100)).count == 64)
  }

  @Test func buffersGrowOnceAndNeverBeyondAQuarterOfTheMemory() {
    let machine = MachineFacts(
      kernelRelease: "6.1.0", machine: "x86_64", host: "h", cpus: 2, memory: 4 << 30)
    var choices = RecordingChoices(database: "x.db")
    #expect(choices.bufferKB(on: machine) == 16_384)
    #expect(choices.largerBufferKB(than: 16_384, on: machine) == 131_072)
    #expect(choices.largerBufferKB(than: 131_072, on: machine) == 524_288)
    #expect(choices.largerBufferKB(than: 524_288, on: machine) == nil)
    choices.bufferKB = 512
    #expect(choices.bufferKB(on: machine) == 512)
    let small = MachineFacts(
      kernelRelease: "6.1.0", machine: "x86_64", host: "h", cpus: 64, memory: 1 << 30)
    #expect(RecordingChoices(database: "x.db").bufferKB(on: small) == 1024)
  }

  @Test func theCallingUserIsWhoSudoSays() {
    let environment = ["SUDO_UID": "1000", "SUDO_GID": "1001"]
    if geteuid() == 0 {
      #expect(
        CallingUser.current { environment[$0] } == CallingUser(uid: 1000, gid: 1001))
    }
    #expect(CallingUser.current { _ in nil } == nil)
    #expect(CallingUser.current { ["SUDO_UID": "0", "SUDO_GID": "0"][$0] } == nil)
    #expect(CallingUser.current { ["SUDO_UID": "x", "SUDO_GID": "1"][$0] } == nil)
  }
}
