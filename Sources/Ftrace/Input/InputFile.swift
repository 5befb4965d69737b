/// Opens what users name on the command line.
public enum InputFile {
  /// Opens `path` (`-` is standard input) and unpacks it when its first bytes are those of zstd or
  /// gzip, whatever its name says; also when it is packed twice.
  ///
  /// - Throws: ``InputError``, also for damage within the first bytes.
  public static func open(_ path: String) throws(InputError) -> PrefixedStream {
    try unpack(FileStream(path: path))
  }

  /// The same over any stream: for those who watch or hash the bytes of the file below.
  public static func unpack(_ stream: any ByteStream) throws(InputError) -> PrefixedStream {
    var stream = PrefixedStream(stream)
    for _ in 0..<layers {
      guard let compression = try compression(of: stream) else { return stream }
      stream = PrefixedStream(try CompressedStream(compression, over: stream))
    }
    if try compression(of: stream) != nil { throw .tooManyLayers(file: stream.name) }
    return stream
  }

  private static let layers = 2

  private static func compression(of stream: PrefixedStream) throws(InputError) -> Compression? {
    Compression.recognise(try stream.peek(Compression.signatureLength))
  }
}
