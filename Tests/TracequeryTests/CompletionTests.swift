import Foundation
import Testing

@testable import tracequery

/// Completion in a real bash, and what the other shells are told.
@Suite struct CompletionTests {
  /// What bash offers for a line with the cursor at its end, with words split as bash splits them.
  private func offers(
    _ line: String, warehouse: String, extra: String = ""
  ) throws -> [String] {
    let programs = URL(fileURLWithPath: ProgramProcess.path).deletingLastPathComponent().path
    // An interactive bash splits at COMP_WORDBREAKS; here sed does, so that each colon is a word.
    let script = """
      source <(tracequery --generate-completion-script bash)
      \(extra)
      COMP_LINE='\(line)'
      COMP_POINT=${#COMP_LINE}
      COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
      read -ra COMP_WORDS < <(sed 's/:/ : /g' <<<"$COMP_LINE")
      [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      word=${COMP_WORDS[COMP_CWORD]}
      [[ $word == : ]] && word=
      function=$(complete -p tracequery | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      "$function" tracequery "$word" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try ProgramProcess.run(
      "/bin/bash", ["--norc", "-c", script],
      environment: ["PATH": "\(programs):/usr/bin:/bin", "TRACE_DB": warehouse])
    #expect(result.errors == "")
    return result.output.split(separator: "\n").map(String.init)
  }

  @Test func bashKnowsTheRuns() throws {
    let sample = try SampleWarehouse()
    func ask(_ line: String) throws -> [String] { try offers(line, warehouse: sample.path) }
    #expect(try ask("tracequery functions runs") == ["runsc", "runsc/redis-server"])
    #expect(try ask("tracequery functions /") == ["/redis-server"])
    #expect(try ask("tracequery functions label:b") == ["base"])
    #expect(try ask("tracequery functions label:") == ["base"])
    #expect(try ask("tracequery diff runc run:") == ["1", "2", "3", "4", "5", "6"])
    #expect(try ask("tracequery functions runsc,cr") == ["runsc,crun", "runsc,crun/redis-server"])
    #expect(try ask("tracequery functions runc+kernel:6.12") == ["6.12.1"])
    #expect(try ask("tracequery only runsc --not ru").contains("runc"))
    #expect(try ask("tracequery gate runc --baseline runs") == ["runsc", "runsc/redis-server"])
    #expect(try ask("tracequery run dif").contains("diff_counts"))
    #expect(try ask("tracequery sec") == ["seccomp"])
    #expect(try ask("tracequery functions runc --role g") == ["gofer"])
    #expect(try ask("tracequery export c") == ["csv"])
    #expect(try ask("tracequery callers runc vfs_") == ["vfs_read", "vfs_write"])
    #expect(try ask("tracequery tree runc wri") == ["write"])
    #expect(try ask("tracequery metric runc te") == ["text_bytes"])
    #expect(try ask("tracequery gate runc --format s") == ["sarif"])
    withExtendedLifetime(sample) {}
  }

  @Test func namedWarehouseIsUsed() throws {
    let sample = try SampleWarehouse()
    #expect(
      try offers("tracequery functions --db \(sample.path) runs", warehouse: "/nonexistent")
        == ["runsc", "runsc/redis-server"])
    withExtendedLifetime(sample) {}
  }

  @Test func withoutAWarehouseThereIsSilence() throws {
    let sample = try SampleWarehouse()
    #expect(try offers("tracequery functions r", warehouse: "/nonexistent") == [])
    let broken = sample.folder + "/broken.db"
    try "no database".write(toFile: broken, atomically: true, encoding: .utf8)
    #expect(try offers("tracequery functions r", warehouse: broken) == [])
    #expect(try offers("tracequery run dif", warehouse: broken).contains("diff"))
  }

  /// Three runtimes, three pairs, a workload, six runs, two kernels, a tracer, a label.
  @Test func zshEscapesColons() throws {
    let sample = try SampleWarehouse()
    func ask(_ shell: String) throws -> [String] {
      try ProgramProcess.run(
        [
          "---completion", "functions", "--", "positional@0", "2", "0", "tracequery", "functions",
          "",
        ],
        environment: ["TRACE_DB": sample.path, "SAP_SHELL": shell]
      ).output.split(separator: "\n").map(String.init)
    }
    #expect(try ask("zsh").contains("label\\:base"))
    #expect(try ask("fish").contains("label:base"))
    #expect(try ask("fish").count == 3 + 3 + 1 + 6 + 2 + 1 + 1)
    withExtendedLifetime(sample) {}
  }

  /// A name that no program of ours writes must not reach a shell as a command.
  @Test func tamperedNamesAreNotOffered() throws {
    let sample = try SampleWarehouse()
    let changed = try ProgramProcess.run(
      "/usr/bin/sqlite3",
      [
        sample.path,
        "PRAGMA ignore_check_constraints = 1; UPDATE run SET label = '$(id)' WHERE run_id = 1",
      ],
      environment: [:])
    #expect(changed.status == 0, "\(changed.errors)")
    let output = try ProgramProcess.run(
      [
        "---completion", "functions", "--", "positional@0", "2", "0", "tracequery", "functions", "",
      ],
      environment: ["TRACE_DB": sample.path, "SAP_SHELL": "bash"]
    ).output
    #expect(output.contains("runsc"))
    #expect(!output.contains("$"))
    withExtendedLifetime(sample) {}
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func scriptsAreMade(_ shell: String) throws {
    let result = try ProgramProcess.run(["--generate-completion-script", shell])
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.output.contains("---completion"))
    #expect(result.output.contains("seccomp"))
    #expect(result.output.contains("_tracequery_joined") == (shell == "bash"))
  }
}
