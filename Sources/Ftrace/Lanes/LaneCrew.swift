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
  /// The lane whose batch the counting thread waits for.
  private var awaited: Int?
  /// How many threads wait for a lane that has room.
  private var idle = 0
  // On the heap: the system holds their addresses.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  /// What the counting thread waits for: its batch, or the end of all threads.
  private let made: UnsafeMutablePointer<pthread_cond_t>
  /// What the others wait for. Two conditions, so that no thread is woken in vain.
  private let taken: UnsafeMutablePointer<pthread_cond_t>
  private let threads: Int

  init(_ lanes: [any Lane], threads: Int) {
    slots = lanes.map { Slot(lane: $0) }
    mutex = .allocate(capacity: 1)
    made = .allocate(capacity: 1)
    taken = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    made.initialize(to: pthread_cond_t())
    taken.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(made, nil)
    pthread_cond_init(taken, nil)
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
    pthread_cond_destroy(made)
    pthread_cond_destroy(taken)
    pthread_mutex_destroy(mutex)
    made.deallocate()
    taken.deallocate()
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
        if idle > 0, slots[lane].ready.count == Self.ahead { pthread_cond_signal(taken) }
        return slots[lane].ready.removeFirst()
      }
      if let failure = slots[lane].failure { throw failure }
      if slots[lane].isDone { return (LaneBatch(), true) }
      // This thread would only wait: it decodes what it needs itself.
      guard slots[lane].isBusy else {
        decode(lane)
        if idle > 0 { pthread_cond_signal(taken) }
        continue
      }
      awaited = lane
      pthread_cond_wait(made, mutex)
      awaited = nil
    }
  }

  /// Waits until no thread touches the lanes any more.
  func dismiss() {
    pthread_mutex_lock(mutex)
    isDismissed = true
    pthread_cond_broadcast(taken)
    while working > 0 { pthread_cond_wait(made, mutex) }
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
      if let chosen {
        decode(chosen)
      } else {
        idle += 1
        pthread_cond_wait(taken, mutex)
        idle -= 1
      }
    }
    working -= 1
    pthread_cond_signal(made)
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
    if awaited == index { pthread_cond_signal(made) }
  }

  private func locked(_ body: () -> Void) {
    pthread_mutex_lock(mutex)
    body()
    pthread_mutex_unlock(mutex)
  }
}
