import Glibc

/// Hashes a whole file in a thread of its own, while it is decoded.
///
/// Unchecked: the digest is the thread's alone until ``wait()`` returns, and what the thread leaves is
/// read under the mutex.
final class FileDigest: @unchecked Sendable {
  private let file: SeekableFile
  private let digest: any RecordingReader.Digest
  private var failure: (any Error)?
  private var isDone = false
  // On the heap: the system holds their addresses.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  /// Begins at once.
  init(_ file: SeekableFile, digest: any RecordingReader.Digest) throws {
    self.file = file
    self.digest = digest
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    try SystemThread.start { self.work() }
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func wait() {
    pthread_mutex_lock(mutex)
    while !isDone { pthread_cond_wait(changed, mutex) }
    pthread_mutex_unlock(mutex)
  }

  /// Waits for the end.
  ///
  /// - Throws: what reading the file failed with.
  func finish() throws {
    wait()
    if let failure { throw failure }
  }

  private func work() {
    var failure: (any Error)?
    do { try hash() } catch { failure = error }
    pthread_mutex_lock(mutex)
    self.failure = failure
    isDone = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }

  private func hash() throws {
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var position: UInt64 = 0
    while position < file.size {
      let count = try file.read(into: &block, at: 0, from: position, limit: block.count)
      // Somebody cut the file off since it was opened.
      if count == 0 {
        throw InputError.beyondEnd(file: file.name, offset: file.size, size: position)
      }
      digest.update(block[..<count])
      position += UInt64(count)
    }
  }
}
