/// What runs at an interrupt's exit behind its context flags, and calls further.
///
/// The flags of such calls say nothing, and of a call in a flat recording only the caller is known, not
/// what encloses both. But interrupts are off meanwhile, so that these calls follow one another on their CPU:
/// each has a caller that came before it in the same tail, and the first that has not ends it.
struct InterruptTail {
  private let pid: Int32
  /// Canonical names: in binary recordings a caller is another address than the same function's entry.
  private var functions: [String]

  init(pid: Int32, root: String) {
    self.pid = pid
    functions = [root]
  }

  /// Whether the next call on the CPU belongs to the tail, too.
  mutating func takes(_ function: String, from caller: String, of pid: Int32) -> Bool {
    guard pid == self.pid, functions.contains(caller) else { return false }
    if !functions.contains(function) { functions.append(function) }
    return true
  }
}
