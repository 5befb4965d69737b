import Terminal

/// A baseline as a file: text, one fact a line, fields separated by tabs, so that a change of it reads
/// well in a review.
///
///     kernel-footprint-baseline  1
///     # Written by tracequery; docs/ci.md says what each line means.
///     written    2026-11-25T07:00:00Z
///     selection  runc/redis-server
///     kernel     6.1.0-25-amd64
///     …
///     run        6f0c…  runc  redis-server
///     syscall    read  native  __x64_sys_read
///     function   vfs_read
///     function   fuse_read.isra.0  fuse_read
///     end
///
/// Lines are sorted, and hold no counts, so that two baselines of equal footprints are equal but for
/// their provenance.
enum BaselineText {
  static let magic = "kernel-footprint-baseline"
  static let version: Int64 = 1

  /// - Parameter written: nanoseconds since 1970-01-01 UTC.
  /// - Precondition: none; a footprint of several conditions writes the first of each field, which
  ///   ``GateCommand`` refuses before.
  static func text(_ footprint: GateFootprint, written: Int64) -> String {
    var lines = [
      [magic, String(version)],
      ["# Written by tracequery \(programVersion); docs/ci.md says what each line means."],
      ["written", calendarTime(written) ?? "unknown"],
      ["selection", footprint.source],
    ]
    let condition = footprint.conditions.sorted { $0.kernel < $1.kernel }.first
    for field in GateFootprint.Condition.fields {
      lines.append([field.name, condition?[keyPath: field.path] ?? ""])
    }
    lines.append(["roles", footprint.roles])
    lines += footprint.runs.map { ["run", $0.uuid, $0.runtime, $0.workload] }
    var items: [GateItem.Key: GateItem] = [:]
    for item in footprint.items {
      let key = item.key(isAcross: false)
      if items[key] == nil { items[key] = item } else { items[key]?.merge(item) }
    }
    lines += items.sorted { $0.key < $1.key }.map { line($0.value) }
    lines.append(["end"])
    return lines.map { fields in
      fields.map { visible($0, escapingBackslash: true) }.joined(separator: "\t") + "\n"
    }.joined()
  }

  private static func line(_ item: GateItem) -> [String] {
    switch item.kind {
    case .syscall: ["syscall", item.name, item.abi ?? "native", item.function]
    case .function:
      ["function", item.name] + (item.canonical == item.name ? [] : [item.canonical])
    }
  }
}
