/// A file of trace-cmd, version 6 or 7 (man pages trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5)): the
/// formats, symbols and names of the machine, and for each buffer the raw pages of its CPUs.
public struct TraceDat {
  /// One ring buffer: the top one (`name` is empty) or an instance.
  public struct Buffer: Sendable {
    public var name: String
    public var clock: String
    public var pageSize: Int
    /// Where each CPU's pages lie in the file, in bytes.
    public var cpus: [(cpu: Int, offset: UInt64, size: UInt64)]
    var isCompressed: Bool
  }

  enum Compression {
    case none, zlib, zstd
  }

  public internal(set) var version = 0
  public internal(set) var longSize = 8
  public internal(set) var pageSize = 4096
  public internal(set) var layout = PageLayout.standard()
  public internal(set) var formats: [EventFormat] = []
  /// Format files that could not be read: skipped, their events with them.
  public internal(set) var unreadableFormats = 0
  public internal(set) var kallsyms: [UInt8] = []
  /// Names of tasks.
  public internal(set) var comms: [Int32: TaskName] = [:]
  public internal(set) var buffers: [Buffer] = []
  /// `uname -a`-like text, when recorded.
  public internal(set) var uname = ""
  /// Text of the CPUs' stats at the end of the recording, one option a CPU.
  public internal(set) var cpuStats: [String] = []
  public internal(set) var clock = ""
  public internal(set) var guests = 0

  let file: SeekableFile
  var compression = Compression.none
  /// Where sections of metadata were read: each is named once, or a small file could name a large
  /// one without end.
  var visited: Set<UInt64> = []
  /// The largest section of metadata believed: kallsyms has some 15 MB.
  static let largestSection = 48 << 20

  public static let magic: [UInt8] = [0x17, 0x08, 0x44] + Array("tracing".utf8)

  /// Reads everything but the pages.
  ///
  /// - Throws: ``FormatError`` for what is not as the manual says, ``InputError`` for reads.
  public init(_ file: SeekableFile) throws {
    self.file = file
    var head = SectionReader(
      try file.read(at: 0, count: Int(min(file.size, 4096))), what: "the header", file: file.name)
    guard try head.take(10) == Self.magic else {
      throw FormatError(file: file.name, reason: "it is no trace.dat of trace-cmd")
    }
    let version = try head.string()
    guard version == "6" || version == "7" else {
      throw FormatError(
        file: file.name,
        reason: "its version is '\(version.prefix(16))'; 6 and 7 can be read "
          + "(trace-cmd convert --file-version 7 makes one of it)")
    }
    self.version = version == "6" ? 6 : 7
    guard try head.number(UInt8.self) == 0 else {
      throw FormatError(
        file: file.name, reason: "it was recorded on a big-endian machine, which is not supported")
    }
    longSize = Int(try head.number(UInt8.self))
    pageSize = Int(try head.number(UInt32.self))
    guard longSize == 8 || longSize == 4, pageSize >= 512, pageSize <= PageLayout.largestPage else {
      throw FormatError(
        file: file.name,
        reason: "its header speaks of \(longSize)-byte words and pages of \(pageSize) bytes; "
          + "it is damaged")
    }
    if self.version == 6 {
      try readVersion6(from: UInt64(head.position))
    } else {
      let name = try head.string()
      _ = try head.string()
      switch name {
      case "none", "": compression = .none
      case "zlib": compression = .zlib
      case "zstd": compression = .zstd
      default:
        throw FormatError(
          file: file.name,
          reason: "it is compressed with '\(name.prefix(16))'; none, zlib and zstd can be read")
      }
      try readOptions(at: try head.number(UInt64.self))
    }
    guard !buffers.isEmpty else {
      throw FormatError(file: file.name, reason: "it holds no buffer of events; was it closed?")
    }
    try refuseOverlaps()
  }

  /// No two CPUs have the same bytes: a small file could hold endless events.
  private func refuseOverlaps() throws(FormatError) {
    let places = buffers.flatMap(\.cpus).filter { $0.size > 0 }.sorted { $0.offset < $1.offset }
    for (one, next) in zip(places, places.dropFirst())
    where next.offset - one.offset < one.size {
      throw FormatError(
        file: file.name,
        reason: "the pages of CPU \(one.cpu) and of CPU \(next.cpu) overlap at byte "
          + "\(next.offset); it is damaged")
    }
  }

  /// The pages of a buffer, by CPU.
  public func sources(of buffer: Buffer) -> [(cpu: Int, any PageSource)] {
    buffer.cpus.map { entry in
      if buffer.isCompressed, compression != .none, entry.size > 0 {
        return (
          entry.cpu,
          ChunkedPages(
            file: file, compression: compression, offset: entry.offset, size: entry.size)
        )
      }
      return (entry.cpu, PlainPages(file: file, offset: entry.offset, size: entry.size))
    }
  }

  // MARK: - Parts that both versions have

  mutating func readHeaders(_ reader: inout SectionReader) throws {
    guard try reader.string() == "header_page" else {
      throw FormatError(file: file.name, reason: "its header_page is missing; it is damaged")
    }
    let page = try reader.take(try reader.number(UInt64.self))
    layout = try PageLayout.parse(
      String(decoding: page, as: UTF8.self), from: "\(file.name): header_page")
    guard try reader.string() == "header_event" else {
      throw FormatError(file: file.name, reason: "its header_event is missing; it is damaged")
    }
    _ = try reader.take(try reader.number(UInt64.self))
  }

  mutating func readFormats(_ reader: inout SectionReader, system: String) throws {
    for _ in 0..<(try reader.number(UInt32.self)) {
      let text = try reader.take(try reader.number(UInt64.self))
      do {
        formats.append(
          try EventFormat(
            parsing: String(decoding: text, as: UTF8.self), from: "\(file.name): \(system)"))
      } catch {
        unreadableFormats += 1
      }
    }
  }

  mutating func readSystems(_ reader: inout SectionReader) throws {
    for _ in 0..<(try reader.number(UInt32.self)) {
      let system = try reader.string()
      try readFormats(&reader, system: system)
    }
  }

  /// Lines of `pid comm`.
  mutating func readCommandLines(_ bytes: [UInt8]) {
    for line in bytes.split(separator: 0x0a) {
      guard let space = line.firstIndex(of: 0x20),
        let pid = Int32(String(decoding: line[..<space], as: UTF8.self))
      else { continue }
      comms[pid] = TaskName(line[(space + 1)...])
    }
  }

  /// Options that mean the same in both versions.
  mutating func readCommonOption(_ id: UInt16, _ payload: [UInt8]) {
    let text = String(decoding: payload.prefix { $0 != 0 }, as: UTF8.self)
    switch id {
    case 2: cpuStats.append(text)
    case 4: clock = text
    case 5: uname = text
    case 13: guests += 1
    default: break
    }
  }
}
