import Ftrace

/// The tasks of a container, of a process with its descendants, or of a control group, as they are
/// now. Taken again later, it shows what was born in between.
struct TaskSnapshot {
  private let files: ProcessFiles
  private let cgroups: CgroupTree

  /// - Parameters:
  ///   - procfs: where procfs is mounted.
  ///   - cgroupRoot: where cgroupfs is mounted.
  init(procfs: String = "/proc", cgroupRoot: String = "/sys/fs/cgroup") {
    files = ProcessFiles(root: procfs)
    cgroups = CgroupTree(root: cgroupRoot)
  }

  /// The container's control group, its shim, and all descendants of both, with their threads.
  ///
  /// - Parameters:
  ///   - id: the engine's full id of the container.
  ///   - initPid: its first process as the engine tells it; for gVisor that is the sandbox.
  ///   - since: when the roles are observed, nanoseconds of the trace clock; nil when the tasks have
  ///     had them from the recording's start.
  /// - Throws: ``TaskError`` when the container has no process.
  func tasks(
    ofContainer id: String, initPid: Int32, since: UInt64? = nil
  ) throws(TaskError) -> TaskList {
    let tree = try ProcessTree(files)
    guard tree.statuses[initPid] != nil else {
      throw TaskError(
        description: "the container's first process \(initPid) is gone: it ended too early; its "
          + "logs tell why")
    }
    let members = container(id, initPid: initPid)
    let shim = shim(ofContainer: id, initPid: initPid, tree: tree)
    let outside = shim.map(tree.withDescendants) ?? []
    let inside = members.union(tree.withDescendants(initPid))
    var roles: [Int32: TaskRole] = [:]
    // In the order of birth, so that a parent's role is known before its children's.
    for pid in tree.byAge(inside) {
      roles[pid] = ProcessRole.inContainer(
        arguments: files.arguments(of: pid), comm: tree.statuses[pid]?.comm,
        isKernelThread: tree.statuses[pid]?.isKernelThread ?? false,
        parent: tree.statuses[pid].flatMap { roles[$0.parent] })
    }
    for pid in outside where roles[pid] == nil {
      roles[pid] =
        pid == shim || ProcessRole.isShim(files.arguments(of: pid)) ? .shim : .runtime
    }
    return list(roles, tree: tree, since: since)
  }

  /// A process and all its descendants, with their threads; all of them are the application.
  ///
  /// - Throws: ``TaskError`` when there is no such process.
  func tasks(ofProcess pid: Int32, since: UInt64? = nil) throws(TaskError) -> TaskList {
    let tree = try ProcessTree(files)
    guard tree.statuses[pid] != nil else {
      throw TaskError(description: "there is no process \(pid)")
    }
    return list(roles(of: tree.withDescendants(pid), tree: tree), tree: tree, since: since)
  }

  /// Every task in a control group and below it.
  ///
  /// - Parameter path: its folder, or its path below the root of cgroupfs.
  /// - Throws: ``TaskError`` when there is no such group, or nobody in it.
  func tasks(inCgroup path: String, since: UInt64? = nil) throws(TaskError) -> TaskList {
    let below = path.hasPrefix("/") ? String(path.dropFirst()) : path
    let folders = [path, "\(cgroups.root)/\(below)"].filter {
      // Any other folder has no such file.
      SmallFile.read("\($0)/cgroup.procs") != nil || SmallFile.read("\($0)/tasks") != nil
    }
    guard let folder = folders.first else {
      throw TaskError(
        description: "\(path): it is no control group; give its folder below \(cgroups.root), for "
          + "instance what /proc/PID/cgroup shows")
    }
    let members = processes(below: folder)
    guard !members.isEmpty else {
      throw TaskError(description: "\(folder): there is no process in this control group")
    }
    let tree = try ProcessTree(files)
    return list(roles(of: members, tree: tree), tree: tree, since: since)
  }

  /// The shim of a container that may have no process yet; nil when there is none (now).
  func shim(ofContainer id: String) throws(TaskError) -> Int32? {
    shim(ofContainer: id, initPid: nil, tree: try ProcessTree(files))
  }

  // MARK: - Parts

  /// The shim: a process called like one whose command line names the container. Where the engine
  /// has none of that kind, the container's first process has a parent that is not init.
  private func shim(ofContainer id: String, initPid: Int32?, tree: ProcessTree) -> Int32? {
    func isItsShim(_ pid: Int32) -> Bool {
      let arguments = files.arguments(of: pid)
      return ProcessRole.isShim(arguments) && !arguments.contains("start")
        && arguments.dropFirst().contains(id)
    }
    // As a rule it is the parent, and nobody else need be asked.
    let parent = initPid.flatMap { tree.statuses[$0]?.parent }
    if let parent, isItsShim(parent) { return parent }
    let found = tree.statuses.keys.sorted().first(where: isItsShim)
    if let found { return found }
    guard let parent, parent > 1, ProcessRole.isShim(files.arguments(of: parent)) else {
      return nil
    }
    return parent
  }

  /// The processes in the control groups that carry the container's id. A group without it is
  /// shared with others and says nothing.
  private func container(_ id: String, initPid: Int32) -> Set<Int32> {
    var found: Set<Int32> = []
    for membership in files.memberships(of: initPid) {
      // The group may be a part of the container's: `libpod-ID.scope/container`.
      let parts = membership.path.split(separator: "/")
      guard let own = parts.firstIndex(where: { $0.contains(id) }) else { continue }
      let whole = "/" + parts[...own].joined(separator: "/")
      let group = ProcessFiles.Membership(controllers: membership.controllers, path: whole)
      if let folder = cgroups.folder(of: group) { found.formUnion(processes(below: folder)) }
    }
    return found
  }

  private func processes(below folder: String) -> Set<Int32> {
    let (processes, threads) = cgroups.tasks(below: folder)
    return processes.union(
      threads.subtracting(processes).compactMap { files.threadGroup(of: $0) })
  }

  private func roles(of pids: Set<Int32>, tree: ProcessTree) -> [Int32: TaskRole] {
    var roles: [Int32: TaskRole] = [:]
    for pid in tree.byAge(pids) {
      let arguments = files.arguments(of: pid)
      roles[pid] =
        ProcessRole.isShim(arguments)
        ? .shim
        : ProcessRole.inContainer(
          arguments: arguments, comm: tree.statuses[pid]?.comm,
          isKernelThread: tree.statuses[pid]?.isKernelThread ?? false,
          parent: tree.statuses[pid].flatMap { roles[$0.parent] })
    }
    return roles
  }

  private func list(_ roles: [Int32: TaskRole], tree: ProcessTree, since: UInt64?) -> TaskList {
    TaskList(
      roles.sorted { $0.key < $1.key }.flatMap { pid, role in
        files.threads(of: pid).map { thread in
          TaskList.Task(
            pid: thread.tid, tgid: pid, parent: tree.statuses[pid]?.parent, role: role,
            comm: thread.comm, since: since)
        }
      })
  }
}

/// Who is whose child, at one moment.
struct ProcessTree {
  let statuses: [Int32: ProcessFiles.Status]
  private let children: [Int32: [Int32]]

  /// - Throws: ``TaskError`` when procfs cannot be listed.
  init(_ files: ProcessFiles) throws(TaskError) {
    var statuses: [Int32: ProcessFiles.Status] = [:]
    for pid in try files.processes() { statuses[pid] = files.status(of: pid) }
    self.statuses = statuses
    children = Dictionary(grouping: statuses.keys, by: { statuses[$0]?.parent ?? 0 })
  }

  func withDescendants(_ pid: Int32) -> Set<Int32> {
    var found: Set<Int32> = []
    var next = [pid]
    while let one = next.popLast() {
      guard statuses[one] != nil, found.insert(one).inserted else { continue }
      next += children[one] ?? []
    }
    return found
  }

  /// The oldest first; those of one clock tick by pid.
  func byAge(_ pids: Set<Int32>) -> [Int32] {
    pids.filter { statuses[$0] != nil }.sorted { one, other in
      (statuses[one]?.startTime ?? 0, one) < (statuses[other]?.startTime ?? 0, other)
    }
  }
}
