import Testing

@testable import TraceStore

@Suite struct MetricImportTests {
  let folder: TemporaryFolder
  let warehouse: Warehouse
  var connection: Connection { warehouse.connection }

  /// One kernel with vfs_read, __x64_sys_read, veth_xmit and three functions made of do_fault.
  init() throws {
    folder = try TemporaryFolder()
    warehouse = try Warehouse.openForWriting(folder.file())
    var contents = sampleRun()
    for name in ["do_fault.isra.0", "do_fault.part.0", "get.cold", "get"] {
      let canonical = name.split(separator: ".").first.map(String.init) ?? name
      contents.functions.append(FunctionRecord(name: name, canonical: canonical))
    }
    try RunWriter(warehouse).write(contents)
  }

  static let kernel = "6.1.0-56-amd64"

  private func write(_ text: String, kernel: String = Self.kernel) throws -> MetricImport.Report {
    try MetricImport(warehouse).write(MetricTableTests.table(text), kernel: kernel) { name, names in
      names.first { $0.hasPrefix(name.prefix(3)) }
    }
  }

  private func stored() throws -> [String] {
    try connection.query(
      """
      SELECT m.name || ' ' || f.name || ' ' || m.value FROM metric AS m
      JOIN function AS f ON f.function_id = m.function_id ORDER BY m.name, f.name
      """
    ).compactMap { $0[0].string }
  }

  /// do_fault is no function there, but two were made of it; get is one, and get.cold is another.
  @Test func exactThenCanonicalNames() throws {
    let report = try write(
      "function,c\nvfs_read,12\ndo_fault,3\nget,4\nunknown_b,1\nunknown_a,1\nmissing.part.0,9\n")
    #expect(
      try stored() == [
        "c do_fault.isra.0 3.0", "c do_fault.part.0 3.0", "c get 4.0", "c vfs_read 12.0",
      ])
    #expect(report.kernel == "6.1.0-56-amd64 (x86_64)")
    #expect(report.functions == 6)
    #expect(report.unknown == ["missing.part.0", "unknown_a", "unknown_b"])
    let metric = try #require(report.metrics.first)
    #expect((metric.exact, metric.canonical, metric.functions, metric.replaced) == (2, 1, 4, 0))
  }

  /// An exact name is not overwritten by a canonical one, in whatever order they come.
  @Test func exactNamesWin() throws {
    _ = try write("function,c\ndo_fault,3\ndo_fault.part.0,8\n")
    #expect(try stored() == ["c do_fault.isra.0 3.0", "c do_fault.part.0 8.0"])
  }

  @Test func importingAgainReplacesThatMetricOfThatKernel() throws {
    var other = sampleRun(hash: "h2")
    other.run.kernelRelease = "6.12.1"
    try RunWriter(warehouse).write(other)
    _ = try write("function,c,d\nvfs_read,1,2\nget,3,\n")
    _ = try write("function,c\nvfs_read,5\n", kernel: "6.12.1")
    let report = try write("function,c\nvfs_read,9\n")
    #expect(report.metrics.map(\.replaced) == [2])
    #expect(try stored() == ["c vfs_read 9.0", "c vfs_read 5.0", "d vfs_read 2.0"])
  }

  @Test func previewChangesNothing() throws {
    let table = try MetricTableTests.table("function,c\nvfs_read,1\n")
    let seen = try MetricImport(warehouse).preview(table, kernel: Self.kernel)
    #expect(seen.metrics.map(\.functions) == [1])
    #expect(try stored().isEmpty)
    #expect(try MetricImport(warehouse).write(table, kernel: Self.kernel) == seen)
    #expect(try stored().count == 1)
  }

  @Test func refusals() throws {
    _ = try write("function,c\nvfs_read,1\n")
    #expect(
      throws: MetricError.noneKnown(
        path: "f.csv", functions: 2, kernel: "6.1.0-56-amd64 (x86_64)")
    ) { try write("function,c\nno,1\nnor_this,2\n") }
    #expect(
      throws: MetricError.kernel(
        "6.1", problem: "no run is of it (did you mean '6.1.0-56-amd64'?); there is 6.1.0-56-amd64")
    ) { try write("function,c\nvfs_read,2\n", kernel: "6.1") }
    var other = sampleRun(hash: "h2")
    other.run.machine = "aarch64"
    try RunWriter(warehouse).write(other)
    #expect(
      throws: MetricError.kernel(
        Self.kernel,
        problem: "several machines have it; give one of 6.1.0-56-amd64/aarch64, "
          + "6.1.0-56-amd64/x86_64")
    ) { try write("function,c\nvfs_read,2\n") }
    // Nothing was changed by any of these.
    #expect(try stored() == ["c vfs_read 1.0"])
    _ = try write("function,c\nvfs_read,2\n", kernel: "\(Self.kernel)/x86_64")
    #expect(try stored() == ["c vfs_read 2.0"])
    let reading = try Warehouse.openForReading(folder.file())
    #expect(throws: WarehouseError.self) {
      try MetricImport(reading).write(
        MetricTableTests.table("function,c\nvfs_read,1\n"), kernel: Self.kernel)
    }
  }
}
