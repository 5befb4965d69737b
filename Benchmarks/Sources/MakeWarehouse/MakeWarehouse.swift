import Glibc
import TraceStore

/// `MakeWarehouse RUNS FILE CAPTURES [--calls N] [--seed N]`: adds runs to a warehouse until it has
/// RUNS of them. The same arguments make the same runs, but for their random UUIDs.
@main
enum MakeWarehouse {
  static func main() {
    do {
      try make(Arguments(Array(CommandLine.arguments.dropFirst())))
    } catch let problem as Problem {
      fail(problem.text)
    } catch {
      fail("\(error)")
    }
  }

  private static func make(_ arguments: Arguments) throws {
    let maker = RunMaker(
      pool: try FunctionPool(captures: arguments.captures), meanCallRows: arguments.callRows)
    let warehouse = try Warehouse.openForWriting(arguments.file)
    let writer = try RunWriter(warehouse)
    let present = try warehouse.connection.scalar("SELECT count(*) FROM run").int64 ?? 0
    for place in Int(present)..<max(arguments.runs, Int(present)) {
      let began = seconds()
      let experiment = Experiment(at: place, seed: arguments.seed)
      // A run of each of two kinds keeps its single events.
      let keepsEvents = place < 2
      let contents = maker.contents(experiment, place: place, events: keepsEvents)
      let made = seconds()
      if keepsEvents {
        try writer.write(contents) { try RunMaker.events(contents, &$0) }
      } else {
        try writer.write(contents)
      }
      let written = seconds()
      print(
        "\(place + 1)\t\(contents.calls.count)\t\(contents.edges.count)\t"
          + "\(Int((made - began) * 1e6))\t\(Int((written - made) * 1e6))")
      fflush(nil)
    }
    try addMetric(warehouse)
    warehouse.checkpoint()
  }

  /// A made-up number for every function, so that questions about metrics have an answer.
  private static func addMetric(_ warehouse: Warehouse) throws {
    try warehouse.connection.execute(
      """
      INSERT OR IGNORE INTO metric (kernel_id, function_id, name, value)
      SELECT kernel_id, function_id, 'complexity', 1 + function_id % 37 FROM kernel_function
      """)
  }

  private static func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  private static func fail(_ text: String) -> Never {
    let line = "make-warehouse: \(text)\n"
    _ = line.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
    exit(2)
  }
}

/// What the program is told.
struct Arguments {
  let runs: Int
  let file: String
  let captures: String
  var callRows = 24_000
  var seed: UInt64 = 1

  init(_ words: [String]) throws {
    let usage = Problem("wanted: RUNS FILE CAPTURES [--calls N] [--seed N]")
    guard words.count >= 3, let runs = Int(words[0]), (1...1_000_000).contains(runs) else {
      throw usage
    }
    self.runs = runs
    file = words[1]
    captures = words[2]
    var rest = words.dropFirst(3)
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { throw usage }
      switch option {
      case "--calls":
        guard let rows = Int(value), (1...10_000_000).contains(rows) else { throw usage }
        callRows = rows
      case "--seed":
        guard let number = UInt64(value) else { throw usage }
        seed = number
      default: throw usage
      }
    }
  }
}
