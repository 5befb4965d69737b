/// The pages of one CPU as a lane: makes ``LaneBatch``es of them.
final class PageLane: Lane {
  private var cursor: PageCursor
  private let catalog: EventCatalog
  private let plainFunction: UInt64?
  /// The lane's keys while no batch has them.
  private var keys = CallKeys()

  var cpu: UInt16 { cursor.cpu }
  var pages: UInt64 { cursor.pages }

  init(_ cursor: PageCursor, catalog: EventCatalog) {
    self.cursor = cursor
    self.catalog = catalog
    plainFunction = catalog.plainFunction
  }

  /// Decodes about one block of pages.
  ///
  /// - Returns: false at the end of the pages.
  /// - Throws: what the page source throws; the batch holds what came before.
  func fill(_ batch: inout LaneBatch) throws -> Bool {
    batch.reopen(exchange(&keys, with: CallKeys(capacity: 0)))
    defer {
      batch.close()
      keys = batch.takeKeys()
    }
    batch.reserve(cursor.blockSize / Self.callBytes + 1)
    // Not "to the block's end": padding at a page's end shows only when the next page is asked for.
    let lastPage = cursor.pages + UInt64(cursor.pagesPerBlock)
    repeat {
      if let plainFunction, cursor.timestamp < Self.lastTime {
        (cursor.position, cursor.timestamp) = cursor.calls(plainFunction, into: &batch)
      }
      switch try cursor.advance() {
      case .record:
        batch.records &+= 1
        batch.itemTime = cursor.timestamp
        if !cursor.deliver(catalog, into: &batch) { batch.skipped &+= 1 }
        // Marks are told with the record before them.
        batch.itemTime = 0
      case .lost(let count): batch.lost(cpu: cursor.cpu, count: count)
      case .problem(let problem, let position):
        batch.problem(problem, cpu: cursor.cpu, position: position)
      case .end: return false
      }
    } while cursor.pages < lastPage
    return true
  }

  /// Times from here on may come to their end within a page, and begin again from 0: such records are
  /// looked at one by one. A page adds less than 2^43 ns, in the largest as many calls as fit.
  private static let lastTime = noTime - (1 << 43)

  /// The bytes of a call's record: header, common fields, `ip`, `parent_ip`.
  static let callBytes = 28
}

/// Puts `new` into `place` and returns what was there.
func exchange<Value>(_ place: inout Value, with new: consuming Value) -> Value {
  var old = new
  swap(&place, &old)
  return old
}

extension PageCursor {
  /// Takes the calls of the tracer `function` that come next, up to the first record that is anything
  /// else or the end of the page.
  ///
  /// The loop that nearly all records of a trace go through: no field is looked up, nothing is
  /// allocated, and what it changes lives in registers until its end.
  ///
  /// - Returns: where the cursor stands then.
  func calls(
    _ id: UInt64, into batch: inout LaneBatch
  ) -> (position: Int, timestamp: UInt64) {
    var position = position
    var timestamp = timestamp
    let end = end
    var count = batch.count
    var owner = batch.runOwner
    let cpu = UInt64(cpu)
    let bytes = block.span.bytes
    let before = count
    // Out of the batch, so that it may begin runs meanwhile; spans need no look at the arrays' owners.
    var timeArray = exchange(&batch.times, with: [])
    var numberArray = exchange(&batch.numbers, with: [])
    var keys = batch.takeKeys()
    var times = timeArray.mutableSpan
    var numbers = numberArray.mutableSpan
    let room = min(times.count, numbers.count)
    // The time that a run began at or went on from: it never lies behind the cursor's.
    if timestamp < batch.runTime { owner = .max }
    while position &+ PageLane.callBytes <= end, count < room {
      let head = bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self)
      let size = Int(head & 31) &* 4
      let common = bytes.unsafeLoadUnaligned(fromByteOffset: position &+ 4, as: UInt64.self)
      let next = position &+ 4 &+ size
      // 24 bytes of payload or more, up to type_len 28.
      guard size >= 24, size <= 112, common & 0xffff == id, next <= end else { break }
      timestamp &+= UInt64(head >> 5)
      let function = bytes.unsafeLoadUnaligned(fromByteOffset: position &+ 12, as: UInt64.self)
      let parent = bytes.unsafeLoadUnaligned(fromByteOffset: position &+ 20, as: UInt64.self)
      let context = common & (0xffff_ffff << 32 | CallKey.flagsMask) | cpu
      if context & CallKey.runMask != owner {
        owner = context & CallKey.runMask
        batch.beginRun(of: owner, at: count, time: timestamp)
      }
      times[count] = timestamp
      numbers[count] = keys.number(context: context, function: function, parent: parent)
      count &+= 1
      position = next
    }
    batch.times = timeArray
    batch.numbers = numberArray
    batch.keys = keys
    batch.count = count
    batch.runTime = timestamp
    batch.records &+= UInt64(count &- before)
    return (position, timestamp)
  }
}
