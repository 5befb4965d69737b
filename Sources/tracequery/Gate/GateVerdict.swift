/// What a gate found.
struct GateVerdict: Equatable {
  /// New and not ignored, system calls first, then by name.
  var new: [GateItem]
  /// New, but on the list of exceptions.
  var ignored: Int
  var allowed: Int

  var isPassed: Bool { new.count <= allowed }

  /// - Parameters:
  ///   - only: nil for both kinds.
  ///   - isAcross: compare functions by canonical name.
  init(
    _ candidate: GateFootprint, _ baseline: GateFootprint, only: GateItem.Kind? = nil,
    ignore: IgnoreList = IgnoreList(), allowed: Int = 0, isAcross: Bool = false
  ) {
    let known = Set(baseline.items.map { $0.key(isAcross: isAcross) })
    var found: [GateItem.Key: GateItem] = [:]
    for item in candidate.items where only == nil || item.kind == only {
      let key = item.key(isAcross: isAcross)
      guard !known.contains(key) else { continue }
      var item = item
      item.name = key.name
      if found[key] == nil { found[key] = item } else { found[key]?.merge(item) }
    }
    let sorted = found.sorted { $0.key < $1.key }.map(\.value)
    new = sorted.filter { !ignore.contains($0) }
    ignored = sorted.count - new.count
    self.allowed = allowed
  }

  /// One line that says it.
  var text: String {
    let syscalls = new.count { $0.kind == .syscall }
    let functions = new.count - syscalls
    let kinds = [
      syscalls > 0 ? "\(syscalls) system call\(syscalls == 1 ? "" : "s")" : nil,
      functions > 0 ? "\(functions) function\(functions == 1 ? "" : "s")" : nil,
    ].compactMap { $0 }.joined(separator: " and ")
    let excess = ignored > 0 ? ", \(ignored) ignored" : ""
    let limit = allowed > 0 ? ", \(allowed) allowed" : ""
    if new.isEmpty { return "gate passed: nothing new\(excess)" }
    return "gate \(isPassed ? "passed" : "failed"): \(kinds) new\(limit)\(excess)"
  }
}
