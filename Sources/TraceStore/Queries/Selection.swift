/// A set of runs as a user names it: terms joined by `+` (and), these joined by `,` (or).
///
/// Terms: `runtime`, `runtime/workload`, `/workload`, `run:12`, `run:UUIDPREFIX`, `label:NAME`,
/// `kernel:RELEASE`, `tracer:NAME`, and `*` for every run.
public struct Selection: Sendable, Hashable {
  /// One property that a run has or has not.
  public enum Term: Sendable, Hashable {
    case everything
    case runtime(String)
    case workload(String)
    /// A runtime's runs of one workload.
    case pair(runtime: String, workload: String)
    /// A run by its number or the beginning of its UUID: which one, the runs tell.
    case run(String)
    case label(String)
    /// A kernel release, or its beginning up to a `.`, `-`, `+`, `_` or `~`: `6.1` is not `6.12`.
    case kernel(String)
    case tracer(String)
  }

  /// As the user wrote it.
  public let text: String
  /// A run is selected when it has all terms of one of these. None is empty.
  public let alternatives: [[Term]]

  /// Every run.
  public static let everything = Selection(text: "*", alternatives: [[.everything]])

  private init(text: String, alternatives: [[Term]]) {
    self.text = text
    self.alternatives = alternatives
  }

  /// - Throws: ``SelectionError/syntax(selection:position:problem:)``.
  public init(_ text: String) throws {
    var parser = SelectionParser(text)
    self.init(text: text, alternatives: try parser.parse())
  }

  /// What one alternative says, as the user would write it.
  static func text(of terms: [Term]) -> String {
    terms.map { term in
      switch term {
      case .everything: "*"
      case .runtime(let name): name
      case .workload(let name): "/\(name)"
      case .pair(let runtime, let workload): "\(runtime)/\(workload)"
      case .run(let name): "run:\(name)"
      case .label(let name): "label:\(name)"
      case .kernel(let name): "kernel:\(name)"
      case .tracer(let name): "tracer:\(name)"
      }
    }.joined(separator: "+")
  }
}

/// Reads a selection from left to right. Positions are of Unicode scalars, from 1.
struct SelectionParser {
  private let text: String
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  mutating func parse() throws -> [[Selection.Term]] {
    guard !scalars.isEmpty else { throw failure("it is empty") }
    var alternatives: [[Selection.Term]] = []
    repeat {
      var terms: [Selection.Term] = []
      repeat { terms.append(try term()) } while skip("+")
      alternatives.append(terms)
    } while skip(",")
    guard position == scalars.count else { throw unexpected("',' or '+'") }
    return alternatives
  }

  private mutating func term() throws -> Selection.Term {
    if skip("*") { return .everything }
    if skip("/") { return .workload(try name("a workload")) }
    let start = position
    let first = try name("a runtime")
    if skip("/") { return .pair(runtime: first, workload: try name("a workload")) }
    guard skip(":") else { return .runtime(first) }
    switch first {
    case "run":
      let valueStart = position
      let value = try name("a run's number or the beginning of its UUID")
      guard value.unicodeScalars.allSatisfy({ $0 == "-" || $0.properties.isHexDigit }) else {
        position = valueStart
        throw failure("'\(value)' is neither a run's number nor the beginning of a UUID")
      }
      return .run(value)
    case "label": return .label(try name("a label"))
    case "kernel": return .kernel(try name("a kernel release", isRelease: true))
    case "tracer": return .tracer(try name("a tracer"))
    default:
      position = start
      throw failure("there is no '\(first):'; use run:, label:, kernel: or tracer:")
    }
  }

  /// What names are made of: the same that names of runtimes, workloads and labels are checked for
  /// when a run is written. Releases may have a `~` too.
  private mutating func name(_ what: String, isRelease: Bool = false) throws -> String {
    var name = String.UnicodeScalarView()
    while position < scalars.count {
      switch scalars[position] {
      case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": break
      case "~" where isRelease: break
      default:
        guard name.isEmpty else { return String(name) }
        throw unexpected(what)
      }
      name.append(scalars[position])
      position += 1
    }
    guard !name.isEmpty else { throw unexpected(what) }
    return String(name)
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard position < scalars.count, scalars[position] == scalar else { return false }
    position += 1
    return true
  }

  private func unexpected(_ wanted: String) -> SelectionError {
    guard position < scalars.count else { return failure("\(wanted) is missing at its end") }
    return failure("expected \(wanted), found '\(scalars[position])'")
  }

  private func failure(_ problem: String) -> SelectionError {
    .syntax(selection: text, position: position + 1, problem: problem)
  }
}
