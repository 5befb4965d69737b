/// What stands behind the columns of a line of the `function` tracer, in its rarer forms.
///
///     vfs_read+0x0/0x1a0 <-ksys_read+0x5f/0xe0
///     vfs_read(file=0xffff888003b9a600, count=512) <-ksys_read
///     vfs_read <-ksys_read (repeats: 3, last_ts: 74.310299)
///     vfs_read
///     <stack trace>
enum FunctionBody: Equatable {
  /// The ranges of function and caller; `repeats`: the line is a note that the call
  /// before it came so many times more.
  case call(function: Range<Int>, parent: Range<Int>?, repeats: Int?)
  /// An event of another kind, which is none of ours.
  case skipped
  case unreadable

  init(_ line: RawSpan, _ body: Range<Int>) {
    var end = body.upperBound
    while end > body.lowerBound, line.byte(end &- 1) == Ascii.blank { end &-= 1 }
    let body = body.lowerBound..<end

    // `<stack trace>`, `<user stack trace>`: the frames follow in lines of their own.
    if line.byte(body.lowerBound) == Ascii.less {
      self = line.byte(end &- 1) == Ascii.greater ? .skipped : .unreadable
      return
    }
    // Text of trace_printk: `name+0x12/0x40: message`.
    if let word = line.firstIndex(of: " ", in: body), line.byte(word &- 1) == Ascii.colon {
      self = .skipped
      return
    }
    guard let arrow = line.lastIndex(of: " <-", in: body) else {
      self = Self.withoutParent(line, body)
      return
    }
    guard let function = Self.withoutArguments(line, body.lowerBound..<arrow) else {
      self = .unreadable
      return
    }
    let parent = (arrow &+ 3)..<end
    guard let note = line.firstIndex(of: " (repeats: ", in: parent) else {
      self = .call(function: function, parent: parent, repeats: nil)
      return
    }
    // `func-no-repeats`: the line says how often the call before it came again; 16 bits.
    var index = note &+ 11
    guard let count = line.decimal(at: &index), count <= UInt64(UInt16.max),
      line.byte(end &- 1) == Ascii.close
    else {
      self = .unreadable
      return
    }
    self = .call(function: function, parent: parent.lowerBound..<note, repeats: Int(count))
  }

  /// Function, or an event that the tracing of system calls prints like one:
  /// `sys_read(fd: 3, buf: 7ffd0, count: 400)`, `sys_read -> 0x200`.
  private static func withoutParent(_ line: RawSpan, _ body: Range<Int>) -> FunctionBody {
    if line.firstIndex(of: " -> ", in: body) != nil { return .skipped }
    if line.has("sys_", at: body.lowerBound), line.byte(body.upperBound &- 1) == Ascii.close {
      return .skipped
    }
    guard let function = withoutArguments(line, body), !function.isEmpty else {
      return .unreadable
    }
    return .call(function: function, parent: nil, repeats: nil)
  }

  /// Cuts off `(x=1, y=2)`, which the option func-args prints.
  private static func withoutArguments(_ line: RawSpan, _ range: Range<Int>) -> Range<Int>? {
    guard let open = line.firstIndex(of: "(", in: range) else { return range }
    return line.byte(range.upperBound &- 1) == Ascii.close ? range.lowerBound..<open : nil
  }
}
