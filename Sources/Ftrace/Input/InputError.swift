#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What can go wrong between a path and the bytes that a decoder gets. `description` is one line:
/// what, where, and what to do.
public enum InputError: Error, Hashable, Sendable {
  /// `open` failed with this errno.
  case cannotOpen(file: String, errno: Int32)
  /// `read`, `pread`, `fstat` or `close` failed with this errno.
  case cannotRead(file: String, errno: Int32)
  /// The path names a directory.
  case isDirectory(file: String)
  /// A compressed stream ends in the middle of a frame or member; `offset` is where, in bytes of
  /// the compressed stream.
  case truncated(file: String, compression: Compression, offset: UInt64)
  /// Compressed bytes that cannot be right, near `offset` of the compressed stream.
  case corrupt(file: String, compression: Compression, offset: UInt64, reason: String)
  /// Decompressing needs a larger window than ``Compression/windowLimit``.
  case windowTooLarge(file: String)
  /// More output than the caller allows, in bytes: a lying length, or a bomb.
  case tooLarge(file: String, limit: UInt64)
  /// Compressed within compressed within compressed.
  case tooManyLayers(file: String)
  /// A place outside of the file, or one that was cut off while it was read.
  case outOfBounds(file: String, offset: UInt64, count: UInt64, size: UInt64)
  /// The temporary copy of a stream could not be written into `directory`.
  case cannotSpool(file: String, directory: String, errno: Int32)
  /// The decompressor could not get memory.
  case noMemory(file: String)

  /// Whose fault it is, for the exit code of a program.
  public enum Blame: Sendable {
    /// The command line: a wrong path.
    case usage
    /// The machine: permissions, a full disk, no memory.
    case environment
    /// The file is damaged.
    case data
  }

  public var blame: Blame {
    switch self {
    case .isDirectory: .usage
    case .cannotOpen(_, let code): code == EACCES || code == EPERM ? .environment : .usage
    case .cannotRead, .cannotSpool, .noMemory: .environment
    case .truncated, .corrupt, .windowTooLarge, .tooLarge, .tooManyLayers, .outOfBounds: .data
    }
  }

  /// The file as the user named it; `standard input` for `-`.
  public var file: String {
    switch self {
    case .cannotOpen(let file, _), .cannotRead(let file, _), .isDirectory(let file),
      .truncated(let file, _, _), .corrupt(let file, _, _, _), .windowTooLarge(let file),
      .tooLarge(let file, _), .tooManyLayers(let file), .outOfBounds(let file, _, _, _),
      .cannotSpool(let file, _, _), .noMemory(let file):
      file
    }
  }
}

extension InputError: CustomStringConvertible {
  public var description: String { "\(InputError.printable(file)): \(sentence)" }

  private var sentence: String {
    switch self {
    case .cannotOpen(_, let code):
      switch code {
      case ENOENT: "no such file; check the path"
      case EACCES, EPERM: "permission denied; run as a user who may read it, or with sudo"
      default: "cannot be opened: \(InputError.message(code))"
      }
    case .cannotRead(_, let code):
      "cannot be read: \(InputError.message(code))"
    case .isDirectory:
      "is a directory, where a file is needed"
    case .truncated(_, let compression, let offset):
      "the \(compression) stream is cut off at byte \(offset); copy or record it again"
    case .corrupt(_, let compression, let offset, let reason):
      "corrupt \(compression) data near byte \(offset) (\(reason)); copy or record it again"
    case .windowTooLarge:
      "needs a zstd window of more than \(Compression.windowLimit >> 20) MiB; "
        + "compress it again without --long"
    case .tooLarge(_, let limit):
      "unpacks to more than the \(limit) bytes that it may have; the file is damaged"
    case .tooManyLayers:
      "is compressed more than twice over; unpack it first"
    case .outOfBounds(_, let offset, let count, let size):
      "\(count) bytes at byte \(offset) lie outside of its \(size) bytes; "
        + "the file is cut off or damaged"
    case .cannotSpool(_, let directory, let code):
      "cannot be copied to \(InputError.printable(directory)): \(InputError.message(code)); "
        + "set TMPDIR to a folder with room, or unpack the file first"
    case .noMemory:
      "not enough memory to unpack it"
    }
  }

  private static func message(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }

  /// A path on one line: control characters, which a hostile name may hold, are written out.
  private static func printable(_ path: String) -> String {
    var result = ""
    for scalar in path.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        result += scalar.escaped(asASCII: true)
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
