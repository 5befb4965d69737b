import Terminal

/// Whoever knows which runtimes containers can be started with.
protocol RuntimeLister {
  /// - Throws: an error whose description says what the environment lacks.
  func runtimes() throws -> [RuntimeEntry]
}

/// A runtime as lists show it.
struct RuntimeEntry: Equatable, Sendable {
  var name: String
  /// nil when the engine does not say.
  var path: String?
  var version: String?
  var isDefault = false
}

/// The runtimes as an answer.
enum RuntimeList {
  static let columns = [
    Column("runtime", .text), Column("default", .text), Column("version", .text),
    Column("path", .text),
  ]

  /// No container engine is asked yet: `native` needs none.
  static func lister() -> any RuntimeLister { NativeOnly() }

  static func print(_ lister: any RuntimeLister, _ printer: AnswerPrinter) throws {
    try printer.print(columns, rows(try lister.runtimes()))
  }

  static func rows(_ runtimes: [RuntimeEntry]) -> [[Cell]] {
    runtimes.map { runtime in
      [
        .text(runtime.name), .text(runtime.isDefault ? "yes" : "no"),
        runtime.version.map { .text($0) } ?? .null, runtime.path.map { .text($0) } ?? .null,
      ]
    }
  }

  private struct NativeOnly: RuntimeLister {
    func runtimes() -> [RuntimeEntry] { [RuntimeEntry(name: "native")] }
  }
}
