import ArgumentParser
import Terminal
import TraceStore

extension CompletionKind {
  /// Selections of the warehouse's runs.
  static var selection: CompletionKind {
    .custom { words, _, prefix in Completions.selections(words, prefix) }
  }

  /// Canned queries, a user's own among them.
  static var query: CompletionKind {
    .custom { words, _, _ in Completions.queries(words) }
  }

  /// Functions and system calls that begin with what is typed.
  static var function: CompletionKind {
    .custom { words, _, prefix in Completions.functions(words, prefix) }
  }

  /// Metrics, built in and imported.
  static var metric: CompletionKind {
    .custom { words, _, _ in Completions.metrics(words) }
  }

  /// The names of roles and of the sets of them.
  static var roles: CompletionKind {
    .list(["default", "all"] + Role.allCases.map(\.rawValue))
  }
}

/// What a shell offers for a word that is being typed. Without a warehouse, or with one that cannot
/// be read, there is nothing to offer, and nothing is said: the user is in the middle of a line.
enum Completions {
  /// The terms of selections that runs have, each put behind what of the word is complete: after
  /// `runc,la`, `runc,label:base`.
  static func selections(_ words: [String], _ prefix: String) -> [String] {
    guard let runs = runs(path(words)) else { return [] }
    var terms: Set<String> = []
    for run in runs {
      terms.formUnion([run.runtime, "\(run.runtime)/\(run.workload)", "/\(run.workload)"])
      terms.formUnion([
        "run:\(run.id)", "kernel:\(run.condition.kernel)", "tracer:\(run.condition.tracer)",
      ])
      if let label = run.label { terms.insert("label:\(label)") }
    }
    let typed = bare(prefix.isEmpty ? words.last ?? "" : prefix)
    let complete = typed.lastIndex { $0 == "," || $0 == "+" }.map { typed[...$0] } ?? ""
    return forShell(terms.filter(isPlain).map { complete + $0 }.sorted())
  }

  /// In zsh a colon begins a description.
  private static func forShell(_ offers: [String]) -> [String] {
    guard variable("SAP_SHELL") == "zsh" else { return offers }
    return offers.map { offer in
      offer.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:")
    }
  }

  static func queries(_ words: [String]) -> [String] {
    let library =
      (try? QueryLibrary(directory: option("--queries", words)))
      ?? (try? QueryLibrary(directory: nil))
    return library?.queries.map(\.name).filter(isPlain) ?? []
  }

  /// At most some hundreds: nobody reads more, and a warehouse knows tens of thousands.
  static func functions(_ words: [String], _ prefix: String) -> [String] {
    let typed = bare(prefix.isEmpty ? words.last ?? "" : prefix)
    return names(
      words,
      """
      SELECT name FROM (SELECT name FROM function UNION SELECT syscall FROM function)
      WHERE substr(name, 1, length(:typed)) = :typed ORDER BY name LIMIT 400
      """, ["typed": .text(typed)])
  }

  static func metrics(_ words: [String]) -> [String] {
    ["text_bytes", "module", "syscall"] + names(words, "SELECT DISTINCT name FROM metric", [:])
  }

  private static func names(
    _ words: [String], _ sql: String, _ values: [String: Value]
  ) -> [String] {
    guard let warehouse = try? Warehouse.openForReading(path(words)) else { return [] }
    let rows = try? warehouse.reading { try warehouse.connection.query(sql, values) }
    return (rows ?? []).compactMap { $0["name"].string }.filter(isPlain)
  }

  private static func runs(_ path: String) -> [RunCatalogue.Run]? {
    guard let warehouse = try? Warehouse.openForReading(path) else { return nil }
    return try? warehouse.reading { try RunCatalogue(warehouse.connection) }.runs
  }

  private static func path(_ words: [String]) -> String {
    DatabaseOptions.path(option("--db", words))
  }

  /// An option's value among the words of the line, as far as the shell gives them.
  private static func option(_ name: String, _ words: [String]) -> String? {
    for (index, word) in words.enumerated() {
      if word == name, index + 1 < words.count { return bare(words[index + 1]) }
      if word.hasPrefix(name + "=") { return bare(String(word.dropFirst(name.count + 1))) }
    }
    return nil
  }

  /// A word without the quotes that it begins and ends with.
  private static func bare(_ word: String) -> String {
    var text = word[...]
    if let first = text.first, first == "'" || first == "\"" {
      text.removeFirst()
      if text.last == first { text.removeLast() }
    }
    return String(text)
  }

  /// Every name that a warehouse accepts is: another one comes from a file that was tampered with,
  /// and could be a command to a shell.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "+"):
        true
      default: false
      }
    }
  }
}
