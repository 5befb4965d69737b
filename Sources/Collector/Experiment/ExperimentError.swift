import Terminal

/// Why an experiment could not be done, in one line that says what to do, with the exit code for it.
struct ExperimentError: Error, CustomStringConvertible, Equatable {
  var description: String
  var status: ExitStatus

  init(_ description: String, _ status: ExitStatus = .environment) {
    self.description = description
    self.status = status
  }
}
