import Foundation
import Synchronization
import TestSupport

@testable import Ftrace

/// What the ring buffers of a capture held, to be put into a stand-in for a kernel.
struct RecordedBuffers: Sendable {
  var pages: [Int: [UInt8]]
  var stats: [Int: String]
  var kallsyms: [UInt8]
  let events: String

  /// Captures are read once for all tests.
  private static let known = Mutex<[String: RecordedBuffers]>([:])

  static func load(_ capture: String, _ recording: String) throws -> RecordedBuffers {
    let name = "\(capture)/\(recording)"
    if let buffers = known.withLock({ $0[name] }) { return buffers }
    let files = try RecordingFiles(path: "\(Program.captures)/\(capture)", recording: recording)
    let buffers = RecordedBuffers(
      pages: try Dictionary(
        uniqueKeysWithValues: files.pages.map { ($0.0, try InputFile.open($0.1).readAll()) }),
      stats: try files.stats.mapValues {
        String(decoding: try InputFile.open($0).readAll(), as: UTF8.self)
      },
      kallsyms: try InputFile.open(files.kallsyms ?? "").readAll(), events: files.events ?? "")
    known.withLock { $0[name] = buffers }
    return buffers
  }

  /// The same with `count` pages a CPU, of which none was lost, and the symbols of the kernel's own
  /// text, which come first, so that it is quickly read and written.
  func first(_ count: Int) -> RecordedBuffers {
    var buffers = self
    buffers.kallsyms = Array(kallsyms.prefix(4 << 20))
    while let last = buffers.kallsyms.last, last != 0x0a { buffers.kallsyms.removeLast() }
    buffers.pages = pages.mapValues { Array($0.prefix(count * 4096)) }
    buffers.stats = stats.mapValues { _ in
      "entries: 0\noverrun: 0\ncommit overrun: 0\ndropped events: 0\nread events: 0\n"
    }
    return buffers
  }

  /// The same with stats of buffers that overran by so many events in all.
  func losing(_ events: Int) -> RecordedBuffers {
    var buffers = self
    let last = stats.keys.max()
    buffers.stats = stats.mapValues { $0 }
    if let last {
      buffers.stats[last] =
        "entries: 0\noverrun: \(events - 1)\ncommit overrun: 0\ndropped events: 1\nread events: 0\n"
    }
    return buffers
  }

  /// Puts all of it into an instance.
  func fill(_ kernel: TracefsFolder, instance: String) throws {
    for (cpu, bytes) in pages {
      try kernel.record(bytes, cpu: cpu, stats: stats[cpu], instance: instance)
    }
  }
}
