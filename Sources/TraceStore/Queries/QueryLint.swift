/// Holds canned queries to the SQL that SQLite and the cluster's engine (Apache Spark) understand in
/// the same way, and to their header.
///
/// It reads words, it does not parse: it cannot see bare columns beside GROUP BY (both engines must
/// run the query to find these), types of columns, or whether a name exists.
public struct QueryLint: Sendable {
  /// What a query does wrong.
  public enum Rule: String, Sendable, CaseIterable {
    /// Only one SELECT (or WITH … SELECT) is a question.
    case notASelect = "not-a-select"
    case severalStatements = "several-statements"
    /// A function that one of the engines lacks or understands otherwise.
    case function = "function"
    /// `min(a, b)` is the least of its values in SQLite only.
    case scalarMinMax = "scalar-min-max"
    /// LIKE, GLOB, REGEXP, MATCH: their case rules differ.
    case pattern = "pattern"
    /// "x", `x` or [x].
    case quotedName = "quoted-name"
    /// SQLite takes a backslash as it is, Spark as the beginning of an escape.
    case backslash = "backslash"
    /// CAST to anything but BIGINT and DOUBLE.
    case cast = "cast"
    /// `/` of integers cuts in SQLite and does not in Spark.
    case division = "division"
    /// 0.5 is a decimal in Spark; 5e-1 is a double in both.
    case decimal = "decimal"
    /// A comparison summed as a number.
    case summedCondition = "summed-condition"
    /// ORDER BY of a column that may be NULL, without NULLS FIRST or NULLS LAST.
    case nullOrder = "null-order"
    /// A keyword that is outside the subset (RECURSIVE, COLLATE, MATERIALIZED …).
    case keyword = "keyword"
    /// JSON's `->` and `->>`, and operators whose precedence differs.
    case symbol = "operator"
    /// `?`, `@name` or `$name`: only `:name` is known to both.
    case parameterForm = "parameter-form"
    /// A parameter that the header does not document.
    case undocumentedParameter = "undocumented-parameter"
    /// A documented parameter that the SQL does not use, or one documented twice.
    case unusedParameter = "unused-parameter"
    /// No description, no example, or a line that cannot be read.
    case header = "header"
    /// A string, a name or a comment without its end.
    case unterminated = "unterminated"
  }

  /// One violation.
  public struct Finding: Sendable, Hashable, CustomStringConvertible {
    public let query: String
    public let line: Int
    public let column: Int
    public let rule: Rule
    public let message: String

    /// `NAME.sql:3:7: division: …`
    public var description: String {
      "\(query).sql:\(line):\(column): \(rule.rawValue): \(message)"
    }
  }

  /// Everything that is wrong with a query, in its order.
  public static func check(_ query: CannedQuery) -> [Finding] {
    var lint = QueryLint(query)
    lint.checkHeader()
    lint.checkStatement()
    lint.checkWords()
    lint.checkCalls()
    lint.checkDivisions()
    lint.checkOrders()
    lint.checkParameters()
    return lint.findings.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  /// The first word of SQL that is no comment; nil where there is none.
  public static func firstWord(of sql: String) -> String? {
    SQLTokenizer.tokens(of: sql).first { $0.kind != .comment }?.text
  }

  let query: CannedQuery
  /// Without comments.
  let tokens: [SQLToken]
  private(set) var findings: [Finding] = []

  private init(_ query: CannedQuery) {
    self.query = query
    let all = SQLTokenizer.tokens(of: query.sql)
    tokens = all.filter { $0.kind != .comment }
  }

  mutating func report(_ rule: Rule, at token: SQLToken, _ message: String) {
    report(rule, line: token.line, column: token.column, message)
  }

  mutating func report(_ rule: Rule, line: Int, column: Int = 1, _ message: String) {
    findings.append(
      Finding(query: query.name, line: line, column: column, rule: rule, message: message))
  }

  /// The token at a place, nil outside.
  func token(_ index: Int) -> SQLToken? {
    tokens.indices.contains(index) ? tokens[index] : nil
  }

  /// The place of the parenthesis that closes the one at `open`; the end where there is none.
  func closing(_ open: Int) -> Int {
    var depth = 0
    for index in open..<tokens.count {
      if tokens[index].isSymbol("(") { depth += 1 }
      if tokens[index].isSymbol(")") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return tokens.count
  }
}
