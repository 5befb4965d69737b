import ArgumentParser
import Glibc
import Terminal
import TraceStore

/// How long a question may take and how many rows it may have: without these, as long and as many as it
/// needs; Ctrl-C ends it at any time.
struct LimitOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop after so many seconds; the exit code is then 5.", valueName: "seconds"))
  var timeout: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write no more rows than this; where there are more, the exit code is 5.", valueName: "rows"))
  var limit: Int?

  func validate() throws {
    if let timeout {
      guard timeout > 0, timeout <= 1e6 else {
        throw ValidationError("--timeout takes seconds, up to a million.")
      }
    }
    if let limit {
      guard limit > 0 else { throw ValidationError("--limit must be 1 or more.") }
    }
  }

  /// Writes the rows of a question within these limits.
  ///
  /// What was written when the time was over stays unfinished: a table has no row then, JSON no end.
  ///
  /// - Returns: how many rows there were.
  /// - Throws: ``Failure`` of status cut.
  func print(
    _ printer: AnswerPrinter, _ question: BoundQuery, on connection: Connection,
    heading: Heading? = nil, adding added: AddedColumn? = nil
  ) throws -> Int {
    if let timeout {
      let end = Self.now() + timeout
      connection.onProgress { Self.now() < end }
    }
    defer { connection.onProgress(nil) }
    do {
      return try printer.print(heading: heading, adding: added, limit: limit) { columns, row in
        try question.run(on: connection, columns: columns, row: row)
      }
    } catch let error as SQLiteError where error.isInterrupted {
      try printer.finish()
      throw Failure(
        status: .cut, text: "stopped after \(timeout ?? 0) s (--timeout): this is no whole answer")
    } catch let cut as CutAnswer {
      throw Failure(status: .cut, text: cut.text)
    }
  }

  /// Seconds of a clock that nobody sets.
  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// There were more rows than were to be written; those that were are all there.
struct CutAnswer: Error {
  let limit: Int
  var text: String { "cut after \(limit) row\(limit == 1 ? "" : "s") (--limit): there are more" }
}
