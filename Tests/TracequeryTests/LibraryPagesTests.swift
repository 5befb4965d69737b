import Foundation
import Testing

/// The libraries' front pages: whoever opens them finds every public type. (script/docs makes the pages.)
@Suite struct LibraryPagesTests {
  @Test(arguments: ["Ftrace", "TraceStore"]) func everyPublicTypeIsSortedIn(_ library: String)
    throws
  {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/\(library)")
    let page = try String(
      contentsOf: folder.appending(path: "\(library).docc/\(library).md"), encoding: .utf8)
    let sorted = page.matches(of: /(?m)^- ``([A-Za-z0-9]+)``$/).map { String($0.1) }
    #expect(sorted.count == Set(sorted).count)
    var types = Set<String>()
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      let declaration = /(?m)^public (?:final )?(?:class|struct|enum|actor|protocol) ([A-Za-z0-9]+)/
      types.formUnion(source.matches(of: declaration).map { String($0.1) })
    }
    #expect(types.count > 30)
    #expect(types == Set(sorted))
  }
}
