import Terminal

/// What `collector ingest` refuses itself, with the exit code for it.
struct IngestError: Error, CustomStringConvertible, Equatable {
  var description: String
  var status: ExitStatus

  /// Names are typed in selections: everything else would need quoting there.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2e, 0x5f, 0x2d: true
        default: false
        }
      }
  }

  /// A name made of any text: what is not allowed in one becomes `_`.
  static func name(from text: String) -> String {
    let name = String(text.map { isName(String($0)) ? $0 : "_" }.prefix(64))
    return name.isEmpty ? "unnamed" : name
  }
}
