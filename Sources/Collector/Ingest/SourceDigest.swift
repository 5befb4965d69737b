import Crypto
import Ftrace

/// SHA-256 of a source's content: of each stream, then of their digests in order, so that it does
/// not depend on how the streams' reads interleave, nor on compression.
final class SourceDigest {
  private final class Stream: RecordingReader.Digest {
    var hash = SHA256()

    func update(_ bytes: ArraySlice<UInt8>) {
      bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
  }

  private var streams: [Stream] = []

  func makeStream() -> any RecordingReader.Digest {
    let stream = Stream()
    streams.append(stream)
    return stream
  }

  /// The digest as `sha256:` and 64 hexadecimal digits.
  func finish() -> String {
    var all = SHA256()
    for stream in streams { all.update(data: Array(stream.hash.finalize())) }
    let digits = Array("0123456789abcdef")
    return "sha256:"
      + String(all.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
