/// What a file says of functions: for each metric a number for each function.
///
///     function,complexity,lines         function,cve
///     vfs_read,12,48                    tcp_sendmsg,CVE-2099-0001
///     do_fault,31,77                    tcp_sendmsg,CVE-2099-0002
///
/// The left one has two metrics. Of the right one, which holds no numbers, a metric is made by
/// counting the distinct values of a column for each function.
public struct MetricTable: Sendable, Equatable {
  /// What several rows of one function mean.
  public enum Repeats: String, Sendable, CaseIterable {
    /// A mistake.
    case refuse
    case sum
    case max
  }

  public struct Options: Sendable, Equatable {
    /// The metric's name; nil: that of its column.
    public var name: String?
    /// The column whose distinct values are counted; nil: columns hold numbers.
    public var count: String?
    public var repeats: Repeats

    public init(name: String? = nil, count: String? = nil, repeats: Repeats = .refuse) {
      self.name = name
      self.count = count
      self.repeats = repeats
    }
  }

  public struct Metric: Sendable, Equatable {
    public let name: String
    /// By the function's name, as the file writes it.
    public let values: [String: Double]
  }

  public let path: String
  public let metrics: [Metric]
  /// Fields without a number.
  public let empty: Int

  /// Names that `tracequery metric` gives to what every warehouse knows.
  public static let builtIn = ["module", "syscall", "text_bytes"]

  /// Reads the bytes of a file.
  ///
  /// - Parameter path: for errors.
  /// - Throws: ``MetricError``.
  public init(_ bytes: [UInt8], from path: String, _ options: Options = Options()) throws {
    self.path = path
    var columns: MetricColumns?
    var rows = MetricRows(path: path, options: options)
    do {
      try CSVText.read(bytes) { record in
        guard let header = columns else {
          columns = try MetricColumns(record.fields, path: path, options)
          return
        }
        guard record.fields.count == header.count else {
          throw MetricError.line(
            path: path, line: record.line,
            problem: "\(plural(record.fields.count, "field")), the header has \(header.count)")
        }
        try rows.add(record, header)
      }
    } catch let problem as CSVText.Problem {
      throw MetricError.line(path: path, line: problem.line, problem: problem.text)
    }
    guard let columns else {
      throw MetricError.columns(
        path: path, problem: "it is empty; its first line is 'function,NAME'")
    }
    metrics = columns.values.enumerated().map { place, column in
      Metric(name: column.metric, values: rows.values(place))
    }
    empty = rows.empty
    if let none = metrics.first(where: \.values.isEmpty) {
      throw MetricError.columns(path: path, problem: "no function has a value for '\(none.name)'")
    }
  }
}

/// Which columns of a file are read, by its first line.
struct MetricColumns {
  let count: Int
  let function: Int
  let values: [(column: Int, metric: String)]

  init(_ header: [String], path: String, _ options: MetricTable.Options) throws {
    func refuse(_ problem: String) -> MetricError { .columns(path: path, problem: problem) }
    let names = header.map(trimmed)
    count = names.count
    guard let function = names.firstIndex(where: { $0.lowercased() == "function" }) else {
      throw refuse("its first line has no column 'function'; it must be like 'function,NAME'")
    }
    guard Set(names).count == names.count else { throw refuse("two columns have one name") }
    self.function = function
    var others = names.indices.filter { $0 != function }
    if let column = options.count {
      others = others.filter { names[$0] == column }
      guard !others.isEmpty else {
        let list = names.filter { $0 != names[function] }.joined(separator: ", ")
        throw refuse("it has no column '\(column)' to count\(list.isEmpty ? "" : ", but \(list)")")
      }
    }
    guard !others.isEmpty else { throw refuse("it has no column beside 'function'") }
    if options.name != nil, others.count > 1 {
      throw refuse("it has \(others.count) columns of values, --name names one")
    }
    values = try others.map { column in
      let name = options.name ?? names[column]
      if options.name == nil, name.lowercased() == "value" {
        throw refuse("its column 'value' says no name for the metric; give one with --name")
      }
      guard RunName.isValid(name), name.utf8.count <= 64 else {
        throw refuse(
          "'\(name)' cannot name a metric: names are 1 to 64 of A-Z a-z 0-9 . _ -; use --name")
      }
      guard !MetricTable.builtIn.contains(name) else {
        throw refuse("'\(name)' is the name of a metric that is built in; give one with --name")
      }
      return (column, name)
    }
  }
}

/// The values of a file's rows, as they are read.
struct MetricRows {
  let path: String
  let options: MetricTable.Options
  private(set) var empty = 0
  /// By the metric's place, then by function.
  private var numbers: [[String: (value: Double, line: Int)]] = []
  private var distinct: [String: Set<String>] = [:]

  init(path: String, options: MetricTable.Options) {
    self.path = path
    self.options = options
  }

  func values(_ place: Int) -> [String: Double] {
    if options.count != nil { return distinct.mapValues { Double($0.count) } }
    return numbers.indices.contains(place) ? numbers[place].mapValues(\.value) : [:]
  }

  mutating func add(_ record: CSVText.Record, _ columns: MetricColumns) throws {
    let function = trimmed(record.fields[columns.function])
    guard !function.isEmpty else { throw refuse(record, "it names no function") }
    for (place, column) in columns.values.enumerated() {
      let text = trimmed(record.fields[column.column])
      if text.isEmpty {
        empty += 1
      } else if options.count != nil {
        distinct[function, default: []].insert(text)
      } else {
        while numbers.count <= place { numbers.append([:]) }
        try add(number(text, column.metric, record), function, place, record)
      }
    }
  }

  private mutating func add(
    _ value: Double, _ function: String, _ place: Int, _ record: CSVText.Record
  ) throws {
    guard let earlier = numbers[place][function] else {
      numbers[place][function] = (value, record.line)
      return
    }
    let combined: Double
    switch options.repeats {
    case .refuse:
      throw refuse(
        record,
        "function '\(function)' was on line \(earlier.line) already; --repeats sum or max says what "
          + "that means")
    case .sum: combined = earlier.value + value
    case .max: combined = Swift.max(earlier.value, value)
    }
    guard combined.isFinite else {
      throw refuse(record, "the sum for function '\(function)' is too large for a number")
    }
    numbers[place][function] = (combined, earlier.line)
  }

  private func number(_ text: String, _ metric: String, _ record: CSVText.Record) throws -> Double {
    // Swift reads hexadecimal and names too, which no table means.
    let isPlain = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }
    guard isPlain, let value = Double(text), value.isFinite else {
      throw refuse(
        record,
        "'\(text)' for '\(metric)' is no finite number; --count COLUMN counts values that are none")
    }
    return value
  }

  private func refuse(_ record: CSVText.Record, _ problem: String) -> MetricError {
    .line(path: path, line: record.line, problem: problem)
  }
}
