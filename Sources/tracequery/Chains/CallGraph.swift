import TraceStore

/// Who calls whom, as a selection's runs observed it: functions are numbered in the order of their
/// names, so that the order of numbers is the order of names.
struct CallGraph {
  /// A function with the calls that lead to it or from it.
  struct Neighbour: Equatable {
    let function: Int
    /// Observed calls; at least 1.
    let calls: Int64
  }

  /// Observed calls of one function by another.
  struct Edge: Equatable {
    var caller: String
    var callee: String
    var calls: Int64
  }

  struct Pair: Hashable {
    var caller: String
    var callee: String
  }

  let names: [String]
  /// The system call that a function is the entry of, or the body of.
  let syscalls: [String?]
  /// By the caller; each list is in the order of names.
  let callees: [[Neighbour]]
  /// By the callee.
  let callers: [[Neighbour]]
  /// Whose caller is told by their names, see ``SyscallJumps``.
  let jumps: Set<Pair>
  private let numbers: [String: Int]

  /// - Parameters:
  ///   - edges: pairs of caller and callee; equal ones add up.
  ///   - reached: functions that were entered, with or without a known caller.
  init(
    edges observed: [Edge], reached: [String] = [], syscalls known: [String: String] = [:]
  ) {
    let (edges, jumps) = SyscallJumps.moved(observed, syscalls: known)
    self.jumps = jumps
    names = Set(edges.map(\.caller) + edges.map(\.callee) + reached).sorted()
    var numbers: [String: Int] = [:]
    for (number, name) in names.enumerated() { numbers[name] = number }
    self.numbers = numbers
    syscalls = names.map { known[$0] ?? SyscallJumps.body($0) }
    var sums: [[Int: Int64]] = names.map { _ in [:] }
    for edge in edges {
      guard let caller = numbers[edge.caller], let callee = numbers[edge.callee], edge.calls > 0
      else { continue }
      // Sums are bounds for ranking: one that no number holds is the largest.
      let (sum, overflow) = sums[caller][callee, default: 0].addingReportingOverflow(edge.calls)
      sums[caller][callee] = overflow ? .max : sum
    }
    callees = sums.map { row in
      row.sorted { $0.key < $1.key }.map { Neighbour(function: $0.key, calls: $0.value) }
    }
    var callers: [[Neighbour]] = names.map { _ in [] }
    for (caller, row) in callees.enumerated() {
      for edge in row {
        callers[edge.function].append(Neighbour(function: caller, calls: edge.calls))
      }
    }
    self.callers = callers
  }

  /// The graph of the rows of the queries `edges` or `edges_across`.
  init(rows: [Row], reached: [String] = []) {
    var known: [String: String] = [:]
    let edges = rows.map { row in
      let caller = row["caller"].string ?? ""
      let callee = row["callee"].string ?? ""
      if let syscall = row["caller_syscall"].string { known[caller] = syscall }
      if let syscall = row["callee_syscall"].string { known[callee] = syscall }
      return Edge(caller: caller, callee: callee, calls: row["calls"].int64 ?? 0)
    }
    self.init(edges: edges, reached: reached, syscalls: known)
  }

  var count: Int { names.count }

  func number(of name: String) -> Int? { numbers[name] }

  func isJump(from caller: Int, to callee: Int) -> Bool {
    jumps.contains(Pair(caller: names[caller], callee: names[callee]))
  }

  /// Where a tree of a system call begins: its entries, and its body where nothing calls that.
  func roots(_ entries: [String], of syscall: String) -> [Int] {
    let entries = entries.compactMap(number)
    return entries
      + (0..<count).filter { function in
        syscalls[function] == syscall && callers[function].isEmpty && !entries.contains(function)
      }
  }

  /// How a chain names a function: the entry of a system call by the call's name.
  func title(_ function: Int) -> String { syscalls[function] ?? names[function] }
}
