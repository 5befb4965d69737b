import Terminal

/// A runtime as lists show it.
struct RuntimeEntry: Equatable, Sendable {
  var name: String
  /// nil when the engine does not say.
  var path: String?
  var version: String?
}

/// The runtimes as an answer.
enum RuntimeList {
  static let columns = [
    Column("runtime", .text), Column("version", .text), Column("path", .text),
  ]

  /// What an engine knows, and `native`, which needs none.
  ///
  /// - Throws: ``ExperimentError`` when the engine does not answer.
  static func entries(_ engine: ContainerEngine) async throws -> [RuntimeEntry] {
    var entries: [RuntimeEntry] = []
    for runtime in try await engine.info().runtimes {
      entries.append(
        RuntimeEntry(
          name: runtime.name, path: runtime.program.isEmpty ? nil : runtime.program,
          version: await engine.version(of: runtime)))
    }
    return entries + [RuntimeEntry(name: "native")]
  }

  static func rows(_ runtimes: [RuntimeEntry]) -> [[Cell]] {
    runtimes.map { runtime in
      [
        .text(runtime.name), runtime.version.map { .text($0) } ?? .null,
        runtime.path.map { .text($0) } ?? .null,
      ]
    }
  }
}
