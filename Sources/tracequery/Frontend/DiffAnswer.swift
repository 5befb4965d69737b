import Terminal
import TraceStore

/// The sizes of a `diff`, which stand above its rows, and the rows.
struct DiffAnswer {
  /// `a_functions`, `b_functions`, `common`.
  let counts: Row?
  private let rows: Rows

  private enum Rows {
    /// Still to be asked.
    case query(BoundQuery)
    case read(columns: [String], rows: [[Value]])
  }

  init(_ question: DiffQuestion, _ session: Session) throws {
    let connection = session.warehouse.connection
    switch question {
    case .twofold(let counts, let rows):
      self.counts = try session.warehouse.reading { try counts.rows(on: connection).first }
      self.rows = .query(rows)
    case .sized(let query):
      let all = try session.warehouse.reading { try query.rows(on: connection) }
      counts = all.first
      let sizes = 3
      rows = .read(
        columns: Array((counts?.columns ?? []).dropFirst(sizes)),
        rows: all.filter { $0["side"] != .null }.map { Array($0.values.dropFirst(sizes)) })
    }
  }

  func print(_ session: Session, heading: Heading, adding added: AddedColumn?) throws {
    _ = try session.warehouse.reading {
      switch rows {
      case .query(let query):
        try session.printer.print(
          query, on: session.warehouse.connection, heading: heading, adding: added)
      case .read(let columns, let rows):
        try session.printer.print(heading: heading, adding: added) { begin, row in
          try begin(columns)
          for values in rows { try row(values) }
        }
      }
    }
  }
}
