import Terminal

/// The workloads as an answer, and what is wrong with the others.
struct WorkloadList {
  var rows: [[Cell]] = []
  /// One line each.
  var problems: [String] = []

  static let columns = [
    Column("workload", .text), Column("image", .text), Column("port", .identifier),
    Column("readiness", .text), Column("settle_s", .real), Column("loads", .text),
    Column("summary", .text),
  ]

  init(_ workloads: [(name: String, result: Result<Workload, any Error>)]) {
    for (_, result) in workloads {
      switch result {
      case .success(let workload):
        rows.append([
          .text(workload.name), .text(workload.image), .integer(Int64(workload.port)),
          .text(workload.readiness.kindName), .real(workload.settle),
          .text(workload.loadNames.joined(separator: " ")), .text(workload.summary),
        ])
      case .failure(let error): problems.append("\(error)")
      }
    }
  }
}
