/// Where tracefs may be mounted, as a table of mounts says (proc_pid_mounts(5)).
///
///     nodev /sys/kernel/tracing tracefs rw,nosuid 0 0
///
/// The second word is the folder, with spaces and the like as `\040`; the third the kind.
enum TracefsMounts {
  /// The usual places, for a table that cannot be read.
  static let usual = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]

  /// Folders worth trying, best first: mounts of tracefs, then `tracing` below debugfs, then the
  /// usual places.
  static func candidates(_ table: String) -> [String] {
    var tracefs: [String] = []
    var debugfs: [String] = []
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 3 else { continue }
      let folder = unescaped(words[1])
      switch words[2] {
      case "tracefs": tracefs.append(folder)
      case "debugfs": debugfs.append(folder + "/tracing")
      default: break
      }
    }
    // debugfs mounts a tracefs of its own below itself once somebody looks: the plain one first.
    tracefs.sort { usual.firstIndex(of: $0) ?? 9 < usual.firstIndex(of: $1) ?? 9 }
    var seen = Set<String>()
    return (tracefs + debugfs + usual).filter { seen.insert($0).inserted }
  }

  /// With `\040` and its like turned back into bytes.
  private static func unescaped(_ word: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(word.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == 0x5c, digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
        bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }))
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
