import ArgumentParser
import TraceStore

extension RunName {
  /// - Throws: `ValidationError` that says which option has what is no name.
  static func check(_ options: (what: String, value: String?)...) throws {
    for (what, value) in options {
      if let value, !isValid(value) {
        throw ValidationError("\(what) '\(value)' is no name; only A-Z a-z 0-9 . _ - are allowed")
      }
    }
  }
}
