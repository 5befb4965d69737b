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

  /// A start as events: "20 < 10" is a fork of 20 by 10, and with it the child's first call; "20 PROGRAM" an
  /// execution, and a call after it; "20 @ 22 PROGRAM" one by the thread 22.
  private func lives(of events: [String], _ tasks: [TaskList.Task]) -> [Int32: [String]] {
    var counter = counter([TaskList.Task(pid: 10, role: .shim, since: 500)] + tasks)
    call(&counter, 10, 1)
    var pids: Set<Int32> = []
    for (index, event) in events.enumerated() {
      let words = event.split(separator: " ").map(String.init)
      let time = UInt64(index * 2 + 2)
      guard let pid = Int32(words[0]) else { continue }
      pids.insert(pid)
      if words[1] == "<" {
        counter.fork(parent: Int32(words[2]) ?? 0, child: pid, timestamp: time)
        call(&counter, pid, time + 1, function: 1)
      } else {
        let old = words[1] == "@" ? Int32(words[2]) ?? pid : pid
        counter.exec(pid: pid, oldPid: old, file: words.last, timestamp: time)
        call(&counter, pid, time + 1)
      }
    }
    return Dictionary(
      uniqueKeysWithValues: pids.map { pid in
        (pid, lives(counter, pid).map { String($0.split(separator: " ")[1]) })
      })
  }

  private let sandbox = [
    TaskList.Task(pid: 40, role: .gofer, since: 500),
    TaskList.Task(pid: 50, role: .sandbox, since: 500),
  ]
  private let app = [TaskList.Task(pid: 30, role: .app, since: 500)]
  /// What runsc does once it is executed as 20: gofer, sandbox, and a helper that is not seen later.
  private let sandboxes = [
    "40 < 20", "40 /proc/self/exe", "50 < 20", "50 /proc/self/exe", "51 < 20", "51 /proc/self/exe",
  ]

  /// What the shim runs is a script, which mounts something (21) and is replaced by a runtime of another name.
  @Test(arguments: ["/var/lib/docker/runtimes/runsc-systrap", "/usr/local/bin/runsc", "/bin/mine"])
  func aScriptThatBecomesTheRuntime(_ script: String) {
    let lives = lives(
      of: [
        "20 < 10", "20 \(script)", "21 < 20", "21 /usr/bin/mount", "22 < 20",
        "20 /usr/bin/unshare", "22 /usr/bin/ip", "20 /opt/gvisor/runsc-nightly",
      ] + sandboxes, sandbox)
    for pid: Int32 in [20, 21, 22, 51] {
      #expect(Set(lives[pid] ?? []).subtracting(["shim"]) == ["runtime"], "\(pid)")
    }
    #expect(lives[40] == ["runtime", "gofer"])
    #expect(lives[50] == ["runtime", "sandbox"])
  }

  /// Docker's script has the runtime as a child (25), since a shell forks for its last command, too; that is
  /// a script itself here, which mounts something (26).
  @Test func aScriptThatForksTheRuntime() {
    let lives = lives(
      of: [
        "20 < 10", "20 /var/lib/docker/runtimes/runsc-ptrace.4b8d", "25 < 20",
        "25 /run/lab/runsc-own-network", "25 /usr/bin/unshare", "26 < 25", "26 /usr/bin/mount",
        "25 /usr/local/bin/runsc-trixie",
      ] + sandboxes.map { $0.replacing("< 20", with: "< 25") }, sandbox)
    for pid: Int32 in [20, 25, 26, 51] {
      #expect(Set(lives[pid] ?? []).subtracting(["shim"]) == ["runtime"], "\(pid)")
    }
    #expect(lives[40] == ["runtime", "gofer"])
    #expect(lives[50] == ["runtime", "sandbox"])
  }

  /// A script by the runtime's name forks its helper (21) and the runtime (25), then goes on as a third program.
  @Test func aScriptByTheRuntimesName() {
    let lives = lives(
      of: [
        "20 < 10", "20 /usr/local/bin/runc", "21 < 20", "21 /usr/bin/mount", "25 < 20",
        "25 /usr/local/bin/runc.real", "31 < 25", "31 /proc/self/exe", "30 < 31",
        "30 /usr/bin/redis-server", "41 < 31", "41 /usr/bin/redis-cli", "20 /usr/bin/logger",
      ], app)
    #expect(Set(lives[21] ?? []) == ["runtime"])
    #expect(lives[20] == ["shim", "runtime"])
    #expect(lives[25]?.last == "runtime")
    #expect(lives[30] == ["runtime", "app"])
    // A check of the container's health, which has ended when the tasks are looked at.
    #expect(lives[41] == ["runtime", "app"])
  }

  /// A runtime of a name that nobody knows is told by executing itself; NixOS has a launcher and a wrapped program.
  @Test(arguments: [["20 /opt/ourrunc"], ["20 /nix/runc", "20 /nix/.runc-wrapped"]])
  func theApplicationOfARuntimeOfAnotherName(_ commands: [String]) {
    let lives = lives(
      of: ["20 < 10"] + commands + [
        "31 < 20", "31 /proc/self/exe", "30 < 31", "30 /app/runc-metrics", "41 < 31",
        "41 /app/runc-check",
      ], app)
    #expect(lives[20] == ["shim", "runtime"])
    #expect(lives[30] == ["runtime", "app"])
    #expect(lives[41] == ["runtime", "app"])
  }

  /// Without a sign of the runtime, what was seen later decides.
  @Test func aRuntimeOfAnyName() {
    let lives = lives(
      of: [
        "20 < 10", "20 /opt/mine", "30 < 20", "30 /usr/bin/redis-server", "41 < 20", "41 /bin/x",
      ],
      app)
    #expect(lives[20] == ["shim", "runtime"])
    #expect(lives[30] == ["runtime", "app"])
    #expect(lives[41] == ["runtime"])
  }

  /// A runtime that is a thread's last act (22) is the process's.
  @Test func aThreadExecutesTheRuntime() {
    let lives = lives(
      of: [
        "20 < 10", "20 /usr/bin/ours", "22 < 20", "20 @ 22 /usr/bin/runc", "41 < 20",
        "41 /usr/bin/redis-cli",
      ], app)
    #expect(lives[20] == ["shim", "runtime"])
    #expect(lives[41] == ["runtime", "app"])
  }

  /// Hooks, and what they run, are the runtime's.
  @Test func hooksAreTheRuntimes() {
    let lives = lives(
      of: [
        "20 < 10", "20 /usr/bin/runc", "26 < 20", "26 /usr/bin/nvidia-container-runtime-hook",
        "26 /usr/bin/nvidia-container-cli", "27 < 26", "27 /sbin/ldconfig", "28 < 20",
        "28 /proc/812/exe", "29 < 28", "29 /usr/sbin/iptables",
      ], app)
    for pid: Int32 in [26, 27, 28, 29] { #expect(lives[pid] == ["runtime"], "\(pid)") }
  }

  /// Where there is a sandbox and no application was seen, there is none.
  @Test func nothingBesideASandboxIsTheApplication() {
    let events = ["20 < 10", "20 /usr/bin/runsc", "21 < 20", "21 /usr/lib/a-helper"]
    #expect(lives(of: events + sandboxes, sandbox)[21] == ["runtime", "runtime"])
    #expect(lives(of: events + sandboxes, sandbox + app)[21] == ["runtime", "app"])
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
