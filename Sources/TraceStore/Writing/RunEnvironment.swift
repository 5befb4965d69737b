/// Where and how a run was recorded: the columns of the table `run_environment`, which say what
/// each means. Imported recordings have none.
public struct RunEnvironment: Sendable, Hashable {
  /// Version of the program that records.
  public var collectorVersion: String
  public var cpus: Int?
  public var cpuModel: String?
  public var memoryBytes: Int64?
  /// `docker`, `podman`; nil without a container of ours.
  public var engine: String?
  public var engineVersion: String?
  public var image: String?
  public var imageID: String?
  /// The words of what was run or attached to; nil for workloads.
  public var command: [String]?
  /// The profile's name: `default`, `heavy`.
  public var load: String?
  public var intervalNs: Int64?
  public var settleNs: Int64?
  public var failedRequests: Int64?
  /// Medians of the same load.
  public var latencyUntracedNs: Int64?
  public var latencyTracedNs: Int64?
  /// Requests per second of the same load.
  public var throughputUntraced: Double?
  public var throughputTraced: Double?
  /// Kibibytes for each CPU.
  public var bufferKB: Int64?
  /// 1, or 2 when the run was recorded again with larger buffers.
  public var recordings: Int
  /// The trace clock at ``RunRecord/startedNs``.
  public var traceStartNs: Int64?
  public var readerCPUNs: Int64?

  public init(
    collectorVersion: String, cpus: Int? = nil, cpuModel: String? = nil,
    memoryBytes: Int64? = nil, engine: String? = nil, engineVersion: String? = nil,
    image: String? = nil, imageID: String? = nil, command: [String]? = nil, load: String? = nil,
    intervalNs: Int64? = nil, settleNs: Int64? = nil, failedRequests: Int64? = nil,
    latencyUntracedNs: Int64? = nil, latencyTracedNs: Int64? = nil,
    throughputUntraced: Double? = nil, throughputTraced: Double? = nil, bufferKB: Int64? = nil,
    recordings: Int = 1, traceStartNs: Int64? = nil, readerCPUNs: Int64? = nil
  ) {
    self.collectorVersion = collectorVersion
    self.cpus = cpus
    self.cpuModel = cpuModel
    self.memoryBytes = memoryBytes
    self.engine = engine
    self.engineVersion = engineVersion
    self.image = image
    self.imageID = imageID
    self.command = command
    self.load = load
    self.intervalNs = intervalNs
    self.settleNs = settleNs
    self.failedRequests = failedRequests
    self.latencyUntracedNs = latencyUntracedNs
    self.latencyTracedNs = latencyTracedNs
    self.throughputUntraced = throughputUntraced
    self.throughputTraced = throughputTraced
    self.bufferKB = bufferKB
    self.recordings = recordings
    self.traceStartNs = traceStartNs
    self.readerCPUNs = readerCPUNs
  }
}

extension RunEnvironment {
  /// The columns of its row beside `run_id`, in the order of ``values``.
  static let columns = [
    "collector_version", "cpus", "cpu_model", "memory_bytes", "engine", "engine_version", "image",
    "image_id", "command", "load", "interval_ns", "settle_ns", "failed_requests",
    "latency_untraced_ns", "latency_traced_ns", "throughput_untraced_per_s",
    "throughput_traced_per_s", "buffer_kb", "recordings", "trace_start_ns", "reader_cpu_ns",
  ]

  /// The statement that inserts a row; its parameters are `run_id` and ``columns``.
  static let insertSQL =
    "INSERT INTO run_environment (run_id, \(columns.joined(separator: ", "))) VALUES "
    + "(?\(String(repeating: ", ?", count: columns.count)))"

  var values: [Value] {
    func count(_ number: Int?) -> Value { Value(number.map { Int64($0) }) }
    func real(_ number: Double?) -> Value { number.map(Value.real) ?? .null }
    return [
      .text(collectorVersion), count(cpus), Value(cpuModel), Value(memoryBytes), Value(engine),
      Value(engineVersion), Value(image), Value(imageID), Value(command.map(Self.json)),
      Value(load), Value(intervalNs), Value(settleNs), Value(failedRequests),
      Value(latencyUntracedNs), Value(latencyTracedNs), real(throughputUntraced),
      real(throughputTraced), Value(bufferKB), count(recordings), Value(traceStartNs),
      Value(readerCPUNs),
    ]
  }

  /// A JSON array of strings (RFC 8259, section 7). Command lines may hold anything but NUL.
  static func json(_ words: [String]) -> String {
    let quoted = words.map { word in
      var text = "\""
      for scalar in word.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\u{0}"..."\u{1f}":
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
      }
      return text + "\""
    }
    return "[" + quoted.joined(separator: ",") + "]"
  }
}
