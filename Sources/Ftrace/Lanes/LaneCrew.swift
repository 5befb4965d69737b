import Glibc

/// Threads that decode lanes ahead of the one that counts. A lane is decoded by one thread at a time,
/// and at most ``ahead`` batches before they are taken: memory stays flat.
///
/// Unchecked: everything that changes is changed under the mutex, but a lane, which is its worker's
/// alone while ``Slot/isBusy`` says so.
final class LaneCrew: @unchecked Sendable {
  private struct Slot {
    var lane: any Lane
    var ready: [(batch: LaneBatch, isLast: Bool)] = []
    var spare: [LaneBatch] = []
    var isBusy = false
    /// Its last batch was made, or it failed.
    var isDone = false
    var failure: (any Error)?
  }

  private static let ahead = 3

  private var slots: [Slot]
  private var working = 0
  private var isDismissed = false
  // On the heap: the system holds their addresses.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private let threads: Int

  init(_ lanes: [any Lane], threads: Int) {
    slots = lanes.map { Slot(lane: $0) }
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    var started = 0
    self.threads = min(threads, lanes.count)
    for _ in 0..<self.threads {
      // Without a thread its work is done by ``next(lane:spent:)``.
      do { try SystemThread.start { self.work() } } catch { break }
      started += 1
    }
    locked { working = working + started }
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// The next batch of a lane, waited for where it is being made.
  ///
  /// - Parameter spent: a batch that is not needed any more; its memory is used again.
  /// - Throws: what the lane threw, once the batches before it were taken.
  func next(lane: Int, spent: consuming LaneBatch) throws -> (LaneBatch, isLast: Bool) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    slots[lane].spare.append(spent)
    while true {
      if !slots[lane].ready.isEmpty {
        pthread_cond_broadcast(changed)
        return slots[lane].ready.removeFirst()
      }
      if let failure = slots[lane].failure { throw failure }
      if slots[lane].isDone { return (LaneBatch(), true) }
      // This thread would only wait: it decodes what it needs itself.
      if !slots[lane].isBusy { decode(lane) } else { pthread_cond_wait(changed, mutex) }
    }
  }

  /// Waits until no thread touches the lanes any more.
  func dismiss() {
    pthread_mutex_lock(mutex)
    isDismissed = true
    pthread_cond_broadcast(changed)
    while working > 0 { pthread_cond_wait(changed, mutex) }
    pthread_mutex_unlock(mutex)
  }

  private func work() {
    pthread_mutex_lock(mutex)
    while !isDismissed {
      // The lane that has the fewest batches waiting.
      var chosen: Int?
      for index in slots.indices where isOpen(index) {
        if let best = chosen, slots[best].ready.count <= slots[index].ready.count { continue }
        chosen = index
      }
      if let chosen { decode(chosen) } else { pthread_cond_wait(changed, mutex) }
    }
    working -= 1
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }

  private func isOpen(_ index: Int) -> Bool {
    !slots[index].isBusy && !slots[index].isDone && slots[index].ready.count < Self.ahead
  }

  /// Decodes a batch of a lane. The mutex is held at the beginning and at the end, not meanwhile.
  private func decode(_ index: Int) {
    slots[index].isBusy = true
    let lane = slots[index].lane
    var batch = slots[index].spare.popLast() ?? LaneBatch()
    pthread_mutex_unlock(mutex)
    var goesOn = false
    var failure: (any Error)?
    do { goesOn = try lane.fill(&batch) } catch { failure = error }
    pthread_mutex_lock(mutex)
    slots[index].ready.append((batch, !goesOn && failure == nil))
    slots[index].failure = failure
    slots[index].isDone = !goesOn
    slots[index].isBusy = false
    pthread_cond_broadcast(changed)
  }

  private func locked(_ body: () -> Void) {
    pthread_mutex_lock(mutex)
    body()
    pthread_mutex_unlock(mutex)
  }
}
