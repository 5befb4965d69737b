/// The middle line of the block that `function_graph` prints when the task on a CPU changes
/// (`verif_pid` in the kernel's kernel/trace/trace_functions_graph.c):
///
///      ------------------------------------------
///      0)   bash-1182    =>  redis-s-373
///      ------------------------------------------
struct GraphSwitch {
  var cpu: UInt16
  var previous: GraphColumns.Task
  var next: GraphColumns.Task

  init?(_ line: RawSpan) {
    var cpu: UInt16 = 0
    guard let start = GraphColumns.cpu(line, from: 0, &cpu),
      let previous = GraphColumns.Task(line, at: start, separator: " => ")
    else { return nil }
    let right = previous.column.upperBound &+ 4
    guard right <= line.byteCount,
      let next = GraphColumns.Task(line, in: right..<line.byteCount)
    else { return nil }
    self.cpu = cpu
    self.previous = previous
    self.next = next
  }

  /// Whether the line is the rule above or below.
  static func isRule(_ line: RawSpan) -> Bool {
    let start = line.skippingBlanks(from: 0)
    var end = start
    while line.byte(end) == Ascii.minus { end &+= 1 }
    return end &- start >= 10 && line.skippingBlanks(from: end) == line.byteCount
  }
}
