import Foundation

@testable import Ftrace

/// Small files in every compression, and files that a test makes for itself.
enum InputFixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/input").path

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: path(name))))
  }

  /// What the compressed ones hold: the beginning of a real function trace.
  static func text() throws -> [UInt8] { try bytes("text") }

  /// Runs `body` with a path in a new folder, which goes away afterwards.
  static func withTemporaryPath<Result>(
    _ name: String = "file", _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appending(path: name).path)
  }

  /// Runs `body` with the path of a file that holds `bytes`.
  static func withFile<Result>(
    _ bytes: some Sequence<UInt8>, _ body: (String) throws -> Result
  ) throws -> Result {
    try withTemporaryPath { path in
      try Data(bytes).write(to: URL(filePath: path))
      return try body(path)
    }
  }
}
