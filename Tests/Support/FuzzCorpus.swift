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

  /// The inputs of a target, by name; and where the environment's `FUZZ_CORPUS` names a corpus of
  /// script/fuzz, those of that too, here with the sizes of tables that the programs have.
  public static func inputs(of target: String) throws -> [Input] {
    var inputs = try inputs(in: folder.appending(path: target))
    if let corpus = ProcessInfo.processInfo.environment["FUZZ_CORPUS"] {
      inputs += try Self.inputs(in: URL(filePath: corpus).appending(path: target))
    }
    return inputs
  }

  private static func inputs(in place: URL) throws -> [Input] {
    try FileManager.default.contentsOfDirectory(atPath: place.path).sorted().map { name in
      Input(
        description: "\(place.lastPathComponent)/\(name)",
        bytes: [UInt8](try Data(contentsOf: place.appending(path: name))))
    }
  }
}
