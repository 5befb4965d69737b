import Testing

@testable import Ftrace

/// Lives and roles of tasks that are born and execute programs while a recording runs.
@Suite struct ExecRoleTests {
  private struct Names: FunctionResolver {
    func resolve(_ token: FunctionToken) -> FunctionName {
      FunctionName(name: token == 1 ? "schedule_tail" : "f\(token)")
    }
  }

  /// What `counter` says of a pid: its roles in the order of incarnations, with the calls of each.
  private func lives(_ counter: CallCounter, _ pid: Int32) -> [String] {
    let tally = counter.tally()
    #expect(tally.isBalanced)
    return tally.tasks.filter { $0.pid == pid }.sorted { $0.incarnation < $1.incarnation }.map {
      task in
      let calls = tally.calls.filter { $0.key.pid == pid && $0.key.incarnation == task.incarnation }
      return "\(task.incarnation) \(task.role) \(calls.values.reduce(0) { $0 + $1.calls })"
    }
  }

  private func counter(_ tasks: [TaskList.Task]) -> CallCounter {
    CallCounter(rules: FilterRules(), tasks: TaskList(tasks), resolver: Names())
  }

  private func call(
    _ counter: inout CallCounter, _ pid: Int32, _ time: UInt64, function: FunctionToken = 7
  ) {
    counter.call(
      CallEvent(
        timestamp: time, function: function, parent: 9, pid: pid, cpu: 0, flags: ContextFlags()))
  }

  /// runc: shim 10 forks 20, which runs runc; runc forks 30, which runs itself and then redis.
  @Test func aContainerOfRuncFromItsStart() {
    var counter = counter([
      TaskList.Task(pid: 10, role: .shim, since: 500),
      TaskList.Task(pid: 30, role: .app, since: 500),
    ])
    // containerd (5) is traced and is not the run's.
    call(&counter, 5, 1)
    counter.fork(parent: 5, child: 10, timestamp: 2)
    call(&counter, 10, 3, function: 1)
    counter.exec(pid: 10, oldPid: 10, file: "/usr/bin/containerd-shim-runc-v2", timestamp: 4)
    call(&counter, 10, 5)
    counter.fork(parent: 10, child: 20, timestamp: 6)
    call(&counter, 20, 7, function: 1)
    counter.exec(pid: 20, oldPid: 20, file: "/usr/bin/runc", timestamp: 8)
    call(&counter, 20, 9)
    counter.fork(parent: 20, child: 30, timestamp: 10)
    call(&counter, 30, 11, function: 1)
    counter.exec(pid: 30, oldPid: 30, file: "/proc/self/exe", timestamp: 12)
    call(&counter, 30, 13)
    counter.exec(pid: 30, oldPid: 30, file: "/usr/bin/redis-server", timestamp: 14)
    call(&counter, 30, 15)
    call(&counter, 30, 16)
    #expect(lives(counter, 5) == [])
    #expect(counter.tally().dropped == [.foreign: 1])
    #expect(lives(counter, 10) == ["0 shim 2"])
    #expect(lives(counter, 20) == ["0 shim 1", "1 runtime 1"])
    #expect(lives(counter, 30) == ["0 runtime 2", "1 app 2"])
  }

  /// runsc executes itself as gofer (40) and as sandbox (50); the sandbox's stub (60) only forks.
  @Test func aContainerOfRunscFromItsStart() {
    var counter = counter([
      TaskList.Task(pid: 10, role: .shim, since: 500),
      TaskList.Task(pid: 40, role: .gofer, since: 500),
      TaskList.Task(pid: 50, role: .sandbox, since: 500),
      TaskList.Task(pid: 60, role: .stub, since: 500),
    ])
    call(&counter, 10, 1)
    for (child, time) in [(Int32(20), UInt64(2))] {
      counter.fork(parent: 10, child: child, timestamp: time)
      counter.exec(pid: child, oldPid: child, file: "/usr/bin/runsc", timestamp: time + 1)
      call(&counter, child, time + 2)
    }
    for (child, time) in [(Int32(40), UInt64(10)), (50, 20)] {
      counter.fork(parent: 20, child: child, timestamp: time)
      call(&counter, child, time + 1, function: 1)
      counter.exec(pid: child, oldPid: child, file: "/proc/self/exe", timestamp: time + 2)
      call(&counter, child, time + 3)
    }
    counter.fork(parent: 50, child: 60, timestamp: 30)
    call(&counter, 60, 31, function: 1)
    #expect(lives(counter, 20) == ["0 runtime 1"])
    #expect(lives(counter, 40) == ["0 runtime 1", "1 gofer 1"])
    #expect(lives(counter, 50) == ["0 runtime 1", "1 sandbox 1"])
    #expect(lives(counter, 60) == ["0 stub 1"])
  }

  /// What the shim runs is a script, as Docker writes one for a runtime with arguments. It mounts something
  /// (21) before it runs a build of runsc by another name, which executes itself as sandbox (50); a helper
  /// of that (51) is not seen later.
  @Test(arguments: ["runsc-systrap", "runsc", "mine"])
  func aRuntimeBehindAScript(_ script: String) {
    var counter = counter([
      TaskList.Task(pid: 10, role: .shim, since: 500),
      TaskList.Task(pid: 50, role: .sandbox, since: 500),
    ])
    call(&counter, 10, 1)
    counter.fork(parent: 10, child: 20, timestamp: 2)
    call(&counter, 20, 3, function: 1)
    counter.exec(
      pid: 20, oldPid: 20, file: "/var/lib/docker/runtimes/\(script)", timestamp: 4)
    call(&counter, 20, 5)
    counter.fork(parent: 20, child: 21, timestamp: 6)
    call(&counter, 21, 7, function: 1)
    counter.exec(pid: 21, oldPid: 21, file: "/usr/bin/mount", timestamp: 8)
    call(&counter, 21, 9)
    counter.exec(pid: 20, oldPid: 20, file: "/usr/bin/unshare", timestamp: 10)
    counter.exec(pid: 20, oldPid: 20, file: "/opt/gvisor/runsc-nightly", timestamp: 11)
    call(&counter, 20, 12)
    for (child, time) in [(Int32(50), UInt64(20)), (51, 30)] {
      counter.fork(parent: 20, child: child, timestamp: time)
      call(&counter, child, time + 1, function: 1)
      counter.exec(pid: child, oldPid: child, file: "/proc/self/exe", timestamp: time + 2)
      call(&counter, child, time + 3)
    }
    #expect(lives(counter, 20) == ["0 shim 1", "1 runtime 2"])
    #expect(
      lives(counter, 21)
        == (script == "mine" ? ["0 runtime 2"] : ["0 runtime 1", "1 runtime 1"]))
    #expect(lives(counter, 50) == ["0 runtime 1", "1 sandbox 1"])
    #expect(lives(counter, 51) == ["0 runtime 2"])
  }

  /// The same of runc by another name: what it executes last is the application, also in a container
  /// that was entered and left (40) before the tasks were looked at, and one that is called like a runtime (30).
  @Test func anApplicationBehindAScript() {
    var counter = counter([
      TaskList.Task(pid: 10, role: .shim, since: 500),
      TaskList.Task(pid: 30, role: .app, since: 500),
    ])
    call(&counter, 10, 1)
    counter.fork(parent: 10, child: 20, timestamp: 2)
    counter.exec(pid: 20, oldPid: 20, file: "/var/lib/docker/runtimes/mine", timestamp: 3)
    counter.exec(pid: 20, oldPid: 20, file: "/usr/local/bin/runc.amd64", timestamp: 4)
    call(&counter, 20, 5)
    for (child, program) in [(Int32(30), "/app/runc-metrics"), (40, "/usr/bin/redis-cli")] {
      counter.fork(parent: 20, child: child, timestamp: 6)
      call(&counter, child, 7, function: 1)
      counter.exec(pid: child, oldPid: child, file: program, timestamp: 8)
      call(&counter, child, 9)
    }
    #expect(lives(counter, 20) == ["0 runtime 1"])
    #expect(lives(counter, 30) == ["0 runtime 1", "1 app 1"])
    #expect(lives(counter, 40) == ["0 runtime 1", "1 app 1"])
  }

  /// A runtime by a name that is not known sets up what was seen to be the application later.
  @Test func aRuntimeOfAnyName() {
    var counter = counter([
      TaskList.Task(pid: 10, role: .shim, since: 500),
      TaskList.Task(pid: 30, role: .app, since: 500),
    ])
    call(&counter, 10, 1)
    counter.fork(parent: 10, child: 20, timestamp: 2)
    counter.exec(pid: 20, oldPid: 20, file: "/var/lib/docker/runtimes/mine", timestamp: 3)
    counter.exec(pid: 20, oldPid: 20, file: "/opt/mine", timestamp: 4)
    call(&counter, 20, 5)
    counter.fork(parent: 20, child: 30, timestamp: 6)
    call(&counter, 30, 7, function: 1)
    counter.exec(pid: 30, oldPid: 30, file: "/usr/bin/redis-server", timestamp: 8)
    call(&counter, 30, 9)
    #expect(lives(counter, 20) == ["0 runtime 1"])
    #expect(lives(counter, 30) == ["0 runtime 1", "1 app 1"])
  }

  /// In a container that runs already, what the application executes is the application; what the
  /// shim executes is the runtime.
  @Test func aContainerThatRuns() {
    var counter = counter([
      TaskList.Task(pid: 10, role: .shim), TaskList.Task(pid: 30, role: .app),
    ])
    call(&counter, 30, 1)
    counter.exec(pid: 30, oldPid: 30, file: "/usr/bin/runc", timestamp: 2)
    call(&counter, 30, 3)
    counter.fork(parent: 10, child: 20, timestamp: 4)
    counter.exec(pid: 20, oldPid: 20, file: "/usr/sbin/runc", timestamp: 5)
    call(&counter, 20, 6)
    #expect(lives(counter, 30) == ["0 app 2"])
    #expect(lives(counter, 20) == ["0 runtime 1"])
  }

  /// A child keeps what its parent was when it was born, though the parent executes before the
  /// child's first call.
  @Test func theParentChangesFirst() {
    var counter = counter([TaskList.Task(pid: 10, role: .runtime)])
    call(&counter, 10, 1)
    counter.fork(parent: 10, child: 11, timestamp: 2)
    counter.exec(pid: 10, oldPid: 10, file: "/bin/app", timestamp: 3)
    call(&counter, 10, 4)
    call(&counter, 11, 5, function: 1)
    #expect(lives(counter, 10) == ["0 runtime 1", "1 app 1"])
    #expect(lives(counter, 11) == ["0 runtime 1"])
  }

  /// A thread that is not the first of its group takes the group's pid when it executes.
  @Test func aThreadExecutes() {
    var counter = counter([
      TaskList.Task(pid: 10, tgid: 10, role: .runtime),
      TaskList.Task(pid: 12, tgid: 10, role: .runtime),
    ])
    call(&counter, 10, 1)
    call(&counter, 12, 2)
    counter.exec(pid: 10, oldPid: 12, file: "/bin/app", timestamp: 3)
    call(&counter, 10, 4)
    #expect(lives(counter, 10) == ["0 runtime 1", "1 app 1"])
    #expect(lives(counter, 12) == ["0 runtime 1"])
  }

  /// A pid that a stranger's child gets again is a stranger.
  @Test func aPidIsUsedAgainByAStranger() {
    var counter = counter([TaskList.Task(pid: 10, role: .app)])
    counter.fork(parent: 10, child: 20, timestamp: 1)
    call(&counter, 20, 2, function: 1)
    call(&counter, 5, 3)
    counter.fork(parent: 5, child: 20, timestamp: 4)
    call(&counter, 20, 5, function: 1)
    call(&counter, 20, 6)
    #expect(lives(counter, 20) == ["0 app 1"])
    #expect(counter.tally().dropped == [.foreign: 3])
  }
}
