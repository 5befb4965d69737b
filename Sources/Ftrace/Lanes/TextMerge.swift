/// Counts the pieces of a text in their order, whichever lane decoded them.
///
/// A lane knows its own names only, numbers lines from its piece's beginning, and does not know
/// what the pieces before it told of tasks: all of that is put right here, so that what is counted
/// is what one decoder of the whole text tells.
struct TextMerge {
  private struct Lane {
    var counts = CallCounter.LaneCounts()
    /// By the lane's token: the text's.
    var tokens: [FunctionToken] = []

    func token(_ local: FunctionToken) -> FunctionToken {
      local == noFunction ? noFunction : tokens[Int(local)]
    }
  }

  /// Where names of the text come together.
  let names: NameTable
  private(set) var header = TextHeader()
  /// Lines that were events of any kind.
  private(set) var entries: UInt64 = 0

  private let file: String
  private let crew: LaneCrew
  private var lanes: [Lane]
  /// Lines of the pieces that were counted.
  private var lines: UInt64 = 0
  private var tasks = TaskMemory()
  private var processors = GraphProcessors()
  private var reportedFunctions: Set<FunctionToken> = []
  private var reportedTasks: Set<TaskName> = []

  init(_ crew: LaneCrew, lanes: Int, names: NameTable, file: String) {
    self.crew = crew
    self.names = names
    self.file = file
    self.lanes = [Lane](repeating: Lane(), count: lanes)
  }

  /// - Throws: what the lanes throw; ``InputError/tooManyNames(file:limit:)``.
  mutating func run(into counter: inout CallCounter) throws {
    defer { for index in lanes.indices { counter.settle(&lanes[index].counts) } }
    var spent = LaneBatch()
    var lane = 0
    while true {
      let (batch, isLast) = try crew.next(lane: lane, spent: spent)
      if isLast { return }
      try add(batch, of: lane)
      for step in batch.steps {
        switch step.kind {
        case .calls(let run): counter.count(run, of: batch, lane: &lanes[lane].counts)
        case .graph(let run): tell(batch.graph, run, of: lane, to: &counter)
        case .item(let index): tell(batch.items[index], of: lane, to: &counter)
        }
      }
      counter.syscallsEntered &+= batch.syscalls
      lines &+= batch.text.lines
      spent = batch
      lane = (lane + 1) % lanes.count
    }
  }

  /// Takes the names and keys that came up first in a piece.
  private mutating func add(_ batch: borrowing LaneBatch, of lane: Int) throws {
    header.add(batch.text.header)
    entries &+= batch.text.entries
    for entry in batch.text.newNames { lanes[lane].tokens.append(names.token(of: entry)) }
    guard names.count < TextSymbols.mostNames, names.byteCount < TextSymbols.mostBytes else {
      throw InputError.tooManyNames(file: file, limit: TextSymbols.mostNames)
    }
    let keys = batch.newKeys.map { key in
      CallKey(
        context: key.context, function: lanes[lane].token(key.function),
        parent: lanes[lane].token(key.parent))
    }
    lanes[lane].counts.add(keys)
  }

  /// Counts graph events, all of one task on one CPU.
  private mutating func tell(
    _ events: [LaneBatch.GraphEvent], _ run: Range<Int>, of lane: Int,
    to counter: inout CallCounter
  ) {
    guard let first = run.first else { return }
    var pid = events[first].pid
    if GraphProcessors.isInherited(pid) { pid = processors.task(on: events[first].cpu) }
    counter.count(
      events, run, pid: pid, .init(tokens: lanes[lane].tokens, lines: lines))
  }

  private mutating func tell(
    _ item: LaneBatch.Item, of lane: Int, to counter: inout CallCounter
  ) {
    switch item {
    case .repeats(var event, let times):
      event.function = lanes[lane].token(event.function)
      event.parent = lanes[lane].token(event.parent)
      counter.repeats(event, times: times)
    case .comm(let pid, let name, let shown):
      tasks.tell(pid: pid, name: name, limit: shown, sink: &counter)
    case .threadGroup(let pid, let tgid):
      tasks.tell(pid: pid, tgid: tgid, sink: &counter)
    case .problem(let problem, let cpu, let position):
      counter.problem(problem, cpu: cpu, position: position &+ lines)
    case .brokenFunction(let token, let position):
      guard reportedFunctions.insert(lanes[lane].token(token)).inserted else { return }
      counter.problem(.nonUTF8Name, cpu: nil, position: position &+ lines)
    case .brokenTask(let name, let position):
      guard reportedTasks.count < TextSymbols.mostReportedComms,
        reportedTasks.insert(name).inserted
      else { return }
      counter.problem(.nonUTF8Name, cpu: nil, position: position &+ lines)
    case .block(let cpu, let previous, let next):
      processors.takeBlock(cpu: cpu, previous: previous, next: next, into: &counter)
    case .announce(let cpu, let previous, let next, let isUnnamed):
      // Every line of an unnamed task begins a provisional one.
      if isUnnamed { _ = processors.task(on: cpu) }
      processors.takeSwitch(cpu: cpu, previous: previous, next: next, into: &counter)
    case .contextSwitch, .fork, .exec, .exit, .lost, .identify:
      item.tell(&counter)
    }
  }
}
