/// A stream that shows its bytes to a digest as they pass.
final class TappedStream: ByteStream {
  private let stream: any ByteStream
  private let digest: any RecordingReader.Digest

  var name: String { stream.name }

  init(_ stream: any ByteStream, digest: any RecordingReader.Digest) {
    self.stream = stream
    self.digest = digest
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = try stream.read(into: &buffer, at: offset)
    if count > 0 { digest.update(buffer[offset..<(offset + count)]) }
    return count
  }
}
