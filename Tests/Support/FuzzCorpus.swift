import Foundation

/// The inputs of the fuzzers that are kept: those that once found something, and a small set that
/// reaches what larger ones did.
public enum FuzzCorpus {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/fuzz")

  public struct Input: Sendable, CustomStringConvertible {
    public var description: String
    public var bytes: [UInt8]
  }

  /// The inputs of a target, by name.
  public static func inputs(of target: String) throws -> [Input] {
    let place = folder.appending(path: target)
    return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted().map { name in
      Input(
        description: "\(target)/\(name)",
        bytes: [UInt8](try Data(contentsOf: place.appending(path: name))))
    }
  }
}
