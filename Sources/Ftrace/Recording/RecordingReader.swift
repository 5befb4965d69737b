/// Reads one recording, of whatever format, into a ``Recording``: decode, filter, count.
public struct RecordingReader {
  /// Hashes the content of a source as it is read.
  public protocol Digest: AnyObject {
    func update(_ bytes: ArraySlice<UInt8>)
  }

  public struct Options {
    public var rules = FilterRules()
    /// The run's tasks; nil takes the recording's own list.
    public var tasks: TaskList?
    /// The thread groups of tasks, beside what the recording tells.
    public var threadGroups: [Int32: Int32] = [:]
    /// A file of kallsyms; nil takes the recording's own.
    public var kallsyms: String?
    public var format: RecordingFiles.Format?
    /// The buffer (instance) of a trace.dat; nil takes the one with events.
    public var buffer: String?
    /// Keep the single events too: ``Recording/events``. They wait in a temporary file.
    public var keepsEvents = false
    /// How many processors there are to decode; nil asks the system.
    var processors: Int?
    /// Makes a digest for each stream of the source, in a fixed order.
    public var makeDigest: (() -> any Digest)?

    public init() {}
  }

  /// A recording that holds nothing that can be counted, or was told wrong: one line that says what
  /// and what to do.
  public struct Refusal: Error, CustomStringConvertible, Equatable {
    public var description: String
    /// Wrong use rather than damaged data.
    public var isUsage = false
  }

  let files: RecordingFiles
  let options: Options

  public init(_ files: RecordingFiles, options: Options) {
    var files = files
    if options.format == .function || options.format == .functionGraph { files.preferText() }
    self.files = files
    self.options = options
  }

  /// Reads everything.
  ///
  /// - Throws: ``Refusal``, ``InputError``, ``FormatError``.
  public func read() throws -> Recording {
    if !files.pages.isEmpty {
      if let format = options.format, format != .raw {
        throw Refusal(
          description:
            "\(files.name): --from \(format.rawValue), but this recording has only raw pages",
          isUsage: true)
      }
      return try readPages()
    }
    guard let path = files.file else {
      throw Refusal(description: "\(files.name): there is nothing to read")
    }
    let stream = try InputFile.open(path)
    guard !stream.head.isEmpty else {
      throw Refusal(
        description: "\(stream.name): it is empty; was the recording stopped too early?")
    }
    let format: RecordingFiles.Format
    if let told = options.format {
      format = told
    } else if stream.head.starts(with: TraceDat.magic) {
      format = .traceDat
    } else if let text = TextFormat.sniff(stream.head.span.bytes) {
      format = text.format == .function ? .function : .functionGraph
    } else {
      throw Refusal(
        description:
          "\(stream.name): this is no kernel trace (no trace.dat, no text of the tracers function "
          + "or function_graph); raw pages are read from their folder; --from tells the format")
    }
    switch format {
    case .traceDat: return try readTraceDat(stream, path: path)
    case .function, .functionGraph: return try readText(stream, format: format)
    case .raw:
      throw Refusal(
        description: "\(stream.name): raw pages need the folder with their format files; name it",
        isUsage: true)
    }
  }

  /// A list of tasks, or of what is known of them, in bytes: a line for each.
  public static let largestList = 1 << 24

  /// - Parameter limit: bytes; one that the kernel prints of an event or a CPU has some hundred.
  func text(of path: String, limit: Int = 1 << 20) throws -> String {
    String(decoding: try InputFile.open(path).readAll(limit: limit), as: UTF8.self)
  }

  func tapped(_ stream: any ByteStream) -> any ByteStream {
    options.makeDigest.map { TappedStream(stream, digest: $0()) } ?? stream
  }

  /// The clock in brackets: `[local] global counter …`.
  static func chosenClock(_ text: String) -> String {
    guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
      return String(text.trimmedSpaces)
    }
    return String(text[text.index(after: open)..<close])
  }
}
