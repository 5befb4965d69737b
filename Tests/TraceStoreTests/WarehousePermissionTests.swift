import Foundation
import Testing

@testable import TraceStore

#if canImport(Glibc)
  import Glibc
#endif

/// What a user who may not write gets. As root these run without root's privileges.
@Suite struct WarehousePermissionTests {
  @Test func readsInAnUnwritableFolder() throws {
    let folder = try TemporaryFolder()
    do {
      let warehouse = try Warehouse.openForWriting(folder.file())
      try RunWriter(warehouse).write(sampleRun())
    }
    chmod(folder.path, 0o555)
    try withoutPrivileges {
      let warehouse = try Warehouse.openForReading(folder.file())
      #expect(try warehouse.connection.scalar("SELECT functions FROM run_summary") == 3)
      #expect(throws: SQLiteError.self) { try warehouse.connection.execute("DELETE FROM run") }
    }
    #expect(folder.names == ["traces.db"])
  }

  @Test func saysWhatToDoAboutALeftWAL() throws {
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    try RunWriter(warehouse).write(sampleRun())
    // What a killed writer leaves: the file and its WAL, copied while it is open.
    let other = try TemporaryFolder()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: folder.file() + suffix, toPath: other.file() + suffix)
    }
    chmod(other.path, 0o555)
    try withoutPrivileges {
      let error = #expect(throws: WarehouseError.self) {
        try Warehouse.openForReading(other.file())
      }
      #expect(error == .needsWritableFolder(path: other.file()))
      #expect(error?.exitCode == 3)
      #expect(error?.description.contains("traces.db-wal") == true)
      #expect(error?.description.contains("writable folder") == true)
    }
    chmod(other.path, 0o755)
    let reader = try Warehouse.openForReading(other.file())
    #expect(try reader.connection.scalar("SELECT count(*) FROM run") == 1)
  }

  @Test func saysWhatMayNotBeRead() throws {
    let folder = try TemporaryFolder()
    _ = try Warehouse.openForWriting(folder.file())
    chmod(folder.file(), 0o000)
    try withoutPrivileges {
      let error = #expect(throws: WarehouseError.self) {
        try Warehouse.openForReading(folder.file())
      }
      #expect(error?.description.contains("Permission denied") == true)
      #expect(error?.exitCode == 3)
      let writing = #expect(throws: WarehouseError.self) {
        try Warehouse.openForWriting(folder.file())
      }
      #expect(writing?.description.contains("cannot be written: Permission denied") == true)
    }
    chmod(folder.file(), 0o644)
    chmod(folder.path, 0o000)
    try withoutPrivileges {
      let error = #expect(throws: WarehouseError.self) {
        try Warehouse.openForReading(folder.file())
      }
      #expect(error?.description.contains("Permission denied") == true)
    }
  }

  @Test func saysWhatMayNotBeWritten() throws {
    let folder = try TemporaryFolder()
    _ = try Warehouse.openForWriting(folder.file())
    chmod(folder.file(), 0o444)
    chmod(folder.path, 0o555)
    try withoutPrivileges {
      for path in [folder.file(), folder.file("new.db")] {
        let error = #expect(throws: WarehouseError.self) { try Warehouse.openForWriting(path) }
        #expect(error?.description.contains("cannot be written") == true, "\(path)")
        #expect(
          error?.description.contains("Permission denied") == true, "\(error?.description ?? path)")
        #expect(error?.exitCode == 3)
      }
    }
    #expect(folder.names == ["traces.db"])
  }

  /// A folder that may be written, and a file in it that may not.
  @Test func readsAnUnwritableFile() throws {
    let folder = try TemporaryFolder()
    _ = try Warehouse.openForWriting(folder.file())
    chmod(folder.file(), 0o444)
    chmod(folder.path, 0o777)
    try withoutPrivileges {
      _ = try Warehouse.openForReading(folder.file())
      let error = #expect(throws: WarehouseError.self) {
        try Warehouse.openForWriting(folder.file())
      }
      #expect(error?.exitCode == 3)
    }
  }
}
