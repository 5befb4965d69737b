import Testing

@testable import TraceStore

@Suite struct WarehouseCheckTests {
  /// Lines of SQLite's integrity check: a page that the disk did not give is no damage.
  @Test(arguments: [
    ("*** in database main ***\nPage 53: unable to get the page. error code=8458", 8458),
    ("Tree 2 page 7: unable to get the page. error code=266", 266),
    ("Tree 2 page 7: unable to get the page. error code=11", nil),
    ("Tree 5 page 12: btreeInitPage() returns error code 11", nil),
    ("Tree 5 page 12: unable to get the page. error code=", nil),
    ("Tree 5 page 12: unable to get the page. error code=99999999999999", nil),
    ("row 3 missing from index run_source_hash", nil), ("ok", nil), ("", nil),
  ])
  func diskFailure(_ line: String, _ code: Int32?) {
    #expect(WarehouseCheck.diskFailure(line)?.code == code)
  }
}
