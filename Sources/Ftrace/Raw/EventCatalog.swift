/// What the event types of one kernel's ring buffer mean: made from its format files, so that no
/// id and no offset is a constant of ours.
public struct EventCatalog: Sendable {
  /// A field that is read as an unsigned number of 1, 2, 4 or 8 bytes.
  struct Slot: Sendable {
    var offset: Int
    var size: Int
    var end: Int { offset + size }
  }

  /// The events that are decoded; every other one is skipped by its length.
  enum Kind: Sendable {
    case function(ip: Slot, parent: Slot)
    case functionRepeats(ip: Slot, parent: Slot, count: Slot)
    case graphEntry(function: Slot, depth: Slot)
    case graphExit(function: Slot, depth: Slot)
    case schedSwitch(previous: Slot, next: Slot, previousComm: Slot?, nextComm: Slot?)
    case schedFork(parent: Slot, child: Slot, childComm: Slot?)
    /// `file` is a `__data_loc` of 4 bytes.
    case schedExec(pid: Slot, oldPid: Slot, file: Slot?)
    case schedExit(pid: Slot)
    case syscallEnter(number: Slot)
    /// Described by a format file, not needed here.
    case other
  }

  struct Entry: Sendable {
    var kind: Kind
    /// Bytes that a record must have for all fields to be inside.
    var length: Int
  }

  /// Indexed by event id; nil where no format file describes it.
  private(set) var entries: [Entry?]
  /// `common_type`, `common_flags`, `common_pid`: equal in all events of a kernel.
  private(set) var type = Slot(offset: 0, size: 2)
  private(set) var flags = Slot(offset: 2, size: 1)
  private(set) var pid = Slot(offset: 4, size: 4)
  /// Names of the events that have a format, by id.
  public private(set) var names: [Int: String]

  /// Whether calls can be told at all.
  public var hasCallEvents: Bool {
    names.values.contains { $0 == "function" || $0 == "funcgraph_entry" }
  }

  /// The id of the event `function` when it has the layout of every 64-bit kernel: type, flags and pid
  /// in the first eight bytes, then `ip` and `parent_ip`. nil: the fields are looked up one by one.
  var plainFunction: UInt64? {
    guard type.offset == 0, type.size == 2, flags.offset == 2, pid.offset == 4, pid.size == 4 else {
      return nil
    }
    for (id, entry) in entries.enumerated() {
      guard case .function(let ip, let parent)? = entry?.kind else { continue }
      let isPlain = ip.offset == 8 && ip.size == 8 && parent.offset == 16 && parent.size == 8
      return isPlain ? UInt64(id) : nil
    }
    return nil
  }

  /// - Throws: ``FormatError`` when a needed field is missing, or the common fields differ.
  public init(_ formats: [EventFormat]) throws(FormatError) {
    entries = []
    names = [:]
    var isFirst = true
    for format in formats {
      func slot(_ names: String...) throws(FormatError) -> Slot {
        for name in names {
          guard let field = format.field(name) else { continue }
          guard [1, 2, 4, 8].contains(field.size) else { break }
          return Slot(offset: field.offset, size: field.size)
        }
        throw FormatError(
          file: "events/\(format.name)/format", reason: "it has no usable field '\(names[0])'")
      }
      func comm(_ name: String) -> Slot? {
        guard let field = format.field(name), field.size == 16 else { return nil }
        return Slot(offset: field.offset, size: 16)
      }
      func dataLocation(_ name: String) -> Slot? {
        guard let field = format.field(name), field.type.hasPrefix("__data_loc"), field.size == 4
        else { return nil }
        return Slot(offset: field.offset, size: 4)
      }
      let kind: Kind =
        switch format.name {
        case "function": .function(ip: try slot("ip"), parent: try slot("parent_ip"))
        // The option func-no-repeats; fields of kernel/trace/trace_entries.h.
        case "func_repeats":
          .functionRepeats(
            ip: try slot("ip"), parent: try slot("parent_ip"), count: try slot("count"))
        case "funcgraph_entry", "fgraph_retaddr_entry":
          .graphEntry(function: try slot("func"), depth: try slot("depth"))
        case "funcgraph_exit": .graphExit(function: try slot("func"), depth: try slot("depth"))
        case "sched_switch":
          .schedSwitch(
            previous: try slot("prev_pid"), next: try slot("next_pid"),
            previousComm: comm("prev_comm"), nextComm: comm("next_comm"))
        case "sched_process_fork":
          .schedFork(
            parent: try slot("parent_pid"), child: try slot("child_pid"),
            childComm: comm("child_comm"))
        case "sched_process_exec":
          .schedExec(
            pid: try slot("pid"), oldPid: try slot("old_pid"), file: dataLocation("filename"))
        case "sched_process_exit": .schedExit(pid: try slot("pid"))
        case "sys_enter": .syscallEnter(number: try slot("id"))
        default: .other
        }
      let type = try slot("common_type")
      guard type.size <= 4 else {
        throw FormatError(
          file: "events/\(format.name)/format", reason: "its common_type has \(type.size) bytes")
      }
      let flags = try slot("common_flags")
      let pid = try slot("common_pid")
      if isFirst {
        (self.type, self.flags, self.pid) = (type, flags, pid)
        isFirst = false
      } else if type.offset != self.type.offset || type.size != self.type.size
        || flags.offset != self.flags.offset || pid.offset != self.pid.offset
        || pid.size != self.pid.size
      {
        throw FormatError(
          file: "events/\(format.name)/format", reason: "its common fields differ from the others'")
      }
      let length = Self.length(of: kind, common: max(type.end, flags.end, pid.end))
      if entries.count <= format.id {
        entries.append(contentsOf: repeatElement(nil, count: format.id + 1 - entries.count))
      }
      entries[format.id] = Entry(kind: kind, length: length)
      names[format.id] = format.name
    }
  }

  private static func length(of kind: Kind, common: Int) -> Int {
    let ends: [Int] =
      switch kind {
      case .function(let ip, let parent): [ip.end, parent.end]
      case .functionRepeats(let ip, let parent, let count): [ip.end, parent.end, count.end]
      case .graphEntry(let function, let depth): [function.end, depth.end]
      case .graphExit(let function, let depth): [function.end, depth.end]
      case .schedSwitch(let previous, let next, let previousComm, let nextComm):
        [previous.end, next.end, previousComm?.end ?? 0, nextComm?.end ?? 0]
      case .schedFork(let parent, let child, let comm): [parent.end, child.end, comm?.end ?? 0]
      case .schedExec(let pid, let oldPid, let file): [pid.end, oldPid.end, file?.end ?? 0]
      case .schedExit(let pid): [pid.end]
      case .syscallEnter(let number): [number.end]
      case .other: []
      }
    return max(common, ends.max() ?? 0)
  }
}
