import Foundation
import Schema
import Testing

@testable import TraceStore

/// What stands in `schema/` is what the programs carry, and every part of it is explained.
@Suite struct SchemaTests {
  private func files(_ folder: String) throws -> [String: String] {
    let directory = packageRoot.appending(path: "schema/\(folder)")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map { name in
        let file = directory.appending(path: name)
        return (
          String(name.dropLast(".sql".count)), try String(contentsOf: file, encoding: .utf8)
        )
      })
  }

  @Test(arguments: [
    ("migrations", Schema.migrations), ("views", Schema.views), ("data", Schema.data),
  ])
  func listHoldsEveryFile(_ folder: String, _ list: [Schema.File]) throws {
    let files = try files(folder)
    #expect(list.map(\.name).sorted() == files.keys.sorted())
    for file in list { #expect(file.sql == files[file.name]) }
  }

  @Test func migrationsAreNumbered() {
    for (index, migration) in Schema.migrations.enumerated() {
      let number = String(index + 1)
      let prefix = "m" + String(repeating: "0", count: 4 - number.count) + number + "_"
      #expect(migration.name.hasPrefix(prefix))
    }
  }

  @Test func everyTableViewAndColumnIsExplained() throws {
    let connection = try freshWarehouse().connection
    let relations = try SchemaDocument.relations(connection)
    #expect(relations.filter { !$0.isView }.map(\.name).sorted() == Warehouse.tables.sorted())
    #expect(relations.filter(\.isView).map(\.name).sorted() == Schema.views.map(\.name).sorted())
    for relation in relations {
      #expect(relation.meaning.hasSuffix("."), "\(relation.name)")
      for column in relation.columns {
        #expect(column.meaning.hasSuffix("."), "\(relation.name).\(column.name)")
      }
    }
  }

  /// The list of a view's columns is beside its comments, far from the SELECT: their order is held
  /// equal here.
  @Test func viewsNameTheirColumnsAsTheySelectThem() throws {
    let connection = try freshWarehouse().connection
    for view in Schema.views {
      let parts = view.sql.components(separatedBy: "\n) AS\n")
      let select = try #require(parts.count == 2 ? parts[1] : nil, "\(view.name)")
      let listed = try connection.prepare("SELECT * FROM \(view.name)").columnNames
      #expect(try connection.prepare(select).columnNames == listed, "\(view.name)")
    }
  }

  @Test func everyTableIsStrict() throws {
    let connection = try freshWarehouse().connection
    let loose = try connection.query(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict")
    #expect(loose.compactMap { $0[0].string }.filter { !$0.hasPrefix("sqlite_") } == [])
  }

  @Test func rolesAreThoseOfTheTables() throws {
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    var contents = sampleRun()
    contents.processes += Role.allCases.enumerated().map {
      ProcessRecord(pid: Int32(100 + $0.offset), role: $0.element)
    }
    contents.calls += Role.allCases.indices.map {
      CallRecord(pid: Int32(100 + $0), function: 0, calls: 1)
    }
    contents.run.kept += Int64(Role.allCases.count)
    contents.run.seen += Int64(Role.allCases.count)
    try RunWriter(warehouse).write(contents)
    let stored = try warehouse.connection.query("SELECT DISTINCT role FROM group_function")
    #expect(
      Set(stored.compactMap { $0[0].string })
        == Set(Role.allCases.map(\.rawValue) + [Role.defaultSetName, Role.allSetName]))
  }

  @Test func catalogueHelps() throws {
    let rows = try freshWarehouse().connection.query("SELECT * FROM stat ORDER BY name")
    let names = rows.compactMap { $0["name"].string }
    #expect(names.count == 37)
    for row in rows {
      let help = row["help"].string ?? ""
      #expect(help.count > 40 && help.hasSuffix(".") || help.hasSuffix("?"), "\(row)")
      #expect(
        names.allSatisfy { $0.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 || $0 == 56 } })
    }
  }

  @Test func syscallNumbersAreThePublishedOnes() throws {
    let connection = try freshWarehouse().connection
    // asm/unistd_64.h and asm/unistd_32.h of x86, asm/unistd_64.h of arm64.
    for (arch, number, name) in [
      ("x86_64", 59, "execve"), ("x86_64", 231, "exit_group"), ("x86_64", 334, "rseq"),
      ("x86_64", 435, "clone3"), ("i386", 11, "execve"), ("i386", 120, "clone"),
      ("arm64", 221, "execve"), ("arm64", 25, "fcntl"), ("arm64", 222, "mmap"),
      ("arm64", 439, "faccessat2"), ("x86_64", 462, "mseal"), ("x86_64", 336, "uprobe"),
      ("i386", 469, "file_setattr"),
      ("arm64", 457, "statmount"), ("arm64", 471, "rseq_slice_yield"),
    ] as [(String, Int64, String)] {
      let stored = try connection.scalar(
        "SELECT name FROM syscall WHERE arch = :arch AND number = :number",
        ["arch": .text(arch), "number": .integer(number)])
      #expect(stored == .text(name), "\(arch) \(number)")
    }
    // Every one of the same number since 5.1, on all architectures.
    let differing = try connection.query(
      "SELECT number FROM syscall WHERE number >= 424 GROUP BY number HAVING count(DISTINCT name) > 1"
    )
    #expect(differing == [])
  }
}

/// A warehouse of no runs.
func freshWarehouse() throws -> Warehouse {
  let folder = try TemporaryFolder()
  let warehouse = try Warehouse.openForWriting(folder.file())
  // The file may go: SQLite keeps it open.
  return warehouse
}
