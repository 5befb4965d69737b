/// How a sub-buffer of the ring buffer is laid out, as `events/header_page` says (the kernel's
/// kernel/trace/ring_buffer.c, `ring_buffer_print_page_header`): a time stamp, the committed size
/// with two flags in its high bits, the records.
public struct PageLayout: Sendable, Equatable {
  /// Bytes of a whole sub-buffer, header included: 4096, or what `buffer_subbuf_size_kb` set.
  public var pageSize: Int
  public var timestampOffset: Int
  public var commitOffset: Int
  /// 8 on 64-bit kernels, 4 on 32-bit ones.
  public var commitSize: Int
  public var dataOffset: Int

  /// The layout of every 64-bit kernel with sub-buffers of `pageSize` bytes.
  public static func standard(pageSize: Int = 4096) -> PageLayout {
    PageLayout(
      pageSize: pageSize, timestampOffset: 0, commitOffset: 8, commitSize: 8, dataOffset: 16)
  }

  /// The largest sub-buffer believed: the kernel allows orders of pages up to 64 KiB × 8.
  public static let largestPage = 1 << 20

  /// Reads the text of `header_page`.
  ///
  /// - Throws: ``FormatError`` when a field is missing or the sizes cannot be.
  public static func parse(_ text: String, from file: String) throws(FormatError) -> PageLayout {
    var fields: [String: EventFormat.Field] = [:]
    for line in text.utf8.split(separator: Ascii.newline) {
      let line = Substring(line).trimmedSpaces
      guard line.utf8.starts(with: "field:".utf8) else { continue }
      guard let field = EventFormat.parseField(line) else {
        throw FormatError(file: file, reason: "this field cannot be read: \(line.prefix(80))")
      }
      fields[field.name] = field
    }
    guard let timestamp = fields["timestamp"], let commit = fields["commit"],
      let data = fields["data"]
    else {
      throw FormatError(file: file, reason: "it must have the fields timestamp, commit and data")
    }
    let pageSize = data.offset + data.size
    guard timestamp.size == 8, commit.size == 8 || commit.size == 4,
      timestamp.offset + 8 <= data.offset, commit.offset + commit.size <= data.offset,
      data.size >= 16, pageSize <= largestPage
    else {
      throw FormatError(file: file, reason: "its offsets and sizes are not those of a page")
    }
    return PageLayout(
      pageSize: pageSize, timestampOffset: timestamp.offset, commitOffset: commit.offset,
      commitSize: commit.size, dataOffset: data.offset)
  }

  /// The same layout with sub-buffers of another size.
  ///
  /// - Throws: ``FormatError`` when the records would begin behind the page's end.
  public func resized(to pageSize: Int, from file: String) throws(FormatError) -> PageLayout {
    guard pageSize >= dataOffset + 16 else {
      throw FormatError(
        file: file,
        reason: "its pages have \(pageSize) bytes, but their records begin at \(dataOffset); "
          + "it is damaged")
    }
    var copy = self
    copy.pageSize = pageSize
    return copy
  }
}
