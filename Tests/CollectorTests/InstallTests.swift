import Foundation
import Testing

/// script/install, as somebody runs it who has a prefix of their own.
@Suite struct InstallTests {
  /// Runs lines of bash: `$1` is a built collector, `$2` the prefix, `install` the script.
  private func bash(_ lines: String, _ prefix: String) throws -> Program {
    let script = Program.repository.appending(path: "script/install").path
    return try Program.run(
      "collector", [prefix],
      wrapper: ["bash", "-ec", "install() { '\(script)' \"$@\"; }\n" + lines, "bash"])
  }

  private func scratch() throws -> String {
    let folder = NSTemporaryDirectory() + "kernel-footprint-install-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private static let install = "install \"$2\" --programs \"$(dirname \"$1\")\"\n"

  @Test func installsReplacesAndRemoves() throws {
    let folder = try scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let prefix = folder + "/prefix"
    // Of somebody else, in folders that are ours too; and a folder that was there and is empty.
    let kept = ["share/man/man1/else.1", "share/kernel-footprint/notes"]
    let run = try bash(
      """
      mkdir -p "$2/share/man/man1" "$2/bin" && echo x >"$2/share/man/man1/else.1"
      \(Self.install)
      echo x >"$2/share/kernel-footprint/notes"
      cd /
      "$2/bin/collector" --version
      "$2/bin/tracequery" --version
      "$2/bin/collector" list workloads
      zcat "$2/share/man/man1/collector-run.1.gz" | head -n 2
      bash -n "$2/share/bash-completion/completions/tracequery"
      test -s "$2/share/zsh/site-functions/_collector"
      test -s "$2/share/fish/vendor_completions.d/collector.fish"
      test -z "$(find "$2" ! -perm -444)"
      """, prefix)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("installed to \(prefix): "))
    #expect(run.output.contains("put \(prefix)/bin into PATH"))
    for words in ["collector 0.", "tracequery 0.", "redis-server\tkernel-footprint/redis-server"] {
      #expect(run.output.contains(words))
    }
    #expect(run.output.contains(".Dt \"COLLECTOR\\-RUN\" 1"))

    // What an older version had and this one has not goes.
    let again = try bash(
      """
      echo x >"$2/bin/older" && echo bin/older >>"$2/share/kernel-footprint/installed"
      echo ../outside >>"$2/share/kernel-footprint/installed" && echo x >"$2/../outside"
      \(Self.install)
      test ! -e "$2/bin/older" && test -x "$2/bin/collector" && test -e "$2/../outside"
      """, prefix)
    #expect(again.status == 0, "\(again.errors)")

    let gone = try bash("install --uninstall \"$2\" && cd \"$2\" && find . -mindepth 1", prefix)
    #expect(gone.status == 0, "\(gone.errors)")
    let left = Set(gone.output.split(separator: "\n").map(String.init))
    #expect(
      left == [
        "removed from \(prefix)", "./bin", "./share", "./share/man", "./share/man/man1",
        "./" + kept[0], "./share/kernel-footprint", "./" + kept[1],
      ])
    let twice = try bash("install --uninstall \"$2\"", prefix)
    #expect(twice.status == 1)
    #expect(twice.errors.contains("nothing of ours is installed in \(prefix)"))
  }

  @Test(arguments: [
    ("install --prefix x", 2, "unknown option --prefix"),
    ("install a b", 2, "one PREFIX at a time"),
    ("install \"$2\" --programs /nowhere", 2, "there is no collector in /nowhere"),
    ("install \"$1/x\" --programs \"$(dirname \"$1\")\"", 3, "cannot be written to"),
  ])
  func refusals(_ line: String, _ status: Int32, _ message: String) throws {
    let prefix = try scratch()
    defer { try? FileManager.default.removeItem(atPath: prefix) }
    let run = try bash(line, prefix)
    #expect(run.status == status)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: prefix) == [])
  }
}
