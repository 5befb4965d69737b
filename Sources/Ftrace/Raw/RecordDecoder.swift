extension PageCursor {
  /// Hands the record that the cursor stands on to the sink; false when its type is not
  /// one that is needed here.
  @inline(__always)
  func deliver(_ catalog: EventCatalog, into sink: inout some EventSink) -> Bool {
    let cpu = cpu
    // The largest number is no time; a damaged page may hold it.
    let timestamp = min(timestamp, noTime &- 1)
    let length = length
    let record = block.span.bytes.extracting(payload..<(payload + length))
    guard length >= catalog.type.end else {
      sink.problem(.shortRecord, cpu: cpu, position: place)
      return true
    }
    let id = Int(record.unsigned(catalog.type))
    guard id < catalog.entries.count, let entry = catalog.entries[id] else {
      sink.problem(.unknownEventType, cpu: cpu, position: place)
      return true
    }
    guard length >= entry.length else {
      sink.problem(.shortRecord, cpu: cpu, position: place)
      return true
    }
    let pid = record.pid(catalog.pid)
    switch entry.kind {
    case .function(let ip, let parent):
      sink.call(
        CallEvent(
          timestamp: timestamp, function: record.unsigned(ip), parent: record.unsigned(parent),
          pid: pid, cpu: cpu,
          flags: ContextFlags(rawValue: UInt8(truncatingIfNeeded: record.unsigned(catalog.flags)))))
    case .functionRepeats(let ip, let parent, let count):
      sink.repeats(
        CallEvent(
          timestamp: timestamp, function: record.unsigned(ip), parent: record.unsigned(parent),
          pid: pid, cpu: cpu,
          flags: ContextFlags(rawValue: UInt8(truncatingIfNeeded: record.unsigned(catalog.flags)))),
        // 16 bits in every kernel: a format file that says more is not believed.
        times: Int(min(record.unsigned(count), UInt64(UInt16.max))))
    case .graphEntry(let function, let depth):
      sink.place(place)
      sink.call(
        CallEvent(
          timestamp: timestamp, function: record.unsigned(function), parent: noFunction, pid: pid,
          cpu: cpu,
          flags: ContextFlags(rawValue: UInt8(truncatingIfNeeded: record.unsigned(catalog.flags))),
          depth: record.depth(depth)))
    case .graphExit(let function, let depth):
      sink.place(place)
      sink.functionReturn(
        ReturnEvent(
          timestamp: timestamp, function: record.unsigned(function), pid: pid, cpu: cpu,
          depth: record.depth(depth)))
    case .schedSwitch(let previous, let next, let previousComm, let nextComm):
      let (old, new) = (record.pid(previous), record.pid(next))
      if let previousComm { sink.comm(pid: old, record.comm(previousComm)) }
      if let nextComm { sink.comm(pid: new, record.comm(nextComm)) }
      sink.contextSwitch(cpu: cpu, previous: old, next: new, timestamp: timestamp)
    case .schedFork(let parent, let child, let childComm):
      let born = record.pid(child)
      sink.fork(parent: record.pid(parent), child: born, timestamp: timestamp)
      if let childComm { sink.comm(pid: born, record.comm(childComm)) }
    case .schedExec(let execPid, let oldPid, let file):
      sink.exec(
        pid: record.pid(execPid), oldPid: record.pid(oldPid),
        file: file.flatMap { record.dataLocation($0) }, timestamp: timestamp)
    case .schedExit(let exitPid):
      sink.exit(pid: record.pid(exitPid), timestamp: timestamp)
    case .syscallEnter(let number):
      sink.syscallEnter(
        pid: pid, number: Int64(bitPattern: record.unsigned(number)), timestamp: timestamp)
    case .other:
      return false
    }
    return true
  }
}

/// Reads fields of one record's payload. Offsets come from a catalogue whose lengths were checked
/// against the record's before any field is read; `RawSpan` checks them once more.
extension RawSpan {
  @inline(__always)
  fileprivate func unsigned(_ slot: EventCatalog.Slot) -> UInt64 {
    switch slot.size {
    case 8: unsafeLoadUnaligned(fromByteOffset: slot.offset, as: UInt64.self)
    case 4: UInt64(unsafeLoadUnaligned(fromByteOffset: slot.offset, as: UInt32.self))
    case 2: UInt64(unsafeLoadUnaligned(fromByteOffset: slot.offset, as: UInt16.self))
    default: UInt64(unsafeLoad(fromByteOffset: slot.offset, as: UInt8.self))
    }
  }

  @inline(__always)
  fileprivate func pid(_ slot: EventCatalog.Slot) -> Int32 {
    Int32(truncatingIfNeeded: unsigned(slot))
  }

  @inline(__always)
  fileprivate func depth(_ slot: EventCatalog.Slot) -> Int16 {
    Int16(clamping: Int32(truncatingIfNeeded: unsigned(slot)))
  }

  /// A `__data_loc char[]`: the low half of the field is the text's offset in the record, the high
  /// half its length with the NUL (include/trace/stages/stage2_data_offsets.h). nil when it points
  /// outside.
  fileprivate func dataLocation(_ slot: EventCatalog.Slot) -> String? {
    let location = unsigned(slot)
    let (offset, length) = (Int(location & 0xffff), Int(location >> 16 & 0xffff))
    guard offset + length <= byteCount else { return nil }
    var bytes: [UInt8] = []
    for index in offset..<(offset + length) {
      let byte = unsafeLoad(fromByteOffset: index, as: UInt8.self)
      if byte == 0 { break }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  fileprivate func comm(_ slot: EventCatalog.Slot) -> TaskName {
    TaskName(
      low: unsafeLoadUnaligned(fromByteOffset: slot.offset, as: UInt64.self),
      high: unsafeLoadUnaligned(fromByteOffset: slot.offset + 8, as: UInt64.self))
  }
}
