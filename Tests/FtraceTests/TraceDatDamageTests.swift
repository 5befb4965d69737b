import Foundation
import Testing

@testable import Ftrace

/// trace.dat with sections of zlib, and with numbers that lie.
@Suite struct TraceDatDamageTests {
  static let capture = "\(Captures.folder)/runc-python_tornado-1/trace.dat"

  private final class Temporary {
    let path = NSTemporaryDirectory() + "kernel-footprint-\(UUID().uuidString).dat"
    init(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  @Test func zlib() throws {
    let original = try TraceDatParts([UInt8](Data(contentsOf: URL(filePath: Self.capture))))
    let file = try Temporary(try original.repackedWithZlib())
    let converted = try TraceCmdTests.read(file.path)
    let expected = try TraceCmdTests.read(Self.capture)
    #expect(expected.rows.count > 100)
    #expect(converted.rows == expected.rows)
    #expect(converted.kernelRelease == expected.kernelRelease)
    #expect(converted.lost == expected.lost)
  }

  /// Reads the metadata, and of each CPU the first pages; how it failed, if it did.
  private static func outcome(_ path: String) -> String? {
    do {
      let file = try SeekableFile(InputFile.open(path), path: path)
      let dat = try TraceDat(file)
      _ = try EventCatalog(dat.formats)
      for buffer in dat.buffers {
        for source in dat.sources(of: buffer) {
          var block = [UInt8](repeating: 0, count: 1 << 16)
          _ = try source.1.read(into: &block, at: 0)
        }
      }
      return nil
    } catch let error as FormatError {
      return error.description
    } catch let error as InputError {
      return error.description
    } catch {
      return "unexpected: \(error)"
    }
  }

  /// Every number of the file that says where something is, how large or how many, one at a time,
  /// with each of these lies: an answer or a refusal that names the file, in bounded memory and time.
  @Test func everyNumberLies() throws {
    let parts = try TraceDatParts([UInt8](Data(contentsOf: URL(filePath: Self.capture))))
    let size = UInt64(parts.bytes.count)
    #expect(parts.fields.count > 60)
    let file = try Temporary(parts.bytes)
    let handle = try FileHandle(forUpdating: URL(filePath: file.path))
    func put(_ bytes: some Sequence<UInt8>, _ position: Int) throws {
      try handle.seek(toOffset: UInt64(position))
      try handle.write(contentsOf: Data(bytes))
    }
    #expect(Self.outcome(file.path) == nil)
    var refused = 0
    for field in parts.fields {
      let truth = parts.number(field.position, field.size)
      for lie in [0, truth &+ 1, size &+ 1, .max >> 1, .max] where lie != truth {
        let bytes = TraceDatParts.little(lie).prefix(field.size)
        try put(bytes, field.position)
        if let outcome = Self.outcome(file.path) {
          refused += 1
          #expect(
            outcome.hasPrefix(file.path) && !outcome.contains("\n"),
            "\(field.what) \(lie): \(outcome)")
        }
        try put(parts.bytes[field.position..<(field.position + field.size)], field.position)
      }
    }
    // Most lies cannot be believed; some are harmless (a CPU's number, a flag that is not used).
    #expect(refused > parts.fields.count * 2)
    #expect(Self.outcome(file.path) == nil)
  }

  /// Version 6 has its metadata in one piece: the same with every byte of its head.
  @Test func version6Lies() throws {
    let path = NSTemporaryDirectory() + "kernel-footprint-\(UUID().uuidString).dat"
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try TraceCmdTests.traceCmd([
      "convert", "-i", Self.capture, "-o", path, "--file-version", "6", "--compression", "none",
    ])
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let handle = try FileHandle(forUpdating: URL(filePath: path))
    // The number behind each of these texts, and those behind the last sections' ends.
    var positions: [(Int, Int)] = [(12, 1), (13, 1), (14, 4)]
    for name in ["header_page\0", "header_event\0", "options  \0", "flyrecord\0"] {
      let text = Array(name.utf8)
      guard let at = bytes.firstRange(of: text)?.upperBound else { continue }
      positions += [(at, 8), (at, 2), (at + 2, 4), (at + 8, 8)]
    }
    #expect(positions.count == 19)
    #expect(Self.outcome(path) == nil)
    var refused = 0
    for (position, size) in positions {
      for lie in [UInt64](arrayLiteral: 0, 1, 0x7fff_ffff, .max >> 1, .max) {
        try handle.seek(toOffset: UInt64(position))
        try handle.write(contentsOf: Data(TraceDatParts.little(lie).prefix(size)))
        if let outcome = Self.outcome(path) {
          refused += 1
          #expect(outcome.hasPrefix(path) && !outcome.contains("\n"), "\(position): \(outcome)")
        }
        try handle.seek(toOffset: UInt64(position))
        try handle.write(contentsOf: Data(bytes[position..<(position + size)]))
      }
    }
    #expect(refused > positions.count)
    #expect(Self.outcome(path) == nil)
  }

  /// Single bytes of the metadata changed at random (a fixed seed): never more than a refusal.
  @Test func changedBytes() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: Self.capture)))
    let file = try Temporary(bytes)
    let handle = try FileHandle(forUpdating: URL(filePath: file.path))
    var state: UInt64 = 0x5eed
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    for _ in 0..<300 {
      let position = Int(random()) % (random() % 2 == 0 ? 4096 : bytes.count)
      try handle.seek(toOffset: UInt64(position))
      try handle.write(contentsOf: Data([UInt8(truncatingIfNeeded: random())]))
      let outcome = Self.outcome(file.path)
      #expect(outcome?.hasPrefix("unexpected") != true, "\(position): \(outcome ?? "")")
      try handle.seek(toOffset: UInt64(position))
      try handle.write(contentsOf: Data([bytes[position]]))
    }
  }
}
