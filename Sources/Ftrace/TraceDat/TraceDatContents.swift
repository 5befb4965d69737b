/// Everything that a trace.dat holds: texts as the kernel gave them, and files of pages.
public struct TraceDatContents: Sendable {
  /// The pages of one CPU.
  public struct Pages: Sendable {
    /// A file of whole pages, plain.
    public var path: String
    /// `per_cpu/cpuN/stats`, without the line `CPU: N` that trace-cmd puts before it.
    public var stats: String?

    public init(path: String, stats: String? = nil) {
      self.path = path
      self.stats = stats
    }
  }

  public struct System: Sendable {
    public var name: String
    /// The texts of its events' format files.
    public var formats: [[UInt8]]

    public init(name: String, formats: [[UInt8]]) {
      self.name = name
      self.formats = formats
    }
  }

  /// `events/header_page` and `events/header_event`.
  public var headerPage: [UInt8] = []
  public var headerEvent: [UInt8] = []
  /// Bytes of a page; larger than the machine's where `buffer_subbuf_size_kb` says so.
  public var pageSize = 4096
  /// The formats of the tracers' own events, `events/ftrace/*/format`.
  public var tracerFormats: [[UInt8]] = []
  public var systems: [System] = []
  public var kallsyms: [UInt8] = []
  public var printkFormats: [UInt8] = []
  /// Lines of `PID NAME`.
  public var commandLines: [UInt8] = []
  /// The text of `trace_clock`: all clocks, the chosen one in brackets.
  public var clock = ""
  /// `Linux HOST RELEASE MACHINE`.
  public var uname = ""
  /// What wrote the file, for `trace-cmd dump`.
  public var writer = "kernel-footprint"
  public var pages: [Int: Pages] = [:]

  public init() {}
}
