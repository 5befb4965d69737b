import Glibc

@testable import Ftrace

/// Files that are read whole: trace.dat, kallsyms, compressed streams, and small texts.
enum FuzzFiles {
  /// Gives the input a path, though the file has no name.
  private static func withPath(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let spool = SpoolFile(file: "input", folder: SpoolFile.usualFolder)
    let number = try spool.create()
    defer { close(number) }
    try spool.write(bytes, bytes.count, to: number)
    try body("/proc/self/fd/\(number)")
  }

  /// A trace.dat, through to what would be stored of it; where threads read it, from its path on, as
  /// programs do.
  static func traceDat(_ input: [UInt8]) throws {
    try withPath(input) { path in
      try FuzzMismatch.refusing {
        let file = try SeekableFile(InputFile.open(path), path: path)
        let dat = try TraceDat(file)
        let threads = FuzzTargets.takesThreads(input)
        for buffer in dat.buffers.prefix(4) {
          var options = RecordingReader.Options()
          options.format = .traceDat
          options.buffer = buffer.name
          options.processors = threads ? 3 : 1
          try FuzzMismatch.refusing {
            let reader = RecordingReader(try RecordingFiles(path: path), options: options)
            let recording = threads ? try reader.read() : try reader.read(dat, file)
            try FuzzMismatch.require(recording.tally.isBalanced, "the tally is not balanced")
          }
        }
      }
    }
  }

  /// The table of symbols, asked for addresses around its own and for some of its names.
  static func kallsyms(_ input: [UInt8]) throws {
    try FuzzMismatch.refusing {
      let table = try SymbolTable(kallsyms: input, from: "kallsyms")
      var names: Set<String> = []
      for line in String(decoding: input.prefix(4096), as: UTF8.self).split(separator: "\n") {
        guard let address = UInt64(line.prefix { $0 != " " }, radix: 16) else { continue }
        for address in [address, address &- 1, address &+ 1, address &+ 4096] {
          let name = table.resolve(address)
          names.insert(name.name)
          _ = KernelSymbolName.canonical(name.name)
          let offset = table.offset(of: address) ?? 0
          try FuzzMismatch.require(offset <= address, "\(offset) behind the symbol of \(address)")
          _ = table.textBytes(of: address)
        }
      }
      let counts = table.symbolCounts(of: names)
      for (name, size) in table.sizes(of: names) {
        try FuzzMismatch.require(counts[name] == size.symbols, "\(name): symbols")
      }
      for edge in [0, 1, UInt64.max] { _ = table.resolve(edge) }
    }
  }

  /// Byte 0: the compression (two bits; 3 is as a file), and how many bytes come at once.
  static func compressed(_ input: [UInt8]) throws {
    guard let mode = input.first else { return }
    let bytes = Array(input.dropFirst())
    let limit = 1 << 17
    let compression = [Compression.zstd, .gzip, .zlib, nil][Int(mode & 3)]
    func unpack(_ piece: Int) throws -> [UInt8] {
      let source = BytesStream(bytes, name: "file", piece: piece)
      guard let compression else { return try InputFile.unpack(source).readAll(limit: limit) }
      return try CompressedStream(compression, over: source).readAll(limit: limit)
    }
    func outcome(_ body: () throws -> [UInt8]) -> Result<[UInt8], InputError>? {
      do { return .success(try body()) } catch let error as InputError {
        return .failure(error)
      } catch { return nil }
    }
    let whole = outcome { try unpack(.max) }
    let pieces = outcome { try unpack(1 + Int(mode >> 2)) }
    try FuzzMismatch.require(whole != nil && pieces != nil, "an error of another kind")
    switch (whole, pieces) {
    case (.success(let one), .success(let other)): try FuzzMismatch.require(one == other, "bytes")
    case (.failure, .failure): break
    default: throw FuzzMismatch("at once \(describe(whole)), in pieces \(describe(pieces))")
    }
    guard compression != nil, compression != .gzip else { return }
    let memory = outcome {
      compression == .zstd
        ? try Decompress.zstd(bytes, limit: limit, file: "file")
        : try Decompress.zlib(bytes, limit: limit, file: "file")
    }
    if case .success(let one) = whole, case .success(let other) = memory {
      try FuzzMismatch.require(one == other, "in memory: bytes")
    }
  }

  private static func describe(_ outcome: Result<[UInt8], InputError>?) -> String {
    switch outcome {
    case .success(let bytes): "\(bytes.count) bytes"
    case .failure(let error): error.description
    case nil: "nothing"
    }
  }

  /// Byte 0: which of the small files the rest is.
  static func small(_ input: [UInt8]) throws {
    guard let mode = input.first else { return }
    let bytes = Array(input.dropFirst())
    let text = String(decoding: bytes, as: UTF8.self)
    try FuzzMismatch.refusing {
      switch mode % 6 {
      case 0:
        let list = try TaskList(parsing: text, from: "pids")
        try FuzzMismatch.require(list.tasks.values.allSatisfy { $0.pid >= 0 }, "a pid below 0")
      case 1:
        let stats = CPUStats(parsing: text)
        _ = stats.lost
      case 2: _ = RecordingReader.chosenClock(text)
      case 3: _ = KernelSymbolName.isPiece(text) || KernelSymbolName.canonical(text).isEmpty
      default:
        try withPath(bytes) { path in
          var files = try RecordingFiles(path: "-")
          if mode % 6 == 4 { files.savedComms = path } else { files.savedThreadGroups = path }
          let reader = RecordingReader(files, options: RecordingReader.Options())
          let counter = try reader.counter(AddressNames())
          try FuzzMismatch.require(counter.seen == 0, "events in a small file")
        }
      }
    }
  }
}
