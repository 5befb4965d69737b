import Crypto
import Glibc
import Terminal

/// A shard on its way to the disk: compressed, hashed, under a name that readers pass over, and at the
/// end under a name that its content gives it.
final class ShardFile {
  /// A shard that is there.
  struct Finished: Equatable {
    /// Its name in its folder.
    var name: String
    /// Bytes of the file.
    var bytes: Int64
    /// Bytes of the text in it.
    var textBytes: Int64
    /// SHA-256 of the file, in hexadecimal.
    var sha256: String
  }

  /// What names of unfinished files begin with. Spark and Hadoop pass over names with such a dot.
  static let unfinishedPrefix = ".unfinished-"

  private let folder: String
  private let stem: String
  private let compression: ShardCompression
  private let compressor: any ShardCompressor
  private let descriptor: Int32
  private let temporary: String
  private let unfinished: UnfinishedFile
  private var isOpen = true
  private var hash = SHA256()
  private var bytes: Int64 = 0
  private var textBytes: Int64 = 0
  /// Text that is not compressed yet: a caller appends and calls ``flush()``.
  var text: [UInt8] = []

  /// - Parameters:
  ///   - folder: where it will be.
  ///   - stem: what its name begins with.
  /// - Throws: ``Failure``.
  init(folder: String, stem: String, compression: ShardCompression) throws {
    self.folder = folder
    self.stem = stem
    self.compression = compression
    compressor = try compression.makeCompressor()
    let made = UnfinishedFile.make("\(folder)/\(Self.unfinishedPrefix)\(stem)")
    guard let made else { throw SparkFolder.failure("\(folder)/\(stem)", errno) }
    (unfinished, descriptor) = made
    temporary = unfinished.name
    text.reserveCapacity(Self.capacity)
  }

  private static let capacity = 1 << 17

  /// Compresses the text when there is enough of it.
  func flush() throws {
    if text.count >= Self.capacity { try compress(isLast: false) }
  }

  private func compress(isLast: Bool) throws {
    textBytes += Int64(text.count)
    try compressor.compress(text, isLast: isLast) { part in
      part.withUnsafeBytes { hash.update(bufferPointer: $0) }
      bytes += Int64(part.count)
      guard let code = SparkFolder.write(part, to: descriptor) else { return }
      throw SparkFolder.failure("\(folder)/\(stem)", code)
    }
    text.removeAll(keepingCapacity: true)
  }

  /// Everything is written: puts it on the disk and gives it its name.
  func finish() throws -> Finished {
    try compress(isLast: true)
    let digest = Hexadecimal.text(hash.finalize())
    let name = "\(stem)-\(digest.prefix(16)).csv\(compression.ending)"
    guard fchmod(descriptor, SparkFolder.fileMode) == 0, fsync(descriptor) == 0 else {
      throw SparkFolder.failure("\(folder)/\(name)", errno)
    }
    isOpen = false
    // Some file systems tell only here that the space is used up.
    guard close(descriptor) == 0, rename(temporary, "\(folder)/\(name)") == 0 else {
      throw SparkFolder.failure("\(folder)/\(name)", errno)
    }
    unfinished.forget()
    isForgotten = true
    return Finished(name: name, bytes: bytes, textBytes: textBytes, sha256: digest)
  }

  private var isForgotten = false

  /// Leaves nothing behind, unless it is finished.
  func discard() {
    guard !isForgotten else { return }
    if isOpen { close(descriptor) }
    unlink(temporary)
    unfinished.forget()
    isForgotten = true
  }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
