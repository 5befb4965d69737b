/// Calls on the deepest frame that `function_graph` has on older kernels: it keeps 50 frames a task
/// (`FTRACE_RETFUNC_DEPTH` of include/linux/ftrace.h) and leaves out every call below, without a word. So
/// it is on 6.1; recordings of 6.12 are deeper.
struct DepthLimit: Equatable {
  /// The depth of the last of them; the outermost call is on 0.
  static let lastDepth: Int32 = 49

  private var calls: UInt64 = 0
  private var isDeeper = false

  /// To be told of the depth of every call.
  @inline(__always)
  mutating func note(_ depth: Int32) {
    if depth >= Self.lastDepth { reach(depth) }
  }

  @inline(never)
  private mutating func reach(_ depth: Int32) {
    if depth == Self.lastDepth { calls &+= 1 } else { isDeeper = true }
  }

  /// How many calls stood on the last frame, so that what they called is not in the recording; 0 when there
  /// are deeper ones, since the tracer then has more frames.
  var reached: UInt64 { isDeeper ? 0 : calls }
}
