/// Walks the records of one CPU's sub-buffers in order.
///
/// A page (kernel/trace/ring_buffer.c, `struct buffer_data_page`): u64 time stamp of its first
/// record, the committed size in bytes, whose bit 31 says that events were lost before this page
/// and bit 30 that their number stands behind the committed bytes; then the records
/// (`struct ring_buffer_event`): a u32 of `type_len` (5 bits) and time delta (27 bits), and
///
///     type_len 1...28   payload of type_len × 4 bytes
///     0                 u32 length, itself included, then the payload
///     29 padding        delta 0: the rest of the page is unused; else a discarded event: u32
///                       length, itself included; its delta counts
///     30 time extend    u32 high part: time += high << 27 + delta
///     31 time stamp     absolute: the low 59 bits
struct PageCursor {
  /// What ``advance(_:)`` found.
  enum Step {
    /// A data record: see ``payload``, ``length``, ``timestamp``.
    case record
    /// Events were lost before the next record; nil when the kernel did not store how many.
    case lost(UInt64?)
    /// Something that could not be read was skipped.
    case problem(ImportProblem, position: UInt64)
    /// No more pages.
    case end
  }

  let cpu: UInt16
  /// How many pages are read at once.
  let pagesPerBlock: Int
  private let layout: PageLayout
  private let source: any PageSource
  /// Pages read at once, one after the other; the one being walked begins at ``page``.
  private(set) var block: [UInt8] = []
  let blockSize: Int
  private var filled = 0
  private var page = 0
  var position = 0
  private(set) var end = 0
  private var blockStart: UInt64 = 0
  var timestamp: UInt64 = 0
  /// Where the record's payload lies in ``block``, and how many bytes it has.
  private(set) var payload = 0
  private(set) var length = 0
  private(set) var pages: UInt64 = 0
  /// Where the record's payload lies in the source, in bytes.
  var place: UInt64 { blockStart + UInt64(payload) }
  /// Marks and problems of the page just loaded, to be said before its first record.
  private var pending: [Step] = []
  private var isFinished = false

  /// - Parameter blockSize: bytes to read at once; at least a page is.
  init(cpu: UInt16, layout: PageLayout, source: any PageSource, blockSize: Int = Sizes.pages) {
    self.cpu = cpu
    self.layout = layout
    self.source = source
    pagesPerBlock = max(1, blockSize / layout.pageSize)
    self.blockSize = pagesPerBlock * layout.pageSize
  }

  /// Goes to the next record, mark or problem.
  ///
  /// - Throws: what the page source throws.
  mutating func advance() throws -> Step {
    while true {
      if position + 4 > end {
        if !pending.isEmpty { return pending.removeFirst() }
        guard try nextPage() else { return .end }
        if !pending.isEmpty { return pending.removeFirst() }
        continue
      }
      if !pending.isEmpty { return pending.removeFirst() }
      let head = word(at: position)
      let type = head & 31
      let delta = UInt64(head >> 5)
      if type &- 1 < 28 {
        let size = Int(type) &* 4
        timestamp &+= delta
        payload = position &+ 4
        length = size
        position = payload &+ size
        if position > end { return overrun() }
        return .record
      }
      if type == 29, delta == 0 {
        position = end
        continue
      }
      // Every other kind has a second word.
      guard position + 8 <= end else { return overrun() }
      let word = word(at: position + 4)
      switch type {
      case 30:
        timestamp &+= (UInt64(word) << 27) &+ delta
        position += 8
      case 31:
        var absolute = (UInt64(word) << 27) | delta
        let high = timestamp & (0x1f << 59)
        if high != 0 {
          absolute |= high
          if absolute < timestamp { absolute &+= 1 << 59 }
        }
        timestamp = absolute
        position += 8
      case 29:
        timestamp &+= delta
        guard word >= 4, Int(word) <= end - position - 4 else { return overrun() }
        position += 4 + Int(word)
      default:
        timestamp &+= delta
        guard word >= 4, Int(word) <= end - position - 4 else { return overrun() }
        payload = position + 8
        length = Int(word) - 4
        // Records are aligned to four bytes.
        position = min(end, position + 4 + (Int(word) + 3) / 4 * 4)
        return .record
      }
    }
  }

  /// A record that runs over the committed bytes: nothing after it in this page can be believed.
  private mutating func overrun() -> Step {
    let at = blockStart + UInt64(min(position, filled))
    position = end
    return .problem(.badRecordLength, position: at)
  }

  /// Loads the next page; false when there is none.
  private mutating func nextPage() throws -> Bool {
    page += layout.pageSize
    if pages == 0 || page >= filled {
      guard !isFinished else { return reportCut() }
      // Not before it is needed, nor after the end: of many CPUs most may have no pages.
      if block.isEmpty { block = [UInt8](repeating: 0, count: blockSize) }
      blockStart += UInt64(filled)
      filled = 0
      page = 0
      while filled < block.count {
        let count = try source.read(into: &block, at: filled)
        if count == 0 {
          isFinished = true
          break
        }
        filled += count
      }
      let rest = filled % layout.pageSize
      if rest != 0 {
        // The whole pages of this block are walked first; the stump is reported with the last.
        filled -= rest
        cutAt = blockStart + UInt64(filled)
      }
      if filled == 0 {
        block = []
        return reportCut()
      }
    }
    pages += 1
    let started = block.span.bytes.unsafeLoadUnaligned(
      fromByteOffset: page + layout.timestampOffset, as: UInt64.self)
    if started < timestamp {
      pending.append(.problem(.timeWentBack, position: blockStart + UInt64(page)))
    }
    timestamp = started
    let commit = long(at: page + layout.commitOffset)
    // The flags are added as a signed int: with bit 31 all the higher ones are set too.
    let size = Int(commit & 0x3fff_ffff)
    position = page + layout.dataOffset
    end = position + size
    if size > layout.pageSize - layout.dataOffset {
      end = position
      pending.append(.problem(.badPageCommit, position: blockStart + UInt64(page)))
    } else if commit & (1 << 31) != 0 {
      let isStored = commit & (1 << 30) != 0 && end + layout.commitSize <= page + layout.pageSize
      pending.append(.lost(isStored ? long(at: end) : nil))
    }
    return true
  }

  @inline(__always)
  private func word(at offset: Int) -> UInt32 {
    block.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  /// Says once that the source ended in the middle of a page; false when it did not.
  private mutating func reportCut() -> Bool {
    guard let cutAt else { return false }
    self.cutAt = nil
    (position, end) = (0, 0)
    pending.append(.problem(.cutPage, position: cutAt))
    return true
  }

  /// A number of the kernel's `long`: the commit field and the stored count of lost events.
  private func long(at offset: Int) -> UInt64 {
    let bytes = block.span.bytes
    return layout.commitSize == 8
      ? bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      : UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Where the source ended in the middle of a page, until that has been said.
  private var cutAt: UInt64?
}

/// Gives the bytes of one CPU's pages, in order.
public protocol PageSource: AnyObject {
  /// Fills `buffer` from `offset` on, as far as one read gives; 0 at the end.
  func read(into buffer: inout [UInt8], at offset: Int) throws -> Int
}
