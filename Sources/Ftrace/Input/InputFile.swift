/// Opens what users name on the command line.
public enum InputFile {
  /// Opens `path` (`-` is standard input) and unpacks it when its first bytes are those of zstd or
  /// gzip, whatever its name says; also when it is packed twice.
  ///
  /// - Throws: ``InputError``, also for damage within the first bytes.
  public static func open(_ path: String) throws -> PeekedStream {
    try unpack(FileStream(path: path))
  }

  /// The same over any stream: for those who watch the bytes of the file below.
  static func unpack(_ stream: any ByteStream) throws -> PeekedStream {
    var stream = try PeekedStream(stream, count: headSize)
    for _ in 0..<layers {
      guard let compression = Compression.recognise(stream.head) else { return stream }
      stream = try PeekedStream(CompressedStream(compression, over: stream), count: headSize)
    }
    guard Compression.recognise(stream.head) == nil else {
      throw InputError.tooManyLayers(file: stream.name)
    }
    return stream
  }

  /// Enough to recognise the format of a trace.
  private static let headSize = Sizes.head
  /// A .gz of a .zst happens; more does not.
  private static let layers = 2
}
