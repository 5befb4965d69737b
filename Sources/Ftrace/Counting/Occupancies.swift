/// Who may be on each CPU, by its number: an array, since every event asks.
struct Occupancies {
  /// Who may be on a CPU after a `sched_switch`.
  struct Occupancy {
    var previous: Int32
    var next: Int32
    var hasArrived = false
  }

  private var slots: [Occupancy?] = []
  /// How many CPUs are known.
  private var known = 0

  var isEmpty: Bool { known == 0 }

  subscript(cpu: UInt16) -> Occupancy? {
    @inline(__always)
    get { Int(cpu) < slots.count ? slots[Int(cpu)] : nil }
    set {
      if Int(cpu) >= slots.count {
        if newValue == nil { return }
        slots += repeatElement(nil, count: Int(cpu) + 1 - slots.count)
      }
      known += (newValue == nil ? 0 : 1) - (slots[Int(cpu)] == nil ? 0 : 1)
      slots[Int(cpu)] = newValue
    }
  }
}

/// What the functions that came last mean in a graph trace, in front of the dictionary of all.
struct RecentRoles {
  private struct Slot {
    var function = noFunction
    var role = FilterRules.GraphRole()
  }

  private static let count = Sizes.recentRoles
  private var slots = [Slot](repeating: Slot(), count: RecentRoles.count)

  private static func index(_ function: FunctionToken) -> Int {
    // Addresses are multiples of 16; tokens of text are small numbers.
    Int(truncatingIfNeeded: function ^ function &>> 4 ^ function &>> 14) & (count &- 1)
  }

  @inline(__always)
  func role(of function: FunctionToken) -> FilterRules.GraphRole? {
    let slot = slots[Self.index(function)]
    return slot.function == function && function != noFunction ? slot.role : nil
  }

  mutating func remember(_ function: FunctionToken, _ role: FilterRules.GraphRole) {
    slots[Self.index(function)] = Slot(function: function, role: role)
  }
}
