import Foundation
import Testing

@testable import Ftrace

@Suite struct TraceDatGolden {
  @Test(arguments: ["runc-redis-server-1", "runc-python_tornado-1", "crun-redis-k612"])
  func golden(_ capture: String) throws {
    let path = "\(Captures.folder)/\(capture)/trace.dat"
    let dat = try TraceDat(SeekableFile(InputFile.open(path), path: path))
    #expect(dat.version == 7)
    let symbols = try SymbolTable(kallsyms: dat.kallsyms, from: path)
    let buffer = try #require(dat.buffers.first { !$0.cpus.isEmpty })
    var reader = RingBufferReader(
      catalog: try EventCatalog(dat.formats), layout: dat.layout.resized(to: buffer.pageSize),
      sources: dat.sources(of: buffer))
    var counter = CallCounter(
      rules: FilterRules(), tasks: try Captures.tasks(capture, "func"), resolver: symbols)
    try reader.decode(into: &counter)
    let tally = counter.tally()
    let want = try Captures.expected(capture, "\(capture).dat")
    var have: [String: [String]] = [:]
    for (key, counts) in tally.calls {
      have["\(key.pid) \(tally.functions[key.function].name.name)", default: []] = [
        String(counts.calls), String(counts.first), String(counts.last),
      ]
    }
    #expect(have.count == want.count)
    #expect(have == want.mapValues { Array($0[0..<3]) })
  }
}
