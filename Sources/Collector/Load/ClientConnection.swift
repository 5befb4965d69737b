import Glibc

/// A TCP connection to a server that may do anything: every wait ends by the deadline or by the
/// token, every read is bounded.
final class ClientConnection {
  private let descriptor: Int32
  private let cancel: CancelToken
  /// When the request that is under way must be done, in ns of `CLOCK_MONOTONIC`.
  var deadline: Int64
  /// What ``deadline`` came from, for errors.
  private let timeout: Double
  private(set) var received: Int64 = 0
  private(set) var sent: Int64 = 0
  private var buffer = [UInt8](repeating: 0, count: 1 << 14)
  /// What of the buffer has been received and not yet taken.
  private var unread = 0..<0

  /// Connects.
  ///
  /// - Parameters:
  ///   - host: an IPv4 or IPv6 address, or `localhost`: names are not resolved.
  ///   - timeout: in seconds; also for each request, once ``begin()`` is called.
  init(host: String, port: Int, timeout: Double, cancel: CancelToken) throws(LoadError) {
    self.cancel = cancel
    self.timeout = timeout
    let deadline = MonotonicTime.now() + MonotonicTime.nanoseconds(timeout)
    self.deadline = deadline
    descriptor = try Self.connected(host, port, until: deadline, timeout, cancel)
  }

  deinit { close(descriptor) }

  /// A new request's time begins.
  func begin() {
    deadline = MonotonicTime.now() + MonotonicTime.nanoseconds(timeout)
  }

  /// Whether nothing can come of a further request: the server has closed, or sends unasked.
  var isStale: Bool {
    guard unread.isEmpty else { return true }
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, 0) > 0
  }

  func write(_ bytes: [UInt8]) throws(LoadError) {
    var written = 0
    while written < bytes.count {
      // Unsafe: reads within the array; MSG_NOSIGNAL: a closed connection is an error, not death.
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        return Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        written += count
        sent += Int64(count)
      } else if errno == EAGAIN {
        try wait(Int16(POLLOUT), "room to send the request")
      } else if errno == EPIPE || errno == ECONNRESET {
        throw .closed(where: "while the request was sent")
      } else if errno != EINTR {
        throw .system(action: "send the request", errno: errno)
      }
    }
  }

  /// The next byte; nil where the server has closed.
  func byte() throws(LoadError) -> UInt8? {
    if unread.isEmpty, try !fill() { return nil }
    let byte = buffer[unread.lowerBound]
    unread = unread.dropFirst()
    return byte
  }

  /// Up to `limit` bytes of what is there; nil where the server has closed.
  func some(_ limit: Int) throws(LoadError) -> ArraySlice<UInt8>? {
    if unread.isEmpty, try !fill() { return nil }
    let part = unread.prefix(limit)
    unread = part.upperBound..<unread.upperBound
    return buffer[part]
  }

  /// A line without its end, which is LF or CR LF; nil where the server has closed before its first
  /// byte.
  ///
  /// - Throws: ``LoadError`` when it is longer than `limit` bytes.
  func line(_ what: String, limit: Int) throws(LoadError) -> [UInt8]? {
    var line: [UInt8] = []
    while let byte = try byte() {
      if byte == 0x0a {
        if line.last == 0x0d { line.removeLast() }
        return line
      }
      guard line.count < limit else {
        throw .badAnswer("\(what) is longer than \(limit) bytes")
      }
      line.append(byte)
    }
    guard line.isEmpty else { throw .closed(where: "within \(what)") }
    return nil
  }

  /// - Returns: false where the server has closed.
  private func fill() throws(LoadError) -> Bool {
    while true {
      // Before each read: an endless answer that always has bytes must end as well.
      if MonotonicTime.now() >= deadline { throw .timeout(what: "whole answer", seconds: timeout) }
      if cancel.isCancelled { throw .cancelled }
      // Unsafe: the kernel writes at most the buffer's own count.
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count > 0 {
        unread = 0..<count
        received += Int64(count)
        return true
      }
      let code = errno
      if count == 0 || code == ECONNRESET { return false }
      if code == EAGAIN {
        try wait(Int16(POLLIN), "answer")
      } else if code != EINTR {
        throw .system(action: "read the answer", errno: code)
      }
    }
  }

  private func wait(_ events: Int16, _ what: String) throws(LoadError) {
    try Self.wait(descriptor, events, what, until: deadline, timeout, cancel)
  }

  private static func wait(
    _ descriptor: Int32, _ events: Int16, _ what: String, until deadline: Int64, _ timeout: Double,
    _ cancel: CancelToken
  ) throws(LoadError) {
    while try !MonotonicTime.wait(for: descriptor, events, until: deadline, cancel) {
      if MonotonicTime.now() >= deadline { throw .timeout(what: what, seconds: timeout) }
    }
  }

  private static func connected(
    _ host: String, _ port: Int, until deadline: Int64, _ timeout: Double, _ cancel: CancelToken
  ) throws(LoadError) -> Int32 {
    let descriptor = try connecting(host, port)
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    do throws(LoadError) {
      try wait(descriptor, Int16(POLLOUT), "connection", until: deadline, timeout, cancel)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
      if code != 0 { throw LoadError.system(action: "connect", errno: code) }
    } catch {
      close(descriptor)
      throw error
    }
    // Requests are single small writes; Nagle's delay would be in every latency.
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
    return descriptor
  }

  private static func connecting(_ host: String, _ port: Int) throws(LoadError) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    // Without it, a name would be looked up, for as long as that takes.
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    let address = host == "localhost" ? "127.0.0.1" : host
    guard !address.isEmpty, getaddrinfo(address, String(port), &hints, &found) == 0,
      let found
    else { throw .badHost(host) }
    defer { freeaddrinfo(found) }
    let kind = found.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(found.pointee.ai_family, kind, 0)
    guard descriptor >= 0 else { throw .system(action: "open a socket", errno: errno) }
    let result = connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen)
    guard result == 0 || errno == EINPROGRESS || errno == EINTR else {
      let code = errno
      close(descriptor)
      throw .system(action: "connect", errno: code)
    }
    return descriptor
  }
}
