/// A piece of one stream, decoded: the calls of the tracer `function` as a time and a number each,
/// in runs of one task on one CPU, and between the runs whatever else there was.
///
/// This is what lets several threads decode: a worker makes batches of its own CPU, and only the
/// counting, which costs less than the decoding, sees all CPUs in the order of time.
struct LaneBatch {
  /// A run of events of one task on one CPU, or an item: in the order of the source.
  struct Step {
    enum Kind {
      /// Indices of ``LaneBatch/times`` and ``LaneBatch/numbers``.
      case calls(Range<Int>)
      /// Indices of ``LaneBatch/graph``.
      case graph(Range<Int>)
      /// Index of ``LaneBatch/items``.
      case item(Int)
    }

    /// When it is due: the run's first event, the item's record; 0 is at once.
    var time: UInt64
    var kind: Kind
  }

  /// A call or a return of the tracer `function_graph`.
  struct GraphEvent {
    var timestamp: UInt64
    var function: FunctionToken
    var place: UInt64
    var pid: Int32
    var cpu: UInt16
    var depth: Int16
    var flags: ContextFlags
    var isReturn: Bool
  }

  /// Everything that is neither a call nor a return.
  enum Item {
    case repeats(CallEvent, times: Int)
    case contextSwitch(cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64)
    case fork(parent: Int32, child: Int32, timestamp: UInt64)
    case exec(pid: Int32, oldPid: Int32, file: String?, timestamp: UInt64)
    case exit(pid: Int32, timestamp: UInt64)
    /// `shown`: how many bytes of it there was room for, where that may have cut it.
    case comm(pid: Int32, TaskName, shown: Int?)
    case threadGroup(pid: Int32, tgid: Int32)
    case lost(cpu: UInt16, count: UInt64?)
    case problem(ImportProblem, cpu: UInt16?, position: UInt64)
    case identify(provisional: Int32, pid: Int32)
    case brokenFunction(FunctionToken, position: UInt64)
    case brokenTask(TaskName, position: UInt64)
    case block(cpu: UInt16, previous: Int32, next: Int32)
    case announce(cpu: UInt16, previous: Int32, next: Int32, isUnnamed: Bool)
  }

  struct Text {
    /// The names that the lane's decoder met first in this piece.
    var newNames: [NameTable.Entry] = []
    var header = TextHeader()
    var lines: UInt64 = 0
    /// Lines that were events of any kind.
    var entries: UInt64 = 0
  }

  /// By call: its time, and its number in the lane's ``CallKeys``.
  var times: [UInt64] = []
  var numbers: [UInt32] = []
  /// How many calls there are; the arrays are longer.
  var count = 0
  var graph: [GraphEvent] = []
  var steps: [Step] = []
  var items: [Item] = []
  /// The lane's keys that came up first in this batch.
  var newKeys: [CallKey] = []
  /// What a piece of a text tells beside its events.
  var text = Text()
  /// The lane's, while the batch is being filled.
  var keys = CallKeys(capacity: 0)
  var syscalls: UInt64 = 0
  /// Records of every type, and those of types that are not needed.
  var records: UInt64 = 0
  var skipped: UInt64 = 0

  /// The run that is not closed yet: where it began, whose it is, its first and its last time.
  private var runStart = 0
  /// Where the open run of graph events began.
  private var graphStart = 0
  private(set) var runOwner: UInt64 = .max
  private var runFirst: UInt64 = 0
  var runTime: UInt64 = 0
  /// When the items that come are due.
  var itemTime: UInt64 = 0
  var place: UInt64 = 0

  /// Makes room for `calls` more calls.
  mutating func reserve(_ calls: Int) {
    let missing = count + calls - times.count
    guard missing > 0 else { return }
    let more = max(missing, times.count / 2)
    times.append(contentsOf: repeatElement(0, count: more))
    numbers.append(contentsOf: repeatElement(0, count: more))
  }

  /// Begins a run where the last one ends, of calls or of graph events.
  @inline(never)
  mutating func beginRun(of owner: UInt64, at index: Int, time: UInt64) {
    closeRun(at: index)
    closeGraph()
    runOwner = owner
    runFirst = time
  }

  mutating func closeRun(at end: Int) {
    if end > runStart {
      steps.append(Step(time: runFirst, kind: .calls(runStart..<end)))
    }
    runStart = end
    runOwner = .max
  }

  mutating func append(_ event: GraphEvent) {
    closeRun(at: count)
    if let last = graph.last, graphStart < graph.count,
      last.pid != event.pid || last.cpu != event.cpu
    {
      closeGraph()
    }
    graph.append(event)
  }

  mutating func closeGraph() { closeGraph(graph) }

  /// - Parameter graph: the batch's graph events, where they are out of it.
  mutating func closeGraph(_ graph: borrowing [GraphEvent]) {
    guard graphStart < graph.count else { return }
    steps.append(
      Step(time: graph[graphStart].timestamp, kind: .graph(graphStart..<graph.count)))
    graphStart = graph.count
  }

  mutating func append(_ item: Item) {
    closeRun(at: count)
    closeGraph()
    steps.append(Step(time: itemTime, kind: .item(items.count)))
    items.append(item)
  }

  /// Ends the batch, before it is given away.
  mutating func close() {
    closeRun(at: count)
    closeGraph()
    newKeys = keys.takeNew()
  }

  /// Empties the batch for the next piece, with `keys` of the lane.
  mutating func reopen(_ keys: consuming CallKeys) {
    self.keys = keys
    count = 0
    (runStart, runOwner, runTime, itemTime) = (0, .max, 0, 0)
    (syscalls, records, skipped) = (0, 0, 0)
    graph.removeAll(keepingCapacity: true)
    graphStart = 0
    steps.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    newKeys = []
    text = Text()
  }

  /// Takes the keys out, for the lane's next batch.
  mutating func takeKeys() -> CallKeys {
    var taken = CallKeys(capacity: 0)
    swap(&taken, &keys)
    return taken
  }
}
