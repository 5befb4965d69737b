import Ftrace

/// A real capture of the tests, in memory.
struct Capture {
  static let folder = "../Tests/Fixtures/captures/runc-redis-server-1"

  private let catalog: EventCatalog
  private let layout: PageLayout
  private let cpus: [[UInt8]]

  init() throws {
    func text(_ name: String) throws -> String {
      String(decoding: try Self.bytes(name), as: UTF8.self)
    }
    layout = try PageLayout.parse(text("events/header_page"), from: "header_page")
    catalog = try EventCatalog([
      EventFormat(parsing: text("events/ftrace/function/format"), from: "function")
    ])
    cpus = try (0...1).map { try Self.bytes("func.cpu\($0).raw.zst") }
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try InputFile.open("\(folder)/\(name)").readAll()
  }

  func pages() throws -> RingBufferReader {
    RingBufferReader(
      catalog: catalog, layout: layout,
      sources: cpus.enumerated().map { ($0.offset, MemoryPages($0.element)) })
  }
}

/// Pages that lie in memory.
final class MemoryPages: PageSource {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = min(bytes.count - position, buffer.count - offset)
    guard count > 0 else { return 0 }
    buffer.replaceSubrange(offset..<(offset + count), with: bytes[position..<(position + count)])
    position += count
    return count
  }
}
