/// The tree of control groups, version 2, 1 or both (cgroups(7)).
struct CgroupTree {
  /// Where cgroupfs is mounted: version 2 itself, or a folder of version 1's hierarchies.
  let root: String

  init(root: String = "/sys/fs/cgroup") {
    self.root = root
  }

  private var isVersion2: Bool { SmallFile.read("\(root)/cgroup.controllers") != nil }

  /// The folder of a membership; nil where it is not mounted here.
  func folder(of membership: ProcessFiles.Membership) -> String? {
    // A group outside the reader's own namespace is shown as /../…
    guard membership.path.hasPrefix("/"), !membership.path.hasPrefix("/..") else { return nil }
    let mounts: [String]
    if membership.controllers.isEmpty {
      mounts = isVersion2 ? [root] : ["\(root)/unified"]
    } else {
      let joined = membership.controllers.joined(separator: ",")
      mounts =
        ([joined] + membership.controllers).map { name in
          "\(root)/" + (name.hasPrefix("name=") ? String(name.dropFirst(5)) : name)
        }
    }
    let path = membership.path == "/" ? "" : membership.path
    return mounts.map { $0 + path }.first(where: SmallFile.isFolder)
  }

  /// The processes and threads in a group and in all groups below it.
  func tasks(below folder: String) -> (processes: Set<Int32>, threads: Set<Int32>) {
    var processes = numbers(in: "\(folder)/cgroup.procs")
    // `cgroup.procs` cannot be read in a threaded group of version 2; version 1 calls them tasks.
    var threads = numbers(in: "\(folder)/cgroup.threads").union(numbers(in: "\(folder)/tasks"))
    for name in SmallFile.names(in: folder) ?? [] {
      let child = "\(folder)/\(name)"
      guard SmallFile.isFolder(child) else { continue }
      let below = tasks(below: child)
      processes.formUnion(below.processes)
      threads.formUnion(below.threads)
    }
    return (processes, threads)
  }

  private func numbers(in file: String) -> Set<Int32> {
    guard let bytes = SmallFile.read(file) else { return [] }
    // 0 stands for a process of another pid namespace.
    return Set(
      bytes.split(separator: 0x0a).compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
    )
    .subtracting([0])
  }
}
