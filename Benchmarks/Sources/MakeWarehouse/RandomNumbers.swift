/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014):
/// the same numbers for the same seed on every machine.
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  /// A stream of its own for each list of numbers.
  init(_ seeds: UInt64...) {
    state = 0x243F_6A88_85A3_08D3
    for seed in seeds {
      state ^= seed
      state = next()
    }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// True with this probability.
  mutating func chance(_ probability: Double) -> Bool {
    Double(next() >> 11) * 0x1p-53 < probability
  }

  /// A number from 0 to below `limit`, 0 for a limit below 1. The bias is of no matter here.
  mutating func below(_ limit: Int) -> Int {
    limit < 1 ? 0 : Int(next() >> 1) % limit
  }

  /// A count of calls: most are small, a few are large, as in recordings.
  mutating func calls() -> Int64 {
    let magnitude = below(10) + below(6)
    return 1 + Int64(below(1 << magnitude))
  }
}
