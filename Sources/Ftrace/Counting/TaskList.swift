/// What a process is to the runtime.
public enum TaskRole: String, CaseIterable, Hashable, Sendable {
  case app, shim, runtime, sandbox, gofer, stub, kthread, other
}

/// The tasks that belong to a run, as they were listed when it was recorded.
///
/// A line is `tid tgid ppid role in-cgroup comm args…`, or only a pid (what the original method
/// wrote); `#` begins a comment. The roles `container` and `forked` of older lists are `app` and
/// "its parent's".
public struct TaskList: Sendable, Equatable {
  public struct Task: Sendable, Equatable {
    public var pid: Int32
    public var tgid: Int32?
    public var parent: Int32?
    public var role: TaskRole
    public var comm: String?
    /// When the role was observed, nanoseconds of the trace clock: before, it may have been another.
    /// nil: the task had it from the start.
    public var since: UInt64?
    /// What it becomes by executing a program, whichever; nil where the program's name tells.
    public var becomes: TaskRole?

    public init(
      pid: Int32, tgid: Int32? = nil, parent: Int32? = nil, role: TaskRole = .other,
      comm: String? = nil, since: UInt64? = nil, becomes: TaskRole? = nil
    ) {
      self.pid = pid
      self.tgid = tgid
      self.parent = parent
      self.role = role
      self.comm = comm
      self.since = since
      self.becomes = becomes
    }
  }

  public private(set) var tasks: [Int32: Task] = [:]
  /// More tasks are not believed, so that a file cannot fill the memory.
  static let mostTasks = 1 << 20

  public init(_ tasks: some Sequence<Task> = []) {
    for task in tasks { self.tasks[task.pid] = task }
  }

  func has(_ role: TaskRole) -> Bool {
    tasks.values.contains { $0.role == role }
  }

  /// Reads a list of tasks.
  ///
  /// - Throws: ``FormatError`` with the line that is no task, or one too many.
  public init(parsing text: String, from file: String) throws(FormatError) {
    var number = 0
    for line in TextLines(text) {
      number += 1
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      guard let pid = Int32(first), pid >= 0 else {
        throw FormatError(
          file: "\(file):\(number)",
          reason: "'\(first.prefix(40))' is no pid; a line is a pid, "
            + "or: tid tgid ppid role in-cgroup comm")
      }
      var task = Task(pid: pid)
      if words.count > 3 {
        task.tgid = Int32(words[1])
        task.parent = Int32(words[2])
        switch words[3] {
        case "container": task.role = .app
        case "forked": task.role = .other
        default:
          guard let role = TaskRole(rawValue: String(words[3])) else {
            throw FormatError(
              file: "\(file):\(number)",
              reason: "'\(words[3].prefix(40))' is no role; roles are "
                + TaskRole.allCases.map(\.rawValue).joined(separator: ", "))
          }
          task.role = role
        }
        if words.count > 5 { task.comm = String(words[5]) }
      }
      guard tasks.count < Self.mostTasks else {
        throw FormatError(
          file: "\(file):\(number)", reason: "it lists more than \(Self.mostTasks) tasks")
      }
      tasks[pid] = task
    }
  }

  /// Adds the tasks of `other` that are not listed here.
  public mutating func add(_ other: TaskList) {
    tasks.merge(other.tasks) { mine, _ in mine }
  }

  public var isEmpty: Bool { tasks.isEmpty }
}
