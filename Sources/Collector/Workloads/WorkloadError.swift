import Terminal

/// Why a workload cannot be used. `description` is one line: what, where, what to do.
struct WorkloadError: Error, CustomStringConvertible, Equatable {
  var description: String
  var status: ExitStatus

  init(_ description: String, status: ExitStatus = .usage) {
    self.description = description
    self.status = status
  }

  /// Something at a place of a file.
  init(_ file: String, _ place: YAMLPlace, _ problem: String) {
    self.init("\(file):\(place.line):\(place.column): \(problem)")
  }
}
