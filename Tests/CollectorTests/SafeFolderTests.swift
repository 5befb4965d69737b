import Glibc
import Testing

@testable import Collector

/// Folders into which root may write: none that others could have put there.
@Suite("Safe folders", .enabled(if: geteuid() == 0))
struct SafeFolderTests {
  private func temporary() throws -> String {
    var name = Array("/tmp/safe-folder.XXXXXX".utf8CString)
    try #require(mkdtemp(&name) != nil)
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func remove(_ path: String) {
    for name in SmallFile.names(in: path) ?? [] {
      let child = "\(path)/\(name)"
      var status = stat()
      if lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        remove(child)
      } else {
        unlink(child)
      }
    }
    rmdir(path)
  }

  @Test func missingFoldersAreMadeWithTheirParentsAndBelongToTheCaller() throws {
    let base = try temporary()
    defer { remove(base) }
    let path = try SafeFolder.make(
      "\(base)/a/./b/../b/c", user: CallingUser(uid: 4711, gid: 4712))
    #expect(path == "\(base)/a/b/c")
    for folder in ["a", "a/b", "a/b/c"] {
      var status = stat()
      #expect(lstat("\(base)/\(folder)", &status) == 0)
      #expect(status.st_uid == 4711)
      #expect(status.st_gid == 4712)
    }
  }

  @Test func aLinkInAFolderOfOthersIsRefused() throws {
    let base = try temporary()
    defer { remove(base) }
    #expect(mkdir("\(base)/target", 0o755) == 0)
    #expect(mkdir("\(base)/open", 0o777) == 0)
    #expect(chmod("\(base)/open", 0o1777) == 0)
    #expect(symlink("\(base)/target", "\(base)/open/link") == 0)
    let error = #expect(throws: ExperimentError.self) {
      try SafeFolder.make("\(base)/open/link/results")
    }
    #expect(
      error?.description
        == "\(base)/open/link: this is a link in a folder in which others can write; nothing is "
        + "written through it as root: name another folder")
    #expect(error?.status == .usage)
    #expect(SmallFile.names(in: "\(base)/target") == [])
  }

  @Test func aFolderOfSomebodyElseInAFolderOfOthersIsRefused() throws {
    let base = try temporary()
    defer { remove(base) }
    #expect(mkdir("\(base)/open", 0o777) == 0)
    #expect(chmod("\(base)/open", 0o1777) == 0)
    #expect(mkdir("\(base)/open/theirs", 0o777) == 0)
    #expect(chown("\(base)/open/theirs", 4711, 4711) == 0)
    let error = #expect(throws: ExperimentError.self) {
      try SafeFolder.make("\(base)/open/theirs/results")
    }
    #expect(error?.description.contains("this is somebody else's folder") == true)
  }

  @Test func aLinkInAFolderOfRootsOwnIsFollowed() throws {
    let base = try temporary()
    defer { remove(base) }
    #expect(mkdir("\(base)/target", 0o755) == 0)
    #expect(symlink("target", "\(base)/link") == 0)
    #expect(try SafeFolder.make("\(base)/link/results") == "\(base)/target/results")
  }

  @Test func linksThatLeadInACircleEnd() throws {
    let base = try temporary()
    defer { remove(base) }
    #expect(symlink("b", "\(base)/a") == 0)
    #expect(symlink("a", "\(base)/b") == 0)
    let error = #expect(throws: ExperimentError.self) { try SafeFolder.make("\(base)/a") }
    #expect(error?.description.hasSuffix("this link leads nowhere") == true)
  }

  @Test func aFileWhereAFolderShouldBeIsTold() throws {
    let error = #expect(throws: ExperimentError.self) {
      try SafeFolder.make("/proc/self/stat/results")
    }
    #expect(error?.description.hasSuffix("this is no folder") == true)
  }

  @Test func aWarehouseIsNotMadeThroughALinkOfOthers() throws {
    let base = try temporary()
    defer { remove(base) }
    #expect(mkdir("\(base)/open", 0o777) == 0)
    #expect(chmod("\(base)/open", 0o1777) == 0)
    #expect(symlink("\(base)/elsewhere", "\(base)/open/traces.db") == 0)
    #expect(throws: ExperimentError.self) {
      try WarehouseFile.prepare("\(base)/open/traces.db")
    }
    #expect(access("\(base)/elsewhere", F_OK) != 0)
  }
}
