import Testing

@testable import Ftrace

/// Depths that do not follow one another, as recordings of 6.1 to 7.2 have them.
@Suite struct GraphStackTests {
  private static let plain = FilterRules.GraphRole()

  private func entered(_ functions: Int) -> GraphStack {
    var stack = GraphStack()
    for depth in 0..<functions {
      let fit = stack.fit(to: depth, entersInterrupt: false)
      #expect(fit == .fits)
      _ = stack.enter(FunctionToken(depth), role: Self.plain)
    }
    return stack
  }

  /// What the stack says of a call on a depth, and why the call is dropped.
  private func call(_ stack: inout GraphStack, _ depth: Int) -> (fit: GraphStack.Fit, Reason?) {
    let fit = stack.fit(to: depth, entersInterrupt: false)
    let (reason, _) = stack.enter(7, role: Self.plain)
    return (fit, reason)
  }

  private func leave(_ stack: inout GraphStack, _ depth: Int) {
    let fits = stack.leave(depth: depth)
    #expect(fits)
  }

  /// Seen on 7.2: `kfree` returns on depth 3, and the next event is `rcu_note_context_switch` on
  /// depth 4: the scheduler, let in while `kfree`'s frame is not popped yet.
  @Test func preemptedOnTheFrameJustLeft() {
    var stack = entered(4)
    leave(&stack, 3)
    let preempted = call(&stack, 4)
    #expect(preempted == (.fits, nil))
    leave(&stack, 4)
    // The frame that was left is gone now.
    let next = call(&stack, 3)
    #expect(next == (.fits, nil))
  }

  /// Calls on one depth, as 7.2 has them: an interrupt's exit lets the scheduler in, which is the
  /// task's own, and rearms the timer behind it. The task's own call of that stands in its scheduler.
  @Test(arguments: [
    (
      [
        "irq_enter_rcu", "__sysvec_apic_timer_interrupt", "idle_cpu",
        "raw_irqentry_exit_cond_resched",
        "__hrtimer_rearm_deferred", "vfs_read", "__hrtimer_rearm_deferred", "idle_cpu",
      ],
      [Reason.hardirq, .hardirq, .hardirq, nil, .hardirq, nil, nil, nil]
    ),
    (
      ["irq_enter_rcu", "raw_irqentry_exit_cond_resched", "idle_cpu", "__hrtimer_rearm_deferred"],
      [.hardirq, nil, nil, nil]
    ),
    (["raw_irqentry_exit_cond_resched", "__hrtimer_rearm_deferred"], [nil, nil]),
  ])
  func exitOfAnInterrupt(_ names: [String], _ reasons: [Reason?]) {
    let rules = FilterRules()
    var stack = entered(1)
    var found: [Reason?] = []
    for (token, name) in names.enumerated() {
      let role = rules.graphRole(name)
      _ = stack.fit(to: 1, entersInterrupt: role.entersInterrupt)
      found.append(stack.enter(FunctionToken(100 + token), role: role).reason)
      // What it calls goes with it.
      _ = stack.fit(to: 2, entersInterrupt: false)
      let child = stack.enter(7, role: Self.plain).reason
      #expect(child == found.last)
      leave(&stack, 2)
      leave(&stack, 1)
    }
    #expect(found == reasons)
  }

  @Test func aMissingCallIsNobodys() {
    var stack = entered(2)
    let first = call(&stack, 4)
    #expect(first == (.missingCall, .misattributed))
    var left = entered(4)
    leave(&left, 3)
    let second = call(&left, 5)
    #expect(second == (.missingCall, .misattributed))
    // Behind an entry there is no frame that was left.
    var deep = entered(2)
    let third = call(&deep, 3)
    #expect(third == (.missingCall, .misattributed))
  }
}
