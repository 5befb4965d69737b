import Foundation
import Ftrace
import Testing
import TraceStore

/// Whatever the decoders can report has its place in the warehouse's catalogue.
@Test func catalogueKnowsEveryProblem() throws {
  let scratch = try Scratch()
  let warehouse = try Warehouse.openForWriting(scratch.db)
  let known = Set(
    try warehouse.connection.query("SELECT name FROM stat").compactMap { row -> String? in
      if case .text(let name) = row["name"] { return name }
      return nil
    })
  let told = ImportProblem.allCases.map(\.rawValue) + Recording.Note.allCases.map(\.rawValue)
  #expect(Set(told).subtracting(known).isEmpty)
}
