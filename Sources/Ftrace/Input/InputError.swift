import Glibc

/// A source that cannot be opened or read: one line that says which, where and why.
public enum InputError: Error, CustomStringConvertible, Equatable {
  /// A system call failed.
  case system(file: String, action: String, errno: Int32)
  /// A folder where a file is needed.
  case isDirectory(file: String)
  /// Compressed data that ends too early; `offset` is a byte of the compressed file.
  case truncated(file: String, format: String, offset: UInt64)
  /// Compressed data that is damaged.
  case corrupt(file: String, format: String, offset: UInt64, reason: String)
  /// Something is larger than it may be.
  case tooLarge(file: String, what: String, limit: UInt64)
  /// A read behind the end of the file.
  case beyondEnd(file: String, offset: UInt64, size: UInt64)

  public var description: String {
    switch self {
    case .system(let file, let action, let errno):
      "\(file): cannot \(action): \(String(cString: strerror(errno)))"
    case .isDirectory(let file): "\(file): is a folder; name a file in it"
    case .truncated(let file, let format, let offset):
      "\(file): the \(format) data ends in the middle, at byte \(offset); copy the file again"
    case .corrupt(let file, let format, let offset, let reason):
      "\(file): the \(format) data is damaged near byte \(offset) (\(reason)); copy the file again"
    case .tooLarge(let file, let what, let limit):
      "\(file): \(what) is larger than \(limit) bytes, which no real trace has"
    case .beyondEnd(let file, let offset, let size):
      "\(file): it points to byte \(offset), but has only \(size) bytes; it is cut or damaged"
    }
  }
}
