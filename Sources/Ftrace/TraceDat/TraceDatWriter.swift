/// Writes a trace.dat of version 6, uncompressed, with one buffer: what every trace-cmd and KernelShark
/// reads (trace-cmd.dat.v6(5)).
///
/// There is no option DATE, which would make trace-cmd add an offset to every time: times are those
/// of the trace clock, as in the warehouse.
public struct TraceDatWriter: Sendable {
  private let contents: TraceDatContents

  public init(_ contents: TraceDatContents) {
    self.contents = contents
  }

  /// Writes the file beside `path` and renames it when it is whole.
  ///
  /// - Parameter owner: whom the file shall belong to; nil leaves it to this process's user.
  /// - Throws: ``InputError`` for what cannot be read or written, ``FormatError`` for parts that no
  ///   file can hold.
  public func write(to path: String, owner: (user: UInt32, group: UInt32)? = nil) throws {
    let target = try NewFile(path, owner: owner)
    var cpus: [(cpu: Int, file: Descriptor, size: UInt64)] = []
    for (cpu, pages) in contents.pages.sorted(by: { $0.key < $1.key }) {
      let file = try Descriptor(reading: pages.path)
      let size = file.size ?? 0
      guard size % UInt64(contents.pageSize) == 0 else {
        throw FormatError(
          file: pages.path,
          reason: "it has \(size) bytes, which are no whole pages of \(contents.pageSize)")
      }
      cpus.append((cpu, file, size))
    }
    let count = (cpus.last?.cpu ?? -1) + 1
    var bytes = try head(cpus: count)
    // The table's size is known before its contents: an offset and a size a CPU.
    var offset = UInt64(bytes.count + count * 16)
    var table: [UInt8] = []
    var places: [(file: Descriptor, offset: UInt64, size: UInt64)] = []
    let page = UInt64(contents.pageSize)
    for cpu in 0..<count {
      offset = (offset + page - 1) / page * page
      let entry = cpus.first { $0.cpu == cpu }
      let size = entry?.size ?? 0
      table += Self.number(offset) + Self.number(size)
      if let entry, size > 0 { places.append((entry.file, offset, size)) }
      offset += size
    }
    bytes += table
    try target.write(bytes)
    for place in places {
      try target.seek(to: place.offset)
      try target.copy(place.file, count: place.size)
    }
    try target.finish()
  }

  /// Everything before the table of CPUs.
  private func head(cpus: Int) throws(FormatError) -> [UInt8] {
    guard cpus <= 1 << 16, contents.pageSize >= 512, contents.pageSize <= PageLayout.largestPage,
      contents.kallsyms.count <= UInt32.max, contents.printkFormats.count <= UInt32.max
    else {
      throw FormatError(file: "trace.dat", reason: "\(cpus) CPUs or their texts are too many")
    }
    let layout = try PageLayout.parse(
      String(decoding: contents.headerPage, as: UTF8.self), from: "header_page")
    var bytes = TraceDat.magic + Self.text("6")
    // Little endian; bytes of a long.
    bytes += [0, UInt8(layout.commitSize)] + Self.number(UInt32(contents.pageSize))
    bytes += Self.text("header_page") + Self.sized(headerPage(layout))
    bytes += Self.text("header_event") + Self.sized(contents.headerEvent)
    bytes += Self.formats(contents.tracerFormats)
    bytes += Self.number(UInt32(contents.systems.count))
    for system in contents.systems {
      bytes += Self.text(system.name) + Self.formats(system.formats)
    }
    // At once: megabytes.
    bytes.reserveCapacity(bytes.count + contents.kallsyms.count + (1 << 20))
    bytes += Self.number(UInt32(contents.kallsyms.count))
    bytes += contents.kallsyms
    bytes += Self.number(UInt32(contents.printkFormats.count))
    bytes += contents.printkFormats
    bytes += Self.sized(contents.commandLines)
    bytes += Self.number(UInt32(cpus)) + Array("options  \0".utf8)
    if !contents.clock.isEmpty { bytes += Self.option(4, contents.clock) }
    if !contents.uname.isEmpty { bytes += Self.option(5, contents.uname) }
    bytes += Self.option(9, contents.writer)
    for (cpu, pages) in contents.pages.sorted(by: { $0.key < $1.key }) {
      if let stats = pages.stats { bytes += Self.option(2, "CPU: \(cpu)\n\(stats)") }
    }
    return bytes + Self.number(UInt16(0)) + Array("flyrecord\0".utf8)
  }

  /// `header_page` with the size of our pages: the kernel's text is that of the top-level buffer,
  /// whose sub-buffers may have another one.
  private func headerPage(_ layout: PageLayout) -> [UInt8] {
    guard layout.pageSize != contents.pageSize else { return contents.headerPage }
    let text = String(decoding: contents.headerPage, as: UTF8.self)
    let size = contents.pageSize - layout.dataOffset
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.contains(" data;"), let from = line.firstRange(of: "size:"),
        let to = line[from.upperBound...].firstIndex(of: ";")
      else { return String(line) }
      return line[..<from.upperBound] + "\(size)" + line[to...]
    }
    return Array(lines.joined(separator: "\n").utf8)
  }

  // MARK: - Numbers and texts

  private static func number(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func text(_ value: String) -> [UInt8] { Array(value.utf8) + [0] }

  private static func sized(_ bytes: [UInt8]) -> [UInt8] { number(UInt64(bytes.count)) + bytes }

  private static func formats(_ formats: [[UInt8]]) -> [UInt8] {
    formats.reduce(into: number(UInt32(formats.count))) { $0 += sized($1) }
  }

  private static func option(_ id: UInt16, _ value: String) -> [UInt8] {
    let bytes = text(value)
    return number(id) + number(UInt32(bytes.count)) + bytes
  }
}
