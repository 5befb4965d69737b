/// What lies below a function in the observed calls, as a tree in which every function is expanded
/// once: where it is nearest to the root. That ends cycles, and keeps the tree as small as the
/// graph.
struct CallTree {
  struct Limits {
    /// How many steps below the root are shown.
    var depth: Int
    /// Calls between two functions that are fewer are left out.
    var minCalls: Int64
    /// At most so many lines.
    var lines: Int
  }

  enum Remark: Equatable {
    case none
    /// Its callees are shown at another place of the tree.
    case elsewhere
    /// So many callees are not shown: the limit of depth or lines is reached.
    case more(Int)
  }

  struct Line: Equatable {
    let function: Int
    let depth: Int
    /// nil at a root.
    let caller: Int?
    /// Observed calls from the caller, whoever called that; nil at a root.
    let calls: Int64?
    /// That the caller jumps there is told by the names, see ``SyscallJumps``.
    var isJump = false
    let remark: Remark
  }

  /// From the roots downwards, callees below their caller, the most called first.
  let lines: [Line]
  /// Callees left out because they are called fewer times than asked for.
  let leftOut: Int

  private struct Node {
    let function: Int
    let depth: Int
    let parent: Int?
    let calls: Int64?
    var remark = Remark.none
    var children: [Int] = []
  }

  init(_ graph: CallGraph, roots: [Int], limits: Limits) {
    var nodes = roots.map { Node(function: $0, depth: 0, parent: nil, calls: nil) }
    var expanded: Set<Int> = []
    var leftOut = 0
    // Breadth first: what is cut off is what is farthest from the root.
    var next = 0
    while next < nodes.count {
      let place = next
      let (function, depth) = (nodes[place].function, nodes[place].depth)
      next += 1
      let all = graph.callees[function]
      let callees = all.filter { $0.calls >= limits.minCalls }
      guard !expanded.contains(function) else {
        if !callees.isEmpty { nodes[place].remark = .elsewhere }
        continue
      }
      guard depth < limits.depth, nodes.count < limits.lines else {
        if !callees.isEmpty { nodes[place].remark = .more(callees.count) }
        continue
      }
      expanded.insert(function)
      leftOut += all.count - callees.count
      let shown = callees.sorted { ($1.calls, $0.function) < ($0.calls, $1.function) }
        .prefix(limits.lines - nodes.count)
      for callee in shown {
        nodes[place].children.append(nodes.count)
        nodes.append(
          Node(
            function: callee.function, depth: depth + 1, parent: function, calls: callee.calls))
      }
      if shown.count < callees.count { nodes[place].remark = .more(callees.count - shown.count) }
    }
    self.leftOut = leftOut
    lines = Self.depthFirst(graph, nodes, roots: roots.count)
  }

  private static func depthFirst(_ graph: CallGraph, _ nodes: [Node], roots: Int) -> [Line] {
    var lines: [Line] = []
    var waiting = Array((0..<roots).reversed())
    while let place = waiting.popLast() {
      let node = nodes[place]
      lines.append(
        Line(
          function: node.function, depth: node.depth, caller: node.parent, calls: node.calls,
          isJump: node.parent.map { graph.isJump(from: $0, to: node.function) } ?? false,
          remark: node.remark))
      waiting += node.children.reversed()
    }
    return lines
  }
}
