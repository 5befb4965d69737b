/// Version 7: sections anywhere in the file, found through lists of options.
extension TraceDat {
  /// Reads the options section at `offset`, and those that it leads to.
  mutating func readOptions(at offset: UInt64) throws {
    var next = offset
    while next != 0 {
      guard visited.insert(next).inserted else {
        throw FormatError(
          file: file.name, reason: "its options lead in a circle at byte \(next); it is damaged")
      }
      let (_, bytes) = try readSection(at: next, expected: 0, what: "the options")
      var reader = SectionReader(bytes, what: "the options at byte \(next)", file: file.name)
      next = 0
      while reader.remaining > 0 {
        let id = try reader.number(UInt16.self)
        let payload = try reader.take(UInt64(try reader.number(UInt32.self)))
        if id == 0 {
          var end = SectionReader(payload, what: "the last option", file: file.name)
          if end.remaining >= 8 { next = try end.number(UInt64.self) }
          break
        }
        try readOption(id, payload)
      }
    }
  }

  private mutating func readOption(_ id: UInt16, _ payload: [UInt8]) throws {
    var option = SectionReader(payload, what: "option \(id)", file: file.name)
    switch id {
    case 3: try readBuffer(&option)
    case 16...19, 21:
      let offset = try option.number(UInt64.self)
      guard visited.insert(offset).inserted else {
        throw FormatError(
          file: file.name,
          reason: "its options name the section at byte \(offset) twice; it is damaged")
      }
      let (_, bytes) = try readSection(at: offset, expected: id, what: "section \(id)")
      var section = SectionReader(bytes, what: "section \(id)", file: file.name)
      switch id {
      case 16: try readHeaders(&section)
      case 17: try readFormats(&section, system: "ftrace")
      case 18: try readSystems(&section)
      case 19: kallsyms = try section.take(UInt64(try section.number(UInt32.self)))
      default: readCommandLines(try section.take(try section.number(UInt64.self)))
      }
    default: readCommonOption(id, payload)
    }
  }

  /// u64 offset, name, clock, u32 page size, u32 CPUs, for each u32 CPU, u64 offset, u64 size.
  private mutating func readBuffer(_ option: inout SectionReader) throws {
    let offset = try option.number(UInt64.self)
    let name = try option.string()
    let clock = try option.string()
    let pageSize = Int(try option.number(UInt32.self))
    guard pageSize >= 512, pageSize <= PageLayout.largestPage else {
      throw FormatError(
        file: file.name,
        reason: "the buffer '\(name)' has pages of \(pageSize) bytes; it is damaged")
    }
    var cpus: [(cpu: Int, offset: UInt64, size: UInt64)] = []
    for _ in 0..<(try option.number(UInt32.self)) {
      let cpu = Int(try option.number(UInt32.self))
      let start = try option.number(UInt64.self)
      let size = try option.number(UInt64.self)
      // A CPU without pages has them nowhere, which may be behind the file's end.
      if size == 0 {
        cpus.append((cpu, min(start, file.size), 0))
        continue
      }
      guard start <= file.size, size <= file.size - start else {
        throw FormatError(
          file: file.name,
          reason: "the pages of CPU \(cpu) should end at byte "
            + "\(start.addingReportingOverflow(size).partialValue), but the file has \(file.size); "
            + "it is cut or damaged")
      }
      cpus.append((cpu, start, size))
    }
    let header = try sectionHeader(at: offset)
    buffers.append(
      Buffer(
        name: name, clock: clock, pageSize: pageSize, cpus: cpus,
        isCompressed: header.flags & 1 != 0))
  }

  private func sectionHeader(at offset: UInt64) throws -> (id: UInt16, flags: UInt16, size: UInt64)
  {
    var reader = SectionReader(
      try file.read(at: offset, count: 16), what: "the section at byte \(offset)", file: file.name)
    let id = try reader.number(UInt16.self)
    let flags = try reader.number(UInt16.self)
    _ = try reader.number(UInt32.self)
    return (id, flags, try reader.number(UInt64.self))
  }

  /// A section's header and its bytes, decompressed.
  private func readSection(
    at offset: UInt64, expected: UInt16, what: String
  ) throws -> (flags: UInt16, [UInt8]) {
    let header = try sectionHeader(at: offset)
    guard header.id == expected, header.size <= UInt64(Self.largestSection) else {
      throw FormatError(
        file: file.name,
        reason: "\(what) should stand at byte \(offset), but there is section \(header.id) of "
          + "\(header.size) bytes; it is damaged")
    }
    let raw = try file.read(at: offset + 16, count: Int(header.size))
    guard header.flags & 1 != 0 else { return (header.flags, raw) }
    var reader = SectionReader(raw, what: what, file: file.name)
    let compressed = try reader.number(UInt32.self)
    let size = try reader.number(UInt32.self)
    guard size <= Self.largestSection else {
      throw FormatError(file: file.name, reason: "\(what) promises \(size) bytes; it is damaged")
    }
    let frame = try reader.take(UInt64(compressed))
    return (header.flags, try compression.expand(frame, to: Int(size), file: file.name))
  }
}

extension TraceDat.Compression {
  /// Decompresses one section or chunk, which must come to `size` bytes.
  func expand(_ frame: [UInt8], to size: Int, file: String) throws -> [UInt8] {
    let bytes: [UInt8] =
      switch self {
      case .none: frame
      case .zlib: try Decompress.zlib(frame, limit: size, file: file)
      case .zstd: try Decompress.zstd(frame, limit: size, file: file)
      }
    guard bytes.count == size else {
      throw FormatError(
        file: file,
        reason: "a compressed section came to \(bytes.count) bytes instead of \(size); "
          + "it is damaged")
    }
    return bytes
  }
}
