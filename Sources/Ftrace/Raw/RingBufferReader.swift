/// Decodes the raw pages of all CPUs of one buffer into one stream of events, merged by time.
///
/// Ties go to the lower CPU, as the kernel's own text does (kernel/trace/trace.c,
/// `__find_next_entry`). With a clock that is not the same on all CPUs (`local`) the order across
/// CPUs is only what the stamps say.
public struct RingBufferReader {
  private let catalog: EventCatalog
  private var cursors: [PageCursor]
  /// Records of every type, per CPU: as many as `entries` of the CPU's stats promises.
  public private(set) var records: [UInt64]
  public private(set) var pages: UInt64 = 0
  /// The CPUs, in the order of ``records``.
  public var cpus: [UInt16] { cursors.map(\.cpu) }
  /// Events of types that are not needed here.
  public private(set) var skipped: UInt64 = 0

  /// - Parameter sources: one a CPU, by CPU number.
  public init(catalog: EventCatalog, layout: PageLayout, sources: [(cpu: Int, any PageSource)]) {
    self.catalog = catalog
    // Many CPUs share what memory one reader may take.
    let blockSize = min(Sizes.pages, (16 << 20) / max(1, sources.count))
    cursors = sources.map {
      PageCursor(
        cpu: UInt16(clamping: $0.cpu), layout: layout, source: $0.1, blockSize: blockSize)
    }
    records = [UInt64](repeating: 0, count: cursors.count)
  }

  /// The CPUs' pages as lanes, which are read instead of this.
  mutating func takeLanes() -> [PageLane] {
    cursors.map { PageLane($0, catalog: catalog) }
  }

  /// Takes over what was counted while the lanes were read.
  mutating func note(_ pages: [UInt64], records: [UInt64], skipped: UInt64) {
    self.records = records
    self.pages = pages.reduce(0, +)
    self.skipped = skipped
  }

  /// Decodes everything.
  ///
  /// - Throws: what a page source throws; events before it have reached the sink.
  public mutating func decode(into sink: inout some EventSink) throws {
    var heads = [UInt64?](repeating: nil, count: cursors.count)
    for index in cursors.indices {
      heads[index] = try advance(index, into: &sink)
    }
    while true {
      // The CPU whose record is the oldest goes on until another one's is older.
      var first = -1
      var limit = UInt64.max
      var limitIndex = Int.max
      for (index, head) in heads.enumerated() {
        guard let head else { continue }
        if first < 0 {
          first = index
        } else if let best = heads[first], head < best {
          limit = best
          limitIndex = first
          first = index
        } else if head < limit {
          limit = head
          limitIndex = index
        }
      }
      guard first >= 0, var head = heads[first] else { break }
      while true {
        if !cursors[first].deliver(catalog, into: &sink) { skipped &+= 1 }
        guard let next = try advance(first, into: &sink) else {
          heads[first] = nil
          break
        }
        heads[first] = next
        head = next
        if head > limit || (head == limit && first > limitIndex) { break }
      }
    }
    pages = cursors.reduce(0) { $0 + $1.pages }
  }

  /// Goes to the next data record of a CPU and returns its time; marks and problems go to the sink.
  private mutating func advance(_ index: Int, into sink: inout some EventSink) throws -> UInt64? {
    while true {
      switch try cursors[index].advance() {
      case .record:
        records[index] &+= 1
        return cursors[index].timestamp
      case .lost(let count):
        sink.lost(cpu: cursors[index].cpu, count: count)
      case .problem(let problem, let position):
        sink.problem(problem, cpu: cursors[index].cpu, position: position)
      case .end:
        return nil
      }
    }
  }
}
