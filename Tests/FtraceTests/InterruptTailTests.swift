import Testing

@testable import Ftrace

/// What an interrupt's exit does behind the context flags, with what it calls (Linux 7.2).
@Suite struct InterruptTailTests {
  /// Lines as `trace` shows them: the task's own reprogramming of its timer, the same by an interrupt's
  /// exit, an NMI within it, another CPU meanwhile, and what the scheduler does itself.
  private static let text = """
    # tracer: function
    #
    # entries-in-buffer/entries-written: 23/23   #P:2
    #
    #                                _-----=> irqs-off/BH-disabled
    #                               / _----=> need-resched
    #                              | / _---=> hardirq/softirq
    #                              || / _--=> preempt-depth
    #                              ||| / _-=> migrate-disable
    #                              |||| /     delay
    #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
    #              | |         |   |||||     |         |
               redis-10      [000] d....     1.000001: hrtimer_reprogram <-hrtimer_start_range_ns
               redis-10      [000] d....     1.000002: tick_program_event <-hrtimer_reprogram
               redis-10      [000] d....     1.000003: clockevents_program_event <-tick_program_event
               redis-10      [000] d....     1.000004: irq_enter_rcu <-sysvec_apic_timer_interrupt
               redis-10      [000] d.h..     1.000005: hrtimer_interrupt <-__sysvec_apic_timer_interrupt
               redis-10      [000] d....     1.000006: __hrtimer_rearm_deferred <-irqentry_exit
               redis-10      [000] d....     1.000007: _raw_spin_lock <-__hrtimer_rearm_deferred
               redis-10      [000] d....     1.000008: tick_program_event <-__hrtimer_rearm_deferred
               other-20      [001] d....     1.000009: clockevents_program_event <-tick_program_event
               redis-10      [000] d.Z..     1.000010: nmi_cpu_backtrace_handler <-nmi_handle
               redis-10      [000] d....     1.000011: clockevents_program_event <-tick_program_event
               redis-10      [000] d....     1.000012: ktime_get <-clockevents_program_event
               redis-10      [000] d....     1.000013: lapic_next_event <-clockevents_program_event
               redis-10      [000] d....     1.000014: _raw_spin_unlock <-irqentry_exit
               redis-10      [000] .....     1.000015: tcp_sendmsg <-sock_sendmsg
               redis-10      [000] d....     1.000016: clockevents_program_event <-tick_program_event
               redis-10      [000] d....     1.000017: __hrtimer_rearm_deferred <-__schedule
               redis-10      [000] d....     1.000018: tick_program_event <-__hrtimer_rearm_deferred
               redis-10      [000] d....     1.000019: clockevents_program_event <-tick_program_event
               redis-10      [000] d....     1.000020: __hrtimer_rearm_deferred <-__irq_exit_rcu
               redis-10      [000] d....     1.000021: ktime_get <-__hrtimer_rearm_deferred
               redis-10      [000] .....     1.000022: tick_program_event <-hrtimer_reprogram
               redis-10      [000] .....     1.000023: ktime_get <-ktime_get_ts64

    """

  private func kept(_ counter: CallCounter, _ names: NameTable) -> [String: UInt64] {
    let tally = counter.tally()
    #expect(tally.isBalanced)
    var kept: [String: UInt64] = [:]
    for (key, counts) in tally.calls {
      kept["\(key.pid) \(tally.functions[key.function].name.name)"] = counts.calls
    }
    return kept
  }

  @Test(arguments: [(0, 1 << 18), (1, 1 << 18), (2, 300), (3, 120)])
  func followsItsCPU(_ lanes: Int, _ size: Int) throws {
    let bytes = Array(Self.text.utf8)
    let names: NameTable
    var counter: CallCounter
    if lanes == 0 {
      var decoder = FunctionTextDecoder(remembers: false)
      names = decoder.names
      counter = CallCounter(rules: FilterRules(), tasks: TaskList(), resolver: names)
      decoder.consume(bytes.span.bytes, into: &counter)
      decoder.finish(into: &counter)
    } else {
      names = NameTable()
      counter = CallCounter(rules: FilterRules(), tasks: TaskList(), resolver: names)
      _ = try RecordingReader.count(
        BytesStream(bytes, name: "test"), .function, names: names, into: &counter, lanes: lanes,
        pieceSize: size)
    }
    #expect(
      kept(counter, names) == [
        "10 hrtimer_reprogram": 1, "10 tick_program_event": 3, "10 clockevents_program_event": 3,
        "10 tcp_sendmsg": 1, "10 __hrtimer_rearm_deferred": 1, "10 ktime_get": 1,
        "20 clockevents_program_event": 1,
      ])
    #expect(counter.tally().dropped == [.hardirq: 11, .nmi: 1])
  }

  @Test func isKeptWhereInterruptsAre() throws {
    var decoder = FunctionTextDecoder(remembers: false)
    var counter = CallCounter(
      rules: FilterRules(keep: [.hardirq]), tasks: TaskList(), resolver: decoder.names)
    decoder.consume(Array(Self.text.utf8).span.bytes, into: &counter)
    decoder.finish(into: &counter)
    #expect(counter.tally().dropped == [.nmi: 1])
  }
}
