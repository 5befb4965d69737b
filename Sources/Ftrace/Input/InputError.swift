#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What can go wrong between a path and the bytes that a decoder gets, and back. `description` is
/// one line: what, where, and what to do.
public enum InputError: Error, Hashable, Sendable {
  /// A system call failed; `action` completes "cannot …": `open`, `read`.
  case system(file: String, action: String, errno: Int32)
  /// A folder where a file is needed.
  case isDirectory(file: String)
  /// A compressed stream ends in the middle of a frame or member; `offset` is where, in bytes of
  /// the compressed stream.
  case truncated(file: String, format: String, offset: UInt64)
  /// Compressed bytes that cannot be right, near byte `offset` of the compressed stream.
  case corrupt(file: String, format: String, offset: UInt64, reason: String)
  /// Unpacking needs a larger window than ``Compression/windowLimit``.
  case windowTooLarge(file: String)
  /// More bytes than there may be: a lying length, or a bomb.
  case tooLarge(file: String, what: String, limit: UInt64)
  /// More different function names than any kernel has.
  case tooManyNames(file: String, limit: Int)
  /// Compressed within compressed within compressed.
  case tooManyLayers(file: String)
  /// A read behind the end of the file, which has `size` bytes.
  case beyondEnd(file: String, offset: UInt64, size: UInt64)
  /// The temporary copy of a stream could not be written into `folder`.
  case cannotSpool(file: String, folder: String, errno: Int32)
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
    case .system(_, _, let code): code == ENOENT || code == ENOTDIR ? .usage : .environment
    case .cannotSpool, .noMemory: .environment
    case .truncated, .corrupt, .windowTooLarge, .tooLarge, .tooManyNames, .tooManyLayers,
      .beyondEnd:
      .data
    }
  }

  /// The file as the user named it; `standard input` for `-`.
  public var file: String {
    switch self {
    case .system(let file, _, _), .isDirectory(let file), .truncated(let file, _, _),
      .corrupt(let file, _, _, _), .windowTooLarge(let file), .tooLarge(let file, _, _),
      .tooManyLayers(let file), .tooManyNames(let file, _), .beyondEnd(let file, _, _),
      .cannotSpool(let file, _, _),
      .noMemory(let file):
      file
    }
  }
}

extension InputError: CustomStringConvertible {
  public var description: String { "\(InputError.printable(file)): \(sentence)" }

  private var sentence: String {
    switch self {
    case .system(_, let action, let code):
      "cannot \(action): \(InputError.message(code))" + InputError.advice(code)
    case .isDirectory:
      "is a folder; name a file in it"
    case .truncated(_, let format, let offset):
      "the \(format) data is cut off at byte \(offset); copy or record it again"
    case .corrupt(_, let format, let offset, let reason):
      "the \(format) data is damaged near byte \(offset) (\(reason)); copy it again"
    case .windowTooLarge:
      "needs a zstd window of more than \(Compression.windowLimit >> 20) MiB; "
        + "compress it again without --long"
    case .tooLarge(_, let what, let limit):
      "\(what) has more than \(limit) bytes, which no real trace has; it is damaged"
    case .tooManyNames(_, let limit):
      "it has more than \(limit) different function names, or 16 MiB of them, which no kernel "
        + "has; it is damaged"
    case .tooManyLayers:
      "is compressed more than twice over; unpack it first"
    case .beyondEnd(_, let offset, let size):
      "it points to byte \(offset), but has only \(size) bytes; it is cut off or damaged"
    case .cannotSpool(_, let folder, let code):
      "cannot be copied to \(InputError.printable(folder)): \(InputError.message(code)); "
        + "set TMPDIR to a folder with room, or unpack the file first"
    case .noMemory:
      "not enough memory to unpack it"
    }
  }

  private static func advice(_ code: Int32) -> String {
    switch code {
    case ENOENT: "; check the path"
    case EACCES, EPERM: "; run as a user who may, or with sudo"
    case ENOSPC, EDQUOT: "; make room on that disk"
    default: ""
    }
  }

  static func message(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }

  /// A path on one line: control characters, which a hostile name may hold, are written out.
  static func printable(_ path: String) -> String {
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
