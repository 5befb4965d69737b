/// Brings the steps of several lanes into the order of time and counts them.
///
/// Ties go to the lower lane, as in the kernel's own text.
struct LaneMerge {
  fileprivate struct Head {
    var batch = LaneBatch()
    var step = 0
    var isAtEnd = false
    var counts = CallCounter.LaneCounts()

    var time: UInt64? { step < batch.steps.count ? batch.steps[step].time : nil }
  }

  private let crew: LaneCrew
  fileprivate var heads: [Head]
  /// By lane.
  private(set) var records: [UInt64]
  private(set) var skipped: UInt64 = 0

  init(_ crew: LaneCrew, count: Int) {
    self.crew = crew
    heads = (0..<count).map { _ in Head() }
    records = [UInt64](repeating: 0, count: count)
  }

  mutating func run(into counter: inout CallCounter) throws {
    defer { for index in heads.indices { counter.settle(&heads[index].counts) } }
    for index in heads.indices { try load(index, into: &counter) }
    while true {
      // The lane whose step is due first goes on until another one's is due.
      var first = -1
      var due = UInt64.max
      var limit = UInt64.max
      var limitIndex = Int.max
      for index in heads.indices {
        guard let time = heads[index].time else { continue }
        if first < 0 || time < due {
          if first >= 0 { (limit, limitIndex) = (due, first) }
          (first, due) = (index, time)
        } else if time < limit {
          (limit, limitIndex) = (time, index)
        }
      }
      guard first >= 0 else { return }
      repeat {
        heads[first].count(into: &counter)
        if heads[first].time == nil { try load(first, into: &counter) }
        guard let next = heads[first].time else { break }
        due = next
      } while due < limit || (due == limit && first < limitIndex)
    }
  }

  /// Takes the lane's next batch that has a step, if there is any.
  private mutating func load(_ index: Int, into counter: inout CallCounter) throws {
    while heads[index].time == nil, !heads[index].isAtEnd {
      let spent = exchange(&heads[index].batch, with: LaneBatch())
      let (batch, isLast) = try crew.next(lane: index, spent: spent)
      counter.syscallsEntered &+= batch.syscalls
      records[index] &+= batch.records
      skipped &+= batch.skipped
      heads[index].counts.add(batch.newKeys)
      heads[index].batch = batch
      heads[index].step = 0
      heads[index].isAtEnd = isLast
    }
  }
}

extension LaneMerge.Head {
  fileprivate mutating func count(into counter: inout CallCounter) {
    let next = batch.steps[step]
    step += 1
    switch next.kind {
    case .calls(let run): counter.count(run, of: batch, lane: &counts)
    case .graph(let run):
      guard let first = run.first else { return }
      counter.count(batch.graph, run, pid: batch.graph[first].pid, .init())
    case .item(let index): batch.items[index].tell(&counter)
    }
  }
}
