import Terminal

/// What `collector ingest` refuses itself, with the exit code for it.
struct IngestError: Error, CustomStringConvertible, Equatable {
  var description: String
  var status: ExitStatus
}
