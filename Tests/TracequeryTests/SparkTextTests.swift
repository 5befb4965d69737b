import Foundation
import Testing
import TraceStore

@testable import tracequery

/// Names and numbers as shards have them, and which runs a shard has.
@Suite struct SparkTextTests {
  /// Each must come back as it is, also where it would be NULL, an end of a line or a comment.
  static let names = [
    "\\N", "\\\\N", "\\", "\\\\", "\\n", "", " ", " a ", "\"", "\"\"", "\"\\N\"", ",", "a,b", "\r",
    "\n", "\r\n", "a\r\nb\rc\nd", "\n\n", "#x", "\u{0}", "\u{0}x", "x\u{0}", "\u{feff}",
    "\u{85}\u{2028}\u{2029}", "\u{301}", "\"\u{301}", "\u{1f600}", "NULL", "null", "\t", "Inf",
    "'; DROP TABLE run; --", "../../x", "a\"b\"\"c", "\\\"", "\"\\", "\u{1b}[31m",
  ]

  @Test(arguments: ["zstd", "gzip"]) func hostileNamesComeBack(_ compression: String) throws {
    let stand = try SparkStand()
    let path = stand.folder + "/names.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    _ = try writer.write(
      SampleWarehouse.run(
        "runc", lost: 0,
        Self.names.enumerated().map { place, name in
          .init(pid: Int32(place + 1), role: .app, comm: name, calls: [("f\(place)", 1)])
        }))
    let connection = try Connection(path: path, mode: .readWrite)
    for (place, name) in Self.names.enumerated() {
      _ = try connection.query(
        "UPDATE process SET comm = :name WHERE pid = :pid",
        ["name": .text(name), "pid": .integer(Int64(place + 1))])
      guard !name.isEmpty else { continue }
      _ = try connection.query(
        "UPDATE function SET name = :name WHERE name = :old",
        ["name": .text(name), "old": .text("f\(place)")])
    }
    for value in ["9e999", "-9e999", "5e-324", "1.7976931348623157e308", "-0.0", "0.1"] {
      try connection.execute(
        "INSERT INTO metric SELECT kernel_id, function_id, 'm\(value)', \(value) "
          + "FROM kernel_function LIMIT 1")
    }
    #expect(
      try connection.scalar("SELECT count(*) FROM process").int64
        == Int64(Self.names.count))
    #expect(try stand.export(path, "--compression", compression).status == 0)
    try stand.compare(path)
  }

  @Test func hostileWarehouse() throws {
    let (hostile, stand) = (try HostileWarehouse(), try SparkStand())
    #expect(try stand.export(hostile.path, "--shards", "2").status == 0)
    try stand.compare(hostile.path)
  }

  private func text(_ append: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    append(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func fields() {
    for (stored, written) in [
      ("", "\"\""), ("\\N", "\\\\N"), ("\\", "\\\\"), ("a\\N", "a\\N"), ("a b", "\"a b\""),
      ("\\ \"", "\"\\\\ \"\"\""), ("x", "x"), ("\u{0}", "\"\u{0}\""),
    ] {
      #expect(text { SparkText.append(stored, to: &$0) } == written)
    }
    for number in [0, 7, -1, 10, 1_000_000, Int64.max, Int64.min] {
      #expect(text { SparkText.append(number, to: &$0) } == String(number))
    }
    #expect(text { SparkText.append(Double.infinity, to: &$0) } == "Inf")
    #expect(text { SparkText.append(0.1, to: &$0) } == "0.1")
  }

  /// Many buffers' worth, given in pieces of odd sizes; the system's programs read it.
  @Test(arguments: ShardCompression.allCases) func longShards(_ compression: ShardCompression)
    throws
  {
    let stand = try SparkStand()
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<3_000_000).map { place in
      place % 3 == 0 ? UInt8.random(in: .min ... .max, using: &generator) : UInt8(place % 90)
    }
    let file = try ShardFile(folder: stand.folder, stem: "part-1", compression: compression)
    var rest = bytes[...]
    for size in [0, 1, 131_071, 131_072, 131_073, 1_000_000, bytes.count] {
      file.text.append(contentsOf: rest.prefix(size))
      rest = rest.dropFirst(size)
      try file.flush()
    }
    let finished = try file.finish()
    #expect(finished.textBytes == 3_000_000)
    let read = try ProgramProcess.shell(
      "cd '\(stand.folder)'; \(compression.rawValue) -dc '\(finished.name)' > out; "
        + "sha256sum < '\(finished.name)'")
    #expect(read == "\(finished.sha256)  -\n")
    #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: stand.folder + "/out"))) == bytes)
  }

  @Test func plans() {
    func plan(_ rows: [Int64], _ shards: Int?) -> [Int] {
      let runs = rows.enumerated().map {
        SparkPlan.Run(number: Int64($0.offset + 1), uuid: "", rows: $0.element)
      }
      return SparkPlan(runs, shards: shards).groups.map(\.runs.count)
    }
    #expect(plan([1, 1, 1, 1, 1, 1], 3) == [2, 2, 2])
    #expect(plan([100, 1, 1, 1], 2) == [1, 3])
    #expect(plan([1, 1, 1, 100], 2) == [3, 1])
    #expect(plan([0, 0, 0], 2).reduce(0, +) == 3)
    #expect(plan([0, 0, 0], 2).count == 2)
    #expect(plan([5, 5], 7) == [1, 1])
    #expect(plan([.max, .max, .max], 2).reduce(0, +) == 3)
    let many = SparkPlan.rowsOfAGroup
    #expect(plan([many, 1, many - 1, 3], nil) == [1, 2, 1])
    // What is added changes no group that was closed.
    #expect(plan([many, 1, many - 1, 3, many, many], nil) == [1, 2, 2, 1])
    #expect(plan([], nil) == [])
  }
}
