/// A word of SQL and where it stands.
struct SQLToken: Equatable {
  enum Kind: Equatable {
    /// A name or a keyword.
    case word
    case number
    /// In single quotes.
    case string
    /// In double quotes, backticks or brackets.
    case quotedName
    /// `:name`, `@name`, `$name`, `?` or `?1`.
    case parameter
    /// Everything else: one or two characters.
    case symbol
    case comment
    /// A string, name or comment without its end.
    case unterminated
  }

  let kind: Kind
  let text: String
  /// Both from 1; columns count Unicode scalars.
  let line: Int
  let column: Int

  /// A word, whatever its case.
  func isWord(_ word: String) -> Bool { kind == .word && text.uppercased() == word }
  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}

/// Splits SQL into words as SQLite does (https://sqlite.org/lang_expr.html), comments included.
struct SQLTokenizer {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var column = 1

  static func tokens(of sql: String) -> [SQLToken] {
    var tokenizer = SQLTokenizer(scalars: Array(sql.unicodeScalars))
    var tokens: [SQLToken] = []
    while let token = tokenizer.next() { tokens.append(token) }
    return tokens
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  private mutating func advance() {
    if scalars[position] == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
    position += 1
  }

  private mutating func next() -> SQLToken? {
    while let scalar = peek(), scalar.properties.isWhitespace { advance() }
    guard let first = peek() else { return nil }
    let start = (position: position, line: line, column: column)
    let kind = scan(first)
    return SQLToken(
      kind: kind, text: text(from: start.position), line: start.line, column: start.column)
  }

  private func text(from start: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<position])
    return String(view)
  }

  private mutating func scan(_ first: Unicode.Scalar) -> SQLToken.Kind {
    switch first {
    case "-" where peek(1) == "-":
      while let scalar = peek(), scalar != "\n" { advance() }
      return .comment
    case "/" where peek(1) == "*":
      advance()
      advance()
      while peek() != nil {
        if peek() == "*", peek(1) == "/" {
          advance()
          advance()
          return .comment
        }
        advance()
      }
      return .unterminated
    case "'": return quoted("'") ? .string : .unterminated
    case "\"", "`": return quoted(first) ? .quotedName : .unterminated
    case "[": return bracketed() ? .quotedName : .unterminated
    case ":", "@", "$":
      advance()
      return takeWord() ? .parameter : .symbol
    case "?":
      advance()
      takeWord()
      return .parameter
    case "0"..."9": return number()
    case "." where peek(1).map { ("0"..."9").contains($0) } == true: return number()
    case _ where Self.isWordPart(first):
      takeWord()
      return .word
    default:
      advance()
      let pair = text(from: position - 1) + (peek().map { String($0) } ?? "")
      if ["||", "<=", ">=", "<>", "!=", "==", "<<", ">>", "->"].contains(pair) { advance() }
      if pair == "->", peek() == ">" { advance() }
      return .symbol
    }
  }

  static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: scalar.value >= 0x80
    }
  }

  @discardableResult
  private mutating func takeWord() -> Bool {
    let start = position
    while let scalar = peek(), Self.isWordPart(scalar) { advance() }
    return position > start
  }

  /// A doubled quote stands for itself.
  private mutating func quoted(_ quote: Unicode.Scalar) -> Bool {
    advance()
    while let scalar = peek() {
      advance()
      guard scalar == quote else { continue }
      guard peek() == quote else { return true }
      advance()
    }
    return false
  }

  private mutating func bracketed() -> Bool {
    while let scalar = peek() {
      advance()
      if scalar == "]" { return true }
    }
    return false
  }

  private mutating func number() -> SQLToken.Kind {
    while let scalar = peek() {
      if scalar == "." || Self.isWordPart(scalar) {
        let isExponent = (scalar == "e" || scalar == "E") && (peek(1) == "+" || peek(1) == "-")
        advance()
        if isExponent { advance() }
      } else {
        break
      }
    }
    return .number
  }
}
