@testable import Ftrace

/// Writes small trace.dat files after the manual pages trace-cmd.dat.v6(5) and v7(5), with what no
/// recording at hand has: several buffers, guests, sub-buffers of any size.
struct TraceDatMaker {
  struct Buffer {
    var name: String
    /// The pages of each CPU.
    var cpus: [[UInt8]]
  }

  var pageSize = 4096
  /// What header_page says of its own size; nil: ``pageSize``.
  var headerPageData: String?
  var formats = [GeneratedPagesTests.format]
  /// The first is the top one.
  var buffers: [Buffer]
  var guests: [String] = []
  /// Lines of kallsyms.
  var kallsyms = ""

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    TraceDatParts.little(value)
  }

  private static func text(_ string: String) -> [UInt8] { Array(string.utf8) + [0] }

  private var headerPage: [UInt8] {
    Array(
      (headerPageData
        ?? """
        \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
        \tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
        \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
        \tfield: char data;\toffset:16;\tsize:\(pageSize - 16);\tsigned:1;

        """).utf8)
  }

  private var headers: [UInt8] {
    let event = Array("# compressed entry header\n".utf8)
    return Self.text("header_page") + Self.little(UInt64(headerPage.count)) + headerPage
      + Self.text("header_event") + Self.little(UInt64(event.count)) + event
  }

  private var ftraceFormats: [UInt8] {
    Self.little(UInt32(formats.count))
      + formats.flatMap { Self.little(UInt64($0.utf8.count)) + Array($0.utf8) }
  }

  /// name, id of the guest's trace, its CPUs and their threads.
  private func guest(_ name: String) -> [UInt8] {
    Self.text(name) + Self.little(UInt64(0x5eed)) + Self.little(UInt32(1)) + Self.little(UInt32(0))
      + Self.little(UInt32(4711))
  }

  private static func option(_ id: UInt16, _ payload: [UInt8]) -> [UInt8] {
    little(id) + little(UInt32(payload.count)) + payload
  }

  private func start(version: Int) -> [UInt8] {
    TraceDat.magic + Self.text("\(version)") + [0, 8] + Self.little(UInt32(pageSize))
  }

  func version6() -> [UInt8] {
    var out = start(version: 6) + headers + ftraceFormats + Self.little(UInt32(0))
    out += Self.little(UInt32(kallsyms.utf8.count)) + Array(kallsyms.utf8)
    out += Self.little(UInt32(0)) + Self.little(UInt64(0))
    out += Self.little(UInt32(buffers.first?.cpus.count ?? 0)) + Self.text("options  ")
    for name in guests { out += Self.option(13, guest(name)) }
    var places: [Int] = []
    for buffer in buffers.dropFirst() {
      places.append(out.count + 6)
      out += Self.option(3, [UInt8](repeating: 0, count: 8) + Self.text(buffer.name))
    }
    out += Self.little(UInt16(0))
    for (index, buffer) in buffers.enumerated() {
      if index > 0 {
        let place = places[index - 1]
        out.replaceSubrange(place..<(place + 8), with: Self.little(UInt64(out.count)))
      }
      out += Self.text("flyrecord")
      var offset = aligned(out.count + 16 * buffer.cpus.count)
      for pages in buffer.cpus {
        out += Self.little(UInt64(offset)) + Self.little(UInt64(pages.count))
        offset += pages.count
      }
      out += [UInt8](repeating: 0, count: aligned(out.count) - out.count)
      for pages in buffer.cpus { out += pages }
    }
    return out
  }

  func version7() -> [UInt8] {
    var out = start(version: 7) + Self.text("none") + Self.text("")
    let place = out.count
    out += [UInt8](repeating: 0, count: 8)
    var options: [UInt8] = []
    func section(_ id: UInt16, _ bytes: [UInt8], into out: inout [UInt8]) -> [UInt8] {
      let offset = out.count
      out += Self.little(id) + Self.little(UInt16(0)) + Self.little(UInt32(0))
      out += Self.little(UInt64(bytes.count)) + bytes
      return Self.little(UInt64(offset))
    }
    options += Self.option(16, section(16, headers, into: &out))
    options += Self.option(17, section(17, ftraceFormats, into: &out))
    options += Self.option(18, section(18, Self.little(UInt32(0)), into: &out))
    let symbols = Self.little(UInt32(kallsyms.utf8.count)) + Array(kallsyms.utf8)
    options += Self.option(19, section(19, symbols, into: &out))
    options += Self.option(21, section(21, Self.little(UInt64(0)), into: &out))
    for name in guests { options += Self.option(13, guest(name)) }
    for buffer in buffers {
      let head = out.count
      var payload = Self.little(UInt64(head)) + Self.text(buffer.name) + Self.text("local")
      payload += Self.little(UInt32(pageSize)) + Self.little(UInt32(buffer.cpus.count))
      var offset = aligned(head + 16)
      for (cpu, pages) in buffer.cpus.enumerated() {
        payload += Self.little(UInt32(cpu)) + Self.little(UInt64(offset))
        payload += Self.little(UInt64(pages.count))
        offset += pages.count
      }
      out += Self.little(UInt16(3)) + Self.little(UInt16(0)) + Self.little(UInt32(0))
      out += Self.little(UInt64(offset - head - 16))
      out += [UInt8](repeating: 0, count: aligned(out.count) - out.count)
      for pages in buffer.cpus { out += pages }
      options += Self.option(3, payload)
    }
    options += Self.option(0, [UInt8](repeating: 0, count: 8))
    let offset = section(0, options, into: &out)
    out.replaceSubrange(place..<(place + 8), with: offset)
    return out
  }

  private func aligned(_ offset: Int) -> Int { (offset + pageSize - 1) / pageSize * pageSize }
}
