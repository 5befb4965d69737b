/// Version 6: everything in a fixed order.
extension TraceDat {
  /// Bytes that are read in search of the metadata, which lies before the pages and does not tell its
  /// size: most of it is kallsyms, which has 4 to 15 MB.
  private static let metadataSizes = [8 << 20, 24 << 20, largestSection]

  mutating func readVersion6(from start: UInt64) throws {
    for bound in Self.metadataSizes {
      let count = Int(min(file.size - start, UInt64(bound)))
      // What a part has told is forgotten when it was too little.
      var whole = self
      do {
        try whole.readVersion6(
          SectionReader(
            try file.read(at: start, count: count), what: "the metadata", file: file.name))
        self = whole
        return
      } catch let error as FormatError {
        guard UInt64(count) < file.size - start, bound < Self.largestSection else { throw error }
      }
    }
  }

  private mutating func readVersion6(_ metadata: SectionReader) throws {
    var reader = metadata
    try readHeaders(&reader)
    try readFormats(&reader, system: "ftrace")
    try readSystems(&reader)
    kallsyms = try reader.take(UInt64(try reader.number(UInt32.self)))
    _ = try reader.take(UInt64(try reader.number(UInt32.self)))
    readCommandLines(try reader.take(try reader.number(UInt64.self)))
    let cpus = Int(try reader.number(UInt32.self))
    guard cpus <= 1 << 16 else {
      throw FormatError(file: file.name, reason: "it speaks of \(cpus) CPUs; it is damaged")
    }
    var instances: [(name: String, offset: UInt64, cpus: Int)] = []
    var kind = try reader.take(10)
    if kind == Array("options  \0".utf8) {
      while true {
        let id = try reader.number(UInt16.self)
        if id == 0 { break }
        let payload = try reader.take(UInt64(try reader.number(UInt32.self)))
        if id == 3 {
          var option = SectionReader(payload, what: "a buffer's option", file: file.name)
          let offset = try option.number(UInt64.self)
          instances.append((try option.string(), offset, cpus))
        } else if id == 8 {
          // The CPU count of the buffer named last, when it differs.
          var option = SectionReader(payload, what: "a CPU count", file: file.name)
          let count = Int(try option.number(UInt32.self))
          if !instances.isEmpty, count <= 1 << 16 { instances[instances.count - 1].cpus = count }
        } else {
          readCommonOption(id, payload)
        }
      }
      kind = try reader.take(10)
    }
    guard kind == Array("flyrecord\0".utf8) else {
      throw FormatError(
        file: file.name,
        reason: "it holds no raw pages (latency traces are text); record it with trace-cmd record")
    }
    buffers.append(try buffer("", cpus: cpus, reader: &reader))
    for instance in instances {
      let size = UInt64(10 + instance.cpus * 16)
      guard instance.offset <= file.size else {
        throw FormatError(
          file: file.name, reason: "the buffer '\(instance.name)' lies behind the end; it is cut")
      }
      var part = SectionReader(
        try file.read(at: instance.offset, count: Int(min(size, file.size - instance.offset))),
        what: "the buffer '\(instance.name)'", file: file.name)
      guard try part.take(10) == Array("flyrecord\0".utf8) else { continue }
      buffers.append(try buffer(instance.name, cpus: instance.cpus, reader: &part))
    }
  }

  private func buffer(
    _ name: String, cpus: Int, reader: inout SectionReader
  ) throws -> Buffer {
    var entries: [(cpu: Int, offset: UInt64, size: UInt64)] = []
    for cpu in 0..<cpus {
      let offset = try reader.number(UInt64.self)
      let size = try reader.number(UInt64.self)
      // A CPU without pages has them nowhere, which may be behind the file's end.
      if size == 0 {
        entries.append((cpu, min(offset, file.size), 0))
        continue
      }
      guard offset <= file.size, size <= file.size - offset else {
        throw FormatError(
          file: file.name,
          reason: "the pages of CPU \(cpu) should end at byte "
            + "\(offset.addingReportingOverflow(size).partialValue), but the file has \(file.size); "
            + "it is cut or damaged")
      }
      entries.append((cpu, offset, size))
    }
    return Buffer(
      name: name, clock: RecordingReader.chosenClock(clock), pageSize: pageSize, cpus: entries,
      isCompressed: false)
  }
}
