import Glibc

/// Why output could not be written.
public enum OutputError: Error, Equatable, CustomStringConvertible {
  /// The reader of the pipe is gone (`… | head`). Nothing is wrong: end quietly.
  case closedPipe
  /// `write(2)` failed with this `errno`.
  case failed(errno: Int32)

  public var description: String {
    switch self {
    case .closedPipe: "the reader of the output is gone"
    case .failed(let code): "cannot write the output: \(String(cString: strerror(code)))"
    }
  }
}

/// Buffered bytes to a file descriptor, or to memory.
///
/// Call ``flush()`` at the end: what is still buffered when the object goes away is not written.
public final class Output {
  private let descriptor: Int32?
  private var buffer: [UInt8] = []
  private static let capacity = 1 << 16

  /// - Parameter descriptor: an open file; nil keeps everything in ``bytes``.
  public init(descriptor: Int32?) {
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.capacity)
  }

  /// Standard output. A pipe whose reader is gone becomes ``OutputError/closedPipe`` from now on
  /// in this process, where the default is death by SIGPIPE.
  public static func standard() -> Output {
    signal(SIGPIPE, SIG_IGN)
    return Output(descriptor: STDOUT_FILENO)
  }

  /// What is buffered: everything so far, without a descriptor.
  public var bytes: [UInt8] { buffer }

  /// - Throws: ``OutputError`` when the buffer was full and could not be written.
  public func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if descriptor != nil, buffer.count >= Self.capacity { try flush() }
  }

  /// Writes what is buffered.
  public func flush() throws {
    guard let descriptor else { return }
    var written = 0
    defer { buffer.removeAll(keepingCapacity: true) }
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]).baseAddress,
          bytes.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        throw OutputError.closedPipe
      } else if errno != EINTR {
        throw OutputError.failed(errno: errno)
      }
    }
  }
}
