import CLinux
import Glibc

/// Takes the pages of one CPU out of the ring buffer into a file, without decoding anything.
///
/// While the workload runs, whole sub-buffers are spliced: the kernel hands over the pages
/// themselves, and a page that is still being filled stays where it is, so that no half-empty ones
/// are stored. At the end the last, partly filled ones are read.
struct SpooledPages: ~Copyable {
  let path: String
  private let source: Int32
  private let sourcePath: String
  private let pageSize: Int
  private let target: Int32
  private var pipe: (read: Int32, write: Int32) = (-1, -1)
  /// Whether the source can be spliced, and the target be spliced to.
  private var splicesIn = true
  private var splicesOut = true
  private var buffer: [UInt8]
  private(set) var bytes: UInt64 = 0

  /// - Parameters:
  ///   - source: a descriptor that does not block; closed with this.
  ///   - path: where to; must not exist.
  init(
    source: Int32, named sourcePath: String, pageSize: Int, to path: String
  ) throws(TracefsError) {
    let target = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard target >= 0 else {
      let code = errno
      close(source)
      throw .system(file: path, action: "make it", errno: code)
    }
    self.init(
      source: source, named: sourcePath, pageSize: pageSize, target: target, targetPath: path)
  }

  /// The same into a file that is open already, and is closed with this.
  init(source: Int32, named sourcePath: String, pageSize: Int, target: Int32, targetPath: String) {
    self.source = source
    self.sourcePath = sourcePath
    self.path = targetPath
    self.pageSize = pageSize
    self.target = target
    buffer = [UInt8](repeating: 0, count: max(1, (64 << 10) / pageSize) * pageSize)
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else {
      // Without a pipe pages are copied.
      splicesIn = false
      return
    }
    pipe = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    for descriptor in [source, target, pipe.read, pipe.write] where descriptor >= 0 {
      close(descriptor)
    }
  }

  /// Takes whole pages as long as there are some, but at most `limit` bytes; returns how many bytes.
  mutating func takeWhole(limit: Int) throws(TracefsError) -> Int {
    var taken = 0
    while taken < limit {
      guard splicesIn else { return try takeRest(limit: limit) }
      let count = splice(
        source, nil, pipe.write, nil, buffer.count, KF_SPLICE_F_MOVE | KF_SPLICE_F_NONBLOCK)
      if count > 0 {
        try empty(pipeOf: count)
        taken += count
      } else if count == 0 {
        break
      } else if errno == EINVAL {
        splicesIn = false
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        throw .system(file: sourcePath, action: "take its pages", errno: errno)
      }
    }
    return taken
  }

  /// Takes everything that there is, the page that is being filled too, but stops at `limit` bytes.
  mutating func takeRest(limit: Int = .max) throws(TracefsError) -> Int {
    var taken = 0
    while taken < limit {
      var filled = 0
      var isEmpty = false
      // One page a read: the kernel gives no more, and fills up what is partly filled.
      while filled + pageSize <= buffer.count {
        let count = buffer.withUnsafeMutableBytes { bytes in
          // Unsafe: the condition of the loop keeps the range within the buffer.
          read(source, bytes.baseAddress?.advanced(by: filled), pageSize)
        }
        if count > 0 {
          filled += count
        } else if count == 0 || errno == EAGAIN {
          isEmpty = true
          break
        } else if errno != EINTR {
          throw .system(file: sourcePath, action: "take its pages", errno: errno)
        }
      }
      try put(filled)
      taken += filled
      if isEmpty { break }
    }
    return taken
  }

  /// Brings `count` bytes from the pipe into the file.
  private mutating func empty(pipeOf count: Int) throws(TracefsError) {
    var left = count
    while left > 0 {
      if splicesOut {
        let moved = splice(pipe.read, nil, target, nil, left, KF_SPLICE_F_MOVE)
        if moved > 0 {
          left -= moved
          bytes += UInt64(moved)
        } else if moved < 0, errno == EINVAL {
          splicesOut = false
        } else if moved == 0 || errno != EINTR {
          throw .system(file: path, action: "write to it", errno: moved == 0 ? EIO : errno)
        }
      } else {
        let count = buffer.withUnsafeMutableBytes {
          read(pipe.read, $0.baseAddress, min(left, $0.count))
        }
        if count > 0 {
          try put(count)
          left -= count
        } else if count == 0 || errno != EINTR {
          throw .system(file: path, action: "fill it", errno: count == 0 ? EIO : errno)
        }
      }
    }
  }

  /// Writes the first `count` bytes of the buffer.
  private mutating func put(_ count: Int) throws(TracefsError) {
    var done = 0
    while done < count {
      let written = buffer.withUnsafeBytes { bytes in
        // Unsafe: `done..<count` lies within the buffer.
        write(target, bytes.baseAddress?.advanced(by: done), count - done)
      }
      if written > 0 {
        done += written
        bytes += UInt64(written)
      } else if written == 0 || errno != EINTR {
        throw .system(file: path, action: "write to it", errno: written == 0 ? EIO : errno)
      }
    }
  }
}
