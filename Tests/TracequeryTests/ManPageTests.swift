import Foundation
import Testing

@testable import tracequery

/// script/man writes a page for each command, which the readers of man pages take without a word.
@Suite struct ManPageTests {
  @Test func everyCommandHasAPage() throws {
    let folder = NSTemporaryDirectory() + "tracequery-man-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = JSONContract.page.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "script/man").path
    let environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8",
    ]
    let result = try ProgramProcess.run(
      "/usr/bin/env", ["python3", script, folder, "--program", ProgramProcess.path],
      environment: environment)
    #expect(result.status == 0, "\(result.errors)")
    let names = CommandExample.all.map {
      "tracequery-" + $0.name.replacingOccurrences(of: " ", with: "-")
    }
    for name in names + ["tracequery"] {
      let page = try String(contentsOfFile: "\(folder)/man1/\(name).1", encoding: .utf8)
      #expect(
        page.hasPrefix(
          ".Dd January 1, 1970\n.Dt \"\(name.uppercased())\" 1\n"
            .replacingOccurrences(of: "-", with: "\\-")))
      for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES"] {
        #expect(page.contains(".Sh \(section)\n"), "\(name): \(section)")
      }
    }
    let read = try ProgramProcess.run(
      "/bin/bash",
      [
        "-c",
        "command -v man >/dev/null || exit 0; "
          + "for page in \(folder)/man1/*.1; do man --warnings -l \"$page\" >/dev/null; done",
      ], environment: environment)
    #expect(read.errors == "")
  }
}
