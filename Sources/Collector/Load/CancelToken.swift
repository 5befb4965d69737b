import Glibc
import Synchronization

/// Ends, from any thread or from a signal handler, what waits with it: every wait of a load watches
/// the token's descriptor.
final class CancelToken: Sendable {
  /// Readable once cancelled; -1 when the machine has no descriptors left, and then only
  /// ``isCancelled`` tells, which waits look at ten times a second.
  let descriptor: Int32
  private let writing: Int32
  private let flag = Atomic(false)

  init() {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    // Not a pipe, whose ends a program started meanwhile could inherit.
    if socketpair(AF_UNIX, kind, 0, &ends) != 0 { ends = [-1, -1] }
    descriptor = ends[0]
    writing = ends[1]
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if writing >= 0 { close(writing) }
  }

  var isCancelled: Bool { flag.load(ordering: .acquiring) }

  /// Safe in a signal handler: one atomic store, one `write(2)`.
  func cancel() {
    flag.store(true, ordering: .releasing)
    var byte: UInt8 = 1
    // One that is full is readable as well.
    if writing >= 0 { _ = Glibc.write(writing, &byte, 1) }
  }
}
